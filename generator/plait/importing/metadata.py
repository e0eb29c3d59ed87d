"""Labels and annotations: what functions.yaml carries, what plait sets itself, what is left."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from plait.edits import get
from plait.importing.entry import Entry
from plait.importing.model import Manifest, Report, Steps, Workload
from plait.importing.part import Part
from plait.importing.refusal import refusal
from plait.resources.broker import CLASS
from plait.resources.knative import PRIVATE
from plait.resources.meta import COMPONENT, NAME, SUBSTITUTE, WAVE
from plait.spec.environment import Environment
from plait.spec.function_rules import RESERVED_LABELS
from plait.spec.model import Metadata

PART_OF = "app.kubernetes.io/part-of"
MANAGED_BY = "app.kubernetes.io/managed-by"
INJECTION = ("knative-eventing-injection", "eventing.knative.dev/injection")
_TOOLS = frozenset(
    (
        "app.kubernetes.io/instance",
        "app.kubernetes.io/version",
        "helm.sh/chart",
        "app.kubernetes.io/created-by",
    )
)
_OWN_ANNOTATIONS = frozenset((WAVE, SUBSTITUTE))
_KEPT = (
    "argocd.argoproj.io/sync-options",
    "kustomize.toolkit.fluxcd.io/prune",
)  # of a Namespace, which plait has never pruned


@dataclass(frozen=True)
class Common:
    """What all objects share.

    Attributes:
        application: metadata.name of functions.yaml, the label part-of.
        platform, labels: the environment's.
    """

    application: str
    platform: str
    labels: Mapping[str, str] = field(default_factory=dict)

    def own(self, name: str) -> Mapping[str, str]:
        """The labels that plait sets on an object that belongs to `name`."""
        return {NAME: name, PART_OF: self.application, MANAGED_BY: "plait", COMPONENT: "function"}


def common(
    workloads: Sequence[Workload], shared: Sequence[Manifest], rest: Sequence[Manifest], default: Common
) -> Common:
    """The application's name and the environment's labels.

    Args:
        shared: the Namespace and the Broker, as far as they are there.
        rest: the Triggers.
        default: what holds where no label tells more.
    """
    names = {_texts(one.main.get("metadata", "labels")).get(PART_OF) for one in workloads}
    name = names.pop() if len(names) == 1 else None
    fits = name is not None and refusal(Metadata, {"name": name}) is None
    application = str(name) if fits else default.application
    everywhere = [*shared, *(item for one in workloads for item in one.manifests()), *rest]
    blocks = [_texts(item.get("metadata", "labels")) for item in everywhere]
    blocks += [_texts(one.main.get("spec", "template", "metadata", "labels")) for one in workloads]
    same = dict(set.intersection(*(set(block.items()) for block in blocks)))
    labels = {
        key: text for key, text in sorted(same.items()) if key not in {*RESERVED_LABELS, *_TOOLS, COMPONENT}
    }
    taken = bool(shared) and refusal(Environment, {"labels": labels}) is None
    return replace(default, application=application, labels=labels if taken else {})


def _texts(block: Any) -> Mapping[str, str]:
    """A block of labels, as far as it is one."""
    found = block if isinstance(block, dict) else {}
    return {key: text for key, text in found.items() if isinstance(text, str)}


def of_workload(entry: Entry, workload: Workload, whole: Part, shared: Common) -> None:
    """The workload's labels and annotations and its pods'; where they differ, the pods' are taken."""
    item = workload.main
    block, template = whole.part("metadata"), whole.part("spec").part("template").part("metadata")
    carry = _carrier(entry, item, shared)
    for key in ("name", "namespace"):
        block.take(key, str)
    for kind in ("labels", "annotations"):
        inner, outer = template.take(kind, dict) or {}, block.take(kind, dict) or {}
        for name, text in inner.items():
            carry(kind, name, text, (*template.path, kind, name))
        for name, text in outer.items():
            path = (*block.path, kind, name)
            if name in inner and inner[name] != text:
                entry.report.leave(item, "conflict", path)
            elif name not in inner:
                carry(kind, name, text, path)


def _carrier(entry: Entry, item: Manifest, shared: Common) -> Callable[[str, str, Any, Steps], None]:
    """What takes a label or annotation of a workload, or says why not."""
    own = {**shared.own(entry.name), **(PRIVATE if item.kind == "Service" else {}), **shared.labels}

    def carry(kind: str, name: str, text: Any, path: Steps) -> None:
        if _is_own(kind, name, text, own):
            return
        if kind == "labels" and name in {*RESERVED_LABELS, *_TOOLS}:
            entry.report.leave(item, "own-label" if name in RESERVED_LABELS else "tool-label", path)
        else:
            entry.add(kind, name, text, item, path)

    return carry


def _is_own(kind: str, name: str, text: Any, labels: Mapping[str, str]) -> bool:
    return name in _OWN_ANNOTATIONS if kind == "annotations" else labels.get(name) == text


def of_secondary(entry: Entry, item: Manifest, block: Part, shared: Common) -> None:
    """A Service's, Trigger's or autoscaler's: those that are the function's too are there again."""
    for key in ("name", "namespace"):
        block.take(key, str)
    for kind in ("labels", "annotations"):
        mine = {
            **(entry.get(kind) or {}),
            **({**shared.own(entry.name), **shared.labels} if kind == "labels" else {}),
        }
        for name, text in (block.take(kind, dict) or {}).items():
            known = mine.get(name) == text or _is_own(kind, name, text, mine) or name in INJECTION
            if not known:
                rule = "own-label" if name in RESERVED_LABELS else "metadata"
                entry.report.leave(item, rule, (*block.path, kind, name))


def of_shared(item: Manifest, shared: Common, report: Report) -> None:
    """The Namespace's or the Broker's."""
    plaits = {**shared.own(item.name), **shared.labels}
    if shared.platform == "kubernetes":
        plaits["pod-security.kubernetes.io/enforce"] = "restricted"
    for kind in ("labels", "annotations"):
        known = {*_OWN_ANNOTATIONS, *_KEPT, CLASS} if kind == "annotations" else set()
        for name, text in _block(item, kind).items():
            if name not in known and name not in INJECTION and plaits.get(name) != text:
                rule = "own-label" if name in RESERVED_LABELS else "namespace-metadata"
                report.leave(item, rule, ("metadata", kind, name))


def _block(item: Manifest, kind: str) -> Mapping[str, Any]:
    found = get(item.data, "metadata", kind)
    return found if isinstance(found, dict) else {}


def injects(item: Manifest) -> bool:
    """Whether a Namespace's or Trigger's label (or annotation) had Knative make the default Broker."""
    return any(
        _block(item, kind).get(key) == "enabled" for kind in ("labels", "annotations") for key in INJECTION
    )
