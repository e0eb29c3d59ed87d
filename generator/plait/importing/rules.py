"""Why plait's objects differ from what was there: a table.

A rule holds for a kind and a path, and looks at the two values where that is not enough. What no rule and no
reason of the import explains is a difference that somebody has to look at.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from plait.edits import Object, get
from plait.importing.metadata import INJECTION, PART_OF, injects
from plait.importing.model import Imported, Steps, shown
from plait.platforms.minikube import SMALL
from plait.resources.meta import COMPONENT, NAME, SUBSTITUTE, WAVE

NOTHING = object()
"""The value of a field that is not there."""


@dataclass(frozen=True)
class Case:
    """One difference, and what a rule may look at.

    Attributes:
        kind, path: where it is.
        old, new: the values; NOTHING where there is none.
        function: the entry of the function in the imported functions.yaml; {} for what is not a function's.
        platform: the environment's.
        imported: the whole import.
    """

    kind: str
    path: Steps
    old: Any
    new: Any
    function: Object
    platform: str
    imported: Imported = field(repr=False)

    @property
    def is_added(self) -> bool:
        """Whether plait adds it."""
        return self.old is NOTHING


@dataclass(frozen=True)
class Rule:
    """An explanation.

    Attributes:
        kinds: of the objects; empty for every kind.
        path: a pattern of the whole path as messages show it.
        reason: in words.
        holds: what else must be so.
    """

    kinds: tuple[str, ...]
    path: re.Pattern[str]
    reason: str
    holds: Callable[[Case], bool]

    def explains(self, case: Case) -> bool:
        """Whether the rule explains the difference."""
        fits = not self.kinds or case.kind in self.kinds
        return fits and self.path.fullmatch(shown(case.path)) is not None and self.holds(case)


def _added(case: Case) -> bool:
    return case.is_added


def _copied(case: Case) -> bool:
    """A label or annotation of the function, which plait sets on each of its objects."""
    *_, block, key = case.path
    return case.is_added and get(case.function, block, key) == case.new


def _by_autoscaler(case: Case) -> bool:
    return case.new is NOTHING and "scale" in case.function


def _on_minikube(case: Case) -> bool:
    return case.platform == "minikube"


def _smaller(case: Case) -> bool:
    return case.platform == "minikube" and case.new == SMALL.get(case.path[-1])


def _injection(case: Case) -> bool:
    return case.new is NOTHING and case.path[-1] in INJECTION


def _made_by_label(case: Case) -> bool:
    return case.is_added and any(injects(item) for item in case.imported.manifests)


def _several(case: Case) -> bool:
    return case.is_added and ("scale" in case.function or case.function.get("replicas", 1) > 1)


def _off(case: Case) -> bool:
    return case.new is False


def _rule(kinds: str, path: str, reason: str, holds: Callable[[Case], bool] = _added) -> Rule:
    return Rule(tuple(kinds.split()), re.compile(path), reason, holds)


_OWN = "|".join(map(re.escape, (NAME, PART_OF, "app.kubernetes.io/managed-by", COMPONENT)))
_LABELS = r"(?:spec\.template\.)?metadata\.labels\."
_POD = r"spec\.template\.spec\."
_PODS = "Deployment Service"

RULES: tuple[Rule, ...] = (
    _rule("", rf"{_LABELS}({_OWN})", "Kubernetes' recommended labels, by which plait's objects belong together"),
    _rule("", r"(?:spec\.template\.)?metadata\.(labels|annotations)\..*",
          "a label or annotation of a function stands on all of its objects", _copied),
    _rule("", rf"metadata\.annotations\.{re.escape(WAVE)}",
          "Argo CD creates the Namespace, then functions, the Broker and Triggers, in this order"),
    _rule("", rf"metadata\.annotations\.{re.escape(SUBSTITUTE)}", "a text holds ${, which Flux would replace"),
    _rule("Namespace", r"metadata\.annotations\.(argocd|kustomize).*", "a Namespace is never pruned"),
    _rule("Namespace", r"metadata\.labels\.pod-security\.kubernetes\.io/enforce",
          "platform kubernetes: the Namespace takes restricted pods alone"),
    _rule("Namespace Trigger", r"metadata\.(labels|annotations)\..*injection",
          "the Broker is explicit now: Knative dropped this label in 2020", _injection),
    _rule("Broker", "", "the Broker is explicit now: a label had it made, which Knative dropped in 2020", _made_by_label),
    _rule("Deployment", r"spec\.selector\..*",
          "pods are selected by app.kubernetes.io/name; the selector of a running Deployment is immutable: "
          "it has to be deleted and made anew", lambda _: True),
    _rule("Service", r"spec\.selector\..*", "pods are selected by app.kubernetes.io/name", lambda _: True),
    _rule("PodDisruptionBudget", r"spec\.selector\..*", "pods are selected by app.kubernetes.io/name", lambda _: True),
    _rule("Deployment", r"spec\.replicas", "the autoscaler decides how many replicas run", _by_autoscaler),
    _rule("Deployment", r"spec\.replicas", "platform minikube: one replica", _on_minikube),
    _rule("HorizontalPodAutoscaler", r"spec\.minReplicas", "platform minikube: one replica at the least", _on_minikube),
    _rule(_PODS, rf"{_POD}containers\[[^\]]*\]\.resources\.requests\..*", "platform minikube: small requests", _smaller),
    _rule(_PODS, rf"{_POD}containers\[[^\]]*\]\.imagePullPolicy",
          "platform minikube: images that were loaded by hand are not pulled", _on_minikube),
    _rule(_PODS, rf"{_POD}(containers\[[^\]]*\]\.)?securityContext\..*",
          "plait sets securityContext, for restricted pods: an image that runs as root will not start"),
    _rule(_PODS, rf"{_POD}automountServiceAccountToken",
          "no token is mounted where no service account is named", _off),
    _rule(_PODS, rf"{_POD}enableServiceLinks", "no variables for each Service of the namespace", _off),
    _rule("Deployment", rf"{_POD}terminationGracePeriodSeconds",
          "a pod that ends has the function's timeout (30 seconds) and 10 more to finish"),
    _rule("Service", r"metadata\.labels\.networking\.knative\.dev/visibility",
          "a Knative Service is reached within the cluster alone: events come from the Broker"),
    _rule("PodDisruptionBudget", "", "a function with several pods has a PodDisruptionBudget", _several),
    _rule("ServiceAccount", "", "the pull secrets are an account's of the function's own",
          lambda case: case.is_added and "imagePullSecrets" in case.function),
    _rule("Service", "", "each Deployment has a Service, so that Triggers can reach it",
          lambda case: case.is_added and bool(case.function)),
    _rule("PodDisruptionBudget", "", "platform minikube: no disruption budget",
          lambda case: case.new is NOTHING and _on_minikube(case)),
)  # fmt: skip


def reason(case: Case) -> str | None:
    """The first rule's that explains a difference."""
    return next((rule.reason for rule in RULES if rule.explains(case)), None)
