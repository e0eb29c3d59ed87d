"""Why something of a manifest is not in functions.yaml, in words."""

from __future__ import annotations

import re
from collections.abc import Mapping

_PATCH = "a patch in overlays/ENV/FUNCTION/kustomization.yaml keeps it"
KEEP = "keep its file, named under resources in overlays/ENV/kustomization.yaml"

REASONS: Mapping[str, str] = {
    # An object as a whole.
    "kind": f"plait writes no objects of this kind: {KEEP}",
    "version": "plait does not know {version}",
    "malformed": "{field} is nothing that Kubernetes takes",
    "pod": "a Pod by itself is started by nobody again: functions are Deployments or Knative Services",
    "other-workload": f"functions are Deployments or Knative Services: {KEEP}",
    "owned": "its owner ({owner}) makes it",
    "config-map": f"functions.yaml refers to ConfigMaps and holds none: {KEEP}",
    "secret": "functions.yaml holds no Secret: it stays in the cluster, or spec.externalSecrets fills it",
    "account": f"functions.yaml names service accounts and writes none with rights: {KEEP}",
    "account-default": "its pull secrets are in functions.yaml; the account is the namespace's own",
    "network-policy": f"spec.networkPolicy: true has plait write its own, for events alone; {KEEP}",
    "external-secret": f"spec.externalSecrets cannot say it ({{why}}): {KEEP}",
    "crd": "what defines kinds is installed with their controller, not with functions",
    "kustomization": "it is built by kustomize: give plait import the output of kubectl kustomize",
    "other-namespace": "it is in the namespace {namespace}: a functions.yaml is for one namespace",
    "service-alone": f"no Deployment of these files has its pods: {KEEP}",
    "service-other": "its selector is not for the pods of {name}: the function's own Service takes its place",
    "service-second": "another Service, {other}, stands for the same pods: a function has one",
    "autoscaler": "nothing of these files is what it scales",
    "autoscaler-metric": "scale in functions.yaml is by CPU utilisation alone. Keep its file, named under "
    "resources in overlays/ENV/FUNCTION/kustomization.yaml, and patch spec.replicas away there",
    "autoscaler-cpu": "it measures CPU, and the container requests none: give it a request, and scale",
    "budget": "plait writes one, maxUnavailable 1, for each function that runs in several pods",
    "name": "its name cannot be a function's: {why}",
    "same-name": "{other} is the function {function} already",
    "no-container": "it has no container with an image that plait can read",
    # Events.
    "broker": f"a functions.yaml has one Broker, {{broker}}: {KEEP}; or import its Triggers "
    "into another functions.yaml",
    "trigger-broker": f"its Broker is {{broker}}; a functions.yaml has one, {{chosen}}; {KEEP}",
    "trigger-broker-namespace": f"its Broker is in another namespace ({{namespace}}): {KEEP}",
    "subscriber-uri": "its subscriber is a URI ({uri}), not a function: {keep}",
    "subscriber-path": "its subscriber has a path ({uri}); events reach a function at /: {keep}",
    "subscriber-kind": "its subscriber is a {other}, not a function: {keep}",
    "subscriber-namespace": "its subscriber is in another namespace ({namespace}): {keep}",
    "subscriber-missing": "its subscriber, {other}, is no workload of these files: import them together "
    "with its manifests, or {keep}",
    "subscriber-none": "it has no subscriber: nothing gets its events",
    "trigger": "functions.yaml cannot say it: {why}",
    "trigger-name": "its name has more than 63 characters: choose a shorter one for the subscription",
    "no-field": f"functions.yaml has no {{field}} of a {{kind}}: {_PATCH}",
    "dead-letter": "functions.yaml cannot say it: a dead letter sink is a function, a URI or an object",
    "channel-template": "Brokers take their channel from spec.config since Knative 0.14",
    # Fields.
    "field": f"functions.yaml has no {{field}}: {_PATCH}",
    "loose": "{why}. To have it all the same, patch it in overlays/ENV/FUNCTION/kustomization.yaml, and the "
    "Namespace's label pod-security.kubernetes.io/enforce in overlays/ENV/_environment/kustomization.yaml",
    "refused": "functions.yaml refuses it: {why}",
    "sidecar": f"a function is one container: {_PATCH}, as a restricted pod may have it",
    "command": f"functions.yaml has no {{field}}: make it the image's; {_PATCH} meanwhile",
    "env-from": f"functions.yaml names each variable; {_PATCH} as a whole",
    "env-field": f"env takes texts and keys of Secrets and ConfigMaps: {_PATCH}",
    "env-optional": f"in functions.yaml the key has to be there: {_PATCH}",
    "env-reserved": "{variable} is set by Knative",
    "security": f"functions.yaml has no {{field}}: {_PATCH}",
    "pull-policy": "functions.yaml leaves imagePullPolicy to Kubernetes (Always for :latest, else "
    f"IfNotPresent): {_PATCH}",
    "pull-policy-minikube": "platform minikube pulls no image that was loaded by hand",
    "ports": f"a function has one port, {{port}}: for others {_PATCH}",
    "protocol": "a function is sent HTTP/1.1, which its server has to take beside h2c: the "
    "port's name is plait's",
    "probe": f"probes in functions.yaml are HTTP, by path and port: {_PATCH}",
    "probe-port": "its port is no number and no name of a port of the container",
    "automount": f"with serviceAccount the token is mounted: {_PATCH}",
    "grace": f"plait gives a function its timeout and 10 seconds, 11 at the least: {_PATCH}",
    "service-port": f"a function's Service listens on port 80, to which Triggers send: for others {_PATCH}",
    "service-type": f"a function's Service has a cluster IP, as events come from the Broker: {_PATCH}",
    "revision-name": "Knative names revisions itself",
    "traffic": "plait sends all traffic to the latest revision; Git says which that is",
    "autoscaler-field": f"scale in functions.yaml is min, max and target, no {{field}}: {_PATCH}",
    "budget-field": f"plait's PodDisruptionBudget has maxUnavailable 1, no other {{field}}: {_PATCH}",
    "own-label": "plait sets this label itself",
    "tool-label": "who sets it is another tool, or it tells a version that overlays decide",
    "metadata": f"a function's labels and annotations are its workload's: {_PATCH}",
    "conflict": f"its pods have another value, which functions.yaml has: {_PATCH}",
    "namespace-metadata": "functions.yaml has no {field} of a {kind}: a patch in "
    "overlays/ENV/_environment/kustomization.yaml keeps it",
}

PATCHED = frozenset(
    """
    field no-field refused sidecar command env-from env-field env-optional security pull-policy ports probe
    automount grace service-port service-type dead-letter autoscaler-field budget-field metadata conflict
    namespace-metadata
    """.split()  # noqa: SIM905 - words are read more easily so
)
"""The rules of fields that a patch brings back."""

FIELDS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.DOTALL), rule)
    for pattern, rule in (
        (r".*\.containers\[[^\]]*\]\.(command|args)", "command"),
        (r".*\.envFrom", "env-from"),
        (r".*\.imagePullPolicy", "pull-policy"),
        (r".*securityContext(\..*)?", "security"),
        (r"spec\.traffic", "traffic"),
        (r"spec\.template\.metadata\.name", "revision-name"),
        (r".*\.(liveness|readiness|startup)Probe(\..*)?", "probe"),
    )
)


def of_field(path: str) -> str:
    """The rule for a field of a workload that nobody took."""
    return next((rule for pattern, rule in FIELDS if pattern.fullmatch(path)), "field")


KINDS: Mapping[str, str] = {
    "Pod": "pod",
    **dict.fromkeys(
        ("StatefulSet", "DaemonSet", "Job", "CronJob", "ReplicaSet", "ReplicationController"),
        "other-workload",
    ),
    "ConfigMap": "config-map",
    "Secret": "secret",
    "ServiceAccount": "account",
    "NetworkPolicy": "network-policy",
    "CustomResourceDefinition": "crd",
    "Kustomization": "kustomization",
    "HorizontalPodAutoscaler": "autoscaler",
    "PodDisruptionBudget": "budget",
    "Service": "service-alone",
}


def of_kind(kind: str) -> str:
    """The rule for an object of a kind that functions.yaml does not hold."""
    return KINDS.get(kind, "kind")
