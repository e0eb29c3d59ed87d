"""A difference, and what a rule that explains it may ask of it. The rules: `explanations`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from plait.edits import Object, get
from plait.importing.metadata import INJECTION, injects
from plait.importing.model import Imported, Steps, shown
from plait.platforms.minikube import SMALL
from plait.resources.meta import NAME
from plait.resources.pod import DEFAULT_TIMEOUT, GRACE

NOTHING = object()
"""The value of a field that is not there."""

RISKS = ("lost", "changed", "added", "same")
"""Which differences to look at first: gone, another value, plait's own addition, another form of the same."""


def risk(old: Any, new: Any) -> str:
    """What two values tell of a difference's risk (NOTHING or None: not there)."""
    if new is NOTHING or new is None:
        return "lost"
    return "added" if old is NOTHING or old is None else "changed"


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
        risk: which of RISKS it is, where the two values do not tell.
    """

    kinds: tuple[str, ...]
    path: re.Pattern[str]
    reason: str
    holds: Callable[[Case], bool]
    risk: str | None = None

    def explains(self, case: Case) -> bool:
        """Whether the rule explains the difference."""
        fits = not self.kinds or case.kind in self.kinds
        return fits and self.path.fullmatch(shown(case.path)) is not None and self.holds(case)


def added(case: Case) -> bool:
    """Plait adds it."""
    return case.is_added


def copied(case: Case) -> bool:
    """A label or annotation of the function, which plait sets on each of its objects."""
    *_, block, key = case.path
    return case.is_added and get(case.function, block, key) == case.new


def selector(case: Case) -> bool:
    """The old labels go, plait's comes."""
    return case.new is NOTHING or case.path[-1] == NAME


def by_autoscaler(case: Case) -> bool:
    """There is no number where an autoscaler decides."""
    return case.new is NOTHING and "scale" in case.function


def one(case: Case) -> bool:
    """A one is written out: Kubernetes' default of replicas, plait's of a budget."""
    return case.is_added and case.new == 1


def from_zero(case: Case) -> bool:
    """Knative's default is written out."""
    return case.is_added and case.new == "0"


def on_minikube(case: Case) -> bool:
    """What platform minikube changes."""
    return case.platform == "minikube" and case.new in (1, "IfNotPresent", SMALL.get(case.path[-1]))


def without_budget(case: Case) -> bool:
    """Platform minikube has no PodDisruptionBudget."""
    return case.new is NOTHING and case.platform == "minikube"


def injection(case: Case) -> bool:
    """The label (or annotation) that had Knative make a Broker."""
    return case.new is NOTHING and case.path[-1] in INJECTION


def made_by_label(case: Case) -> bool:
    """The Broker that it made."""
    return case.is_added and any(injects(item) for item in case.imported.manifests)


def several(case: Case) -> bool:
    """The function runs in several pods."""
    return case.is_added and ("scale" in case.function or case.function.get("replicas", 1) > 1)


def off(case: Case) -> bool:
    """It is switched off."""
    return case.new is False


def default_grace(case: Case) -> bool:
    """The grace of a function without a timeout of its own."""
    return case.is_added and case.new == DEFAULT_TIMEOUT + GRACE


def pulls(case: Case) -> bool:
    """The function has pull secrets."""
    return case.is_added and "imagePullSecrets" in case.function


def is_function(case: Case) -> bool:
    """It is an object of an imported function."""
    return case.is_added and bool(case.function)
