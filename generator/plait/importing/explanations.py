"""Why plait's objects differ from what was there: the table.

What no line of it and no reason of the import explains is a difference that somebody has to look at.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from plait.importing import rules
from plait.importing.metadata import PART_OF
from plait.importing.rules import Case, Rule
from plait.resources.meta import COMPONENT, NAME, SUBSTITUTE, WAVE

_OWN = "|".join(map(re.escape, (NAME, PART_OF, "app.kubernetes.io/managed-by", COMPONENT)))
_BLOCK = r"(?:spec\.template\.)?metadata\."
_POD = r"spec\.template\.spec\."
_CONTAINER = rf"{_POD}(?:containers|initContainers)\[[^\]]*\]\."
_PODS = "Deployment Service"
_CHANGED, _SAME = "changed", "same"

# Kinds ("" for every kind), path ("" for the object as a whole), reason, what else must be so, and the risk
# where the values do not tell it.
_Line = tuple[str, str, str, Callable[[Case], bool]] | tuple[str, str, str, Callable[[Case], bool], str]
_TABLE: tuple[_Line, ...] = (
    (
        "",
        rf"{_BLOCK}labels\.({_OWN})",
        "Kubernetes' recommended labels, by which objects belong together",
        rules.added,
    ),
    (
        "",
        rf"{_BLOCK}(labels|annotations)\..*",
        "a function's labels and annotations stand on all of its objects",
        rules.copied,
    ),
    (
        "",
        rf"metadata\.annotations\.{re.escape(WAVE)}",
        "Argo CD creates Namespace, functions, Broker, Triggers in this order",
        rules.added,
    ),
    (
        "",
        rf"metadata\.annotations\.{re.escape(SUBSTITUTE)}",
        "a text holds ${, which Flux would replace",
        rules.added,
    ),
    ("Namespace", r"metadata\.annotations\.(argocd|kustomize).*", "a Namespace is never pruned", rules.added),
    (
        "Namespace",
        r"metadata\.labels\.pod-security\..*/enforce",
        "platform kubernetes: the Namespace takes restricted pods alone",
        rules.added,
    ),
    (
        "Namespace Trigger",
        r"metadata\.(labels|annotations)\..*injection",
        "the Broker is explicit now: Knative dropped this in 2020",
        rules.injection,
        _SAME,
    ),
    (
        "Broker",
        "",
        "the Broker is explicit now: a label had it made, which Knative dropped in 2020",
        rules.made_by_label,
        _SAME,
    ),
    (
        "Deployment",
        r"spec\.selector\..*",
        "pods are selected by app.kubernetes.io/name; a Deployment's selector is immutable: it is replaced",
        rules.selector,
        _CHANGED,
    ),
    (
        "Service PodDisruptionBudget",
        r"spec\.selector\..*",
        "pods are selected by app.kubernetes.io/name",
        rules.selector,
        _CHANGED,
    ),
    ("Deployment", r"spec\.replicas", "one replica is the default", rules.one, _SAME),
    (
        "Deployment",
        r"spec\.replicas",
        "the autoscaler decides how many replicas run",
        rules.by_autoscaler,
        _SAME,
    ),
    ("Deployment", r"spec\.replicas", "platform minikube: one replica", rules.on_minikube),
    (
        "HorizontalPodAutoscaler",
        r"spec\.minReplicas",
        "platform minikube: one replica at the least",
        rules.on_minikube,
    ),
    (_PODS, rf"{_CONTAINER}resources\.requests\..*", "platform minikube: small requests", rules.on_minikube),
    (
        _PODS,
        rf"{_CONTAINER}imagePullPolicy",
        "platform minikube: images that were loaded by hand are not pulled",
        rules.on_minikube,
    ),
    *(
        (
            _PODS,
            rf"({_POD}|{_CONTAINER})securityContext\.{field}",
            f"plait's pods are restricted ones: {why}",
            rules.added,
        )
        for field, why in (
            ("runAsNonRoot", "an image that runs as root will not start"),
            (r"seccompProfile\..*", "the container runtime's default filter of system calls holds"),
            ("allowPrivilegeEscalation", "no process gains rights, as sudo would"),
            (r"capabilities\..*", "no Linux capability, so no port below 1024 on older nodes"),
        )
    ),
    *(
        ("ExternalSecret", path, f"the operator's default is written out: {why}", rules.added, _SAME)
        for path, why in (
            (r"spec\.refreshInterval", "1h"),
            (r"spec\.secretStoreRef\.kind", "SecretStore"),
            (r"spec\.target\.name", "the Secret has the ExternalSecret's name"),
        )
    ),
    (
        _PODS,
        rf"{_POD}automountServiceAccountToken",
        "no token is mounted where no service account is named",
        rules.off,
    ),
    (_PODS, rf"{_POD}enableServiceLinks", "no variables for each Service of the namespace", rules.off),
    (
        "Deployment",
        rf"{_POD}terminationGracePeriodSeconds",
        "a pod that ends has the function's timeout (30 seconds) and 10 more",
        rules.default_grace,
    ),
    (
        "Service",
        r"metadata\.labels\.networking\.knative\.dev/visibility",
        "a Knative Service is reached within the cluster alone: events come from the Broker",
        rules.added,
    ),
    (
        "NetworkPolicy ExternalSecret ConfigMap",
        "",
        "functions.yaml asks for it, since the import",
        rules.added,
    ),
    (
        "PodDisruptionBudget",
        r"spec\.maxUnavailable",
        "plait's PodDisruptionBudget has maxUnavailable 1",
        rules.one,
    ),
    ("PodDisruptionBudget", "", "a function with several pods has a PodDisruptionBudget", rules.several),
    (
        "Service",
        r"spec\.template\.metadata\.annotations\.autoscaling\.knative\.dev/min-scale",
        "Knative's default, zero, is written out",
        rules.from_zero,
        _SAME,
    ),
    ("PodDisruptionBudget", "", "platform minikube: no disruption budget", rules.without_budget),
    ("ServiceAccount", "", "the pull secrets are an account's of the function's own", rules.pulls),
    ("Service", "", "each Deployment has a Service, so that Triggers can reach it", rules.is_function),
)


def _rule(kinds: str, path: str, reason: str, holds: Callable[[Case], bool], risk: str | None = None) -> Rule:
    return Rule(tuple(kinds.split()), re.compile(path, re.DOTALL), reason, holds, risk)


RULES = tuple(_rule(*line) for line in _TABLE)


def explained(case: Case) -> tuple[str | None, str]:
    """The reason of the first line that explains a difference, and the difference's risk."""
    for rule in RULES:
        if rule.explains(case):
            return rule.reason, rule.risk or rules.risk(case.old, case.new)
    return None, rules.risk(case.old, case.new)
