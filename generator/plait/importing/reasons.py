"""Why something of a manifest is not in functions.yaml, in words."""

from __future__ import annotations

import re
from collections.abc import Mapping

_PATCH = "functions.yaml has no field for it: patch it in overlays/ENV/FUNCTION/kustomization.yaml"
_KEEP = "keep its file, as a resource of overlays/ENV/kustomization.yaml"

REASONS: Mapping[str, str] = {
    # An object as a whole.
    "kind": f"plait writes no {{kind}}: {_KEEP}",
    "version": "plait does not know {version}",
    "malformed": "{field} is nothing that Kubernetes takes",
    "pod": "a Pod by itself is started by nobody again: functions are Deployments or Knative Services",
    "other-workload": f"functions are Deployments or Knative Services: {_KEEP}",
    "owned": "its owner ({owner}) makes it",
    "config-map": f"functions.yaml refers to ConfigMaps and holds none: {_KEEP}",
    "secret": "functions.yaml refers to Secrets and holds none; spec.externalSecrets fills them from a store",
    "account": f"functions.yaml names service accounts and writes none with rights: {_KEEP}",
    "account-default": "its pull secrets are in functions.yaml; the account is the namespace's own",
    "network-policy": "spec.networkPolicy: true has plait write them",
    "external-secret": "write it under spec.externalSecrets",
    "crd": "what defines kinds is installed with their controller, not with functions",
    "kustomization": "it is built by kustomize: give plait import the output of kubectl kustomize",
    "other-namespace": "it is in the namespace {namespace}: a functions.yaml is for one namespace",
    "service-alone": f"no Deployment of these files has its pods: {_KEEP}",
    "service-other": "its selector is not for the pods of {name}: the function's own Service takes its place",
    "service-second": "another Service, {other}, stands for the same pods: a function has one",
    "autoscaler": "nothing of these files is what it scales",
    "autoscaler-metric": "plait scales by CPU utilisation alone",
    "autoscaler-cpu": "it measures CPU, and the container requests none",
    "budget": "plait writes one, maxUnavailable 1, for each function that runs in several pods",
    "name": "its name cannot be a function's: {why}",
    "same-name": "{other} is the function {function} already",
    "no-container": "it has no container with an image that plait can read",
    # Events.
    "broker": "a functions.yaml has one Broker, {broker}",
    "trigger-broker": "its Broker is {broker}; a functions.yaml has one, {chosen}",
    "trigger-broker-namespace": "its Broker is in another namespace ({namespace})",
    "subscriber-uri": "its subscriber is a URI ({uri}), not a function: {keep}",
    "subscriber-path": "its subscriber has a path ({uri}); events reach a function at /",
    "subscriber-kind": "its subscriber is a {other}, not a function: {keep}",
    "subscriber-namespace": "its subscriber is in another namespace ({namespace}): {keep}",
    "subscriber-missing": "its subscriber, {other}, is no workload of these files: {keep}",
    "subscriber-none": "it has no subscriber",
    "trigger": "functions.yaml cannot say it: {why}",
    "trigger-name": "its name has more than 63 characters: choose a shorter one for the subscription",
    "no-field": "functions.yaml has no field for it",
    "dead-letter": "functions.yaml cannot say it: a dead letter sink is a function, a URI or an object",
    "channel-template": "Brokers take their channel from spec.config since Knative 0.14",
    # Fields.
    "field": _PATCH,
    "refused": "functions.yaml refuses it: {why}",
    "sidecar": "a function is one container; a patch in overlays/ENV/FUNCTION can add others",
    "command": "functions.yaml has no command and no args: make them the image's, or patch them in",
    "env-from": "functions.yaml names each variable: add those you need to env",
    "env-field": "functions.yaml takes texts and keys of Secrets and ConfigMaps: patch it in",
    "env-optional": "with functions.yaml the key has to be there",
    "env-reserved": "{variable} is set by Knative",
    "security": "plait sets its own security context, for restricted pods: no root, no privileges",
    "pull-policy": "left to Kubernetes (Always for :latest, else IfNotPresent); a tag should mean one image",
    "ports": "a function has one port, {port}",
    "protocol": "plait serves HTTP/1.1: the port's name is plait's",
    "probe": "functions.yaml has HTTP probes by path and port",
    "probe-port": "its port is no number and no name of a port of the container",
    "automount": "plait mounts the token of an account that is named",
    "grace": "plait gives a function its timeout and 10 seconds: 11 seconds at the least",
    "service-port": "a function's Service listens on port 80: it is what Triggers send to",
    "service-type": "a function's Service is of type ClusterIP: events come from the Broker",
    "revision-name": "Knative names revisions itself",
    "traffic": "plait sends all traffic to the latest revision; Git says which that is",
    "autoscaler-field": "functions.yaml has min, max and target of an autoscaler",
    "budget-field": "plait's PodDisruptionBudget has maxUnavailable 1",
    "own-label": "plait sets this label itself",
    "tool-label": "who sets it is another tool, or it tells a version that overlays decide",
    "metadata": "a function's labels and annotations are its workload's; a patch in the overlay adds others",
    "conflict": "its pods have another value, which is taken",
    "namespace-metadata": "patch it in overlays/ENV/_environment/kustomization.yaml",
}

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
    "ExternalSecret": "external-secret",
    "CustomResourceDefinition": "crd",
    "Kustomization": "kustomization",
    "HorizontalPodAutoscaler": "autoscaler",
    "PodDisruptionBudget": "budget",
    "Service": "service-alone",
}


def of_kind(kind: str) -> str:
    """The rule for an object of a kind that functions.yaml does not hold."""
    return KINDS.get(kind, "kind")
