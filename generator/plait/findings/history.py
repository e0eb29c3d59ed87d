"""Findings against an earlier revision: changes that a cluster refuses, or that replace what runs.

Source: Knative's admission: a Trigger's `spec.broker` is immutable, and so are a Broker's class and every
field of its spec but `delivery`. A function's Deployment and its Knative Service are different objects that
want a Service of one name: the one cannot become the other. Kubernetes: the selector of a Deployment is
immutable.
"""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from plait import git
from plait.edits import Object, get
from plait.errors import PlaitError
from plait.findings.layers import Layer, layers
from plait.findings.model import Placed
from plait.findings.traps import spread
from plait.project import SPEC, Project

Selectors = Mapping[str, Mapping[str, str]]
CLASS = "eventing.knative.dev/broker.class"
_TRIGGER = "two steps: give the subscription another `name` and sync, so that a new Trigger takes over"
_BROKER = (
    "two steps: give the Broker another name (broker.name), so that a new one takes over; "
    "name its Triggers anew as well, and point senders at it"
)
_SELECTOR = "write labels with includeTemplates: true instead, which leaves selectors alone"
_SERVING = "two steps: take the function out and sync, then bring it back with the other `serving`"


def of_history(project: Project, found: Sequence[Layer], revision: str) -> Iterator[Placed]:
    """Immutable fields that changed since a revision, in each environment.

    Args:
        found: the layers of the project.
        revision: of git, such as HEAD. Outside of git, or before the first functions.yaml, nothing is found.

    Raises:
        PlaitError: no such revision, where it is not HEAD.
    """
    try:
        commit = git.commit_of(project.root, revision)
    except PlaitError:
        if revision == "HEAD":
            return
        raise
    now = Revision.of(project, found)
    if git.same(project.root, commit, SPEC, "overlays", *now.folders):  # all that decides what is looked at
        return
    with git.checkout(project.root, commit) as folder:
        before = _state(folder)
    for name, after in now.objects.items():
        yield from _changes(name, before.objects.get(name, []), after)
        yield from _selectors(name, before.selectors.get(name, {}), now.selectors.get(name, {}))


@dataclass(frozen=True, slots=True)
class Revision:
    """What is looked at of one revision, by environment.

    Attributes:
        objects: what runs.
        selectors: of each Deployment the labels that kustomizations add to its selector; none of an
            environment that brings what cannot be read here.
        folders: of kustomizations outside of overlays/.
    """

    objects: Mapping[str, Sequence[Object]]
    selectors: Mapping[str, Selectors]
    folders: Collection[str] = ()

    @classmethod
    def of(cls, project: Project, found: Sequence[Layer]) -> Revision:
        """The state of a project with these layers. Raises PlaitError where it cannot be built."""
        lost = {layer.environment for layer in found if layer.lost}
        selectors = {
            name: _labels([layer for layer in found if layer.environment == name])
            for name in project.overlays
            if name not in lost
        }
        objects = {name: overlay.running() for name, overlay in project.overlays.items()}
        folders = {posixpath.dirname(layer.path) for layer in found if not layer.path.startswith("overlays/")}
        return cls(objects, selectors, folders)


def _state(folder: Path) -> Revision:
    """As it was then; nothing where that revision could not be built anyway."""
    if not (folder / SPEC).exists():
        return Revision({}, {})
    try:
        project = Project.load(folder)
        return Revision.of(project, list(layers(project)))
    except PlaitError:
        return Revision({}, {})


def _labels(found: Sequence[Layer]) -> Selectors:
    """Of each Deployment, with or without such labels."""
    labels: dict[str, dict[str, str]] = {}
    for layer in found:
        added = {name: str(value) for _, pairs in spread(layer.data) for name, value in pairs.items()}
        for item in layer.objects:
            if item["kind"] == "Deployment":
                labels.setdefault(item["metadata"]["name"], {}).update(added)
    return labels


def _selectors(environment: str, before: Selectors, after: Selectors) -> Iterator[Placed]:
    """Deployments there then and now whose selector is not the same."""
    changed = {name: before[name].items() ^ after[name].items() for name in before.keys() & after.keys()}
    names = sorted(name for name, labels in changed.items() if labels)
    if names:
        keys = sorted({key for name in names for key, _ in changed[name]})
        whose = f"the selector of the Deployment{'s' * (len(names) > 1)} {', '.join(names)}"
        message = f"{whose} changes ({', '.join(keys)}), and is immutable"
        yield Placed("immutable", f"overlays/{environment}/kustomization.yaml", message, _SELECTOR, "error")


def _changes(environment: str, before: Sequence[Object], after: Sequence[Object]) -> Iterator[Placed]:
    old = {(item["kind"], item["metadata"]["name"]): item for item in before if item["kind"] != "Service"}
    kinds = {item["metadata"]["name"]: _workload(item) for item in before if _workload(item)}
    for item in after:
        kind, name = item["kind"], item["metadata"]["name"]
        where = f"overlays/{environment}/kustomization.yaml"
        was = old.get((kind, name))
        if (
            was is not None
            and kind == "Trigger"
            and get(was, "spec", "broker") != get(item, "spec", "broker")
        ):
            message = f"Trigger {name} moves to another Broker, and spec.broker is immutable"
            yield Placed("immutable", where, message, _TRIGGER, "error")
        if was is not None and kind == "Broker" and (changed := _broker(was, item)):
            message = f"{changed} of Broker {name} changes, and is immutable"
            yield Placed("immutable", where, message, _BROKER, "error")
        if kinds.get(name, _workload(item)) != _workload(item) and _workload(item):
            message = f"{name} changes from a {kinds[name]} to a {_workload(item)}"
            yield Placed("immutable", where, message, _SERVING, "error")


def _broker(was: Object, now: Object) -> str | None:
    if get(was, "metadata", "annotations", CLASS) != get(now, "metadata", "annotations", CLASS):
        return "the class"
    return "the config" if get(was, "spec", "config") != get(now, "spec", "config") else None


def _workload(item: Object) -> str | None:
    if item["apiVersion"].startswith("serving.knative.dev/"):
        return "Knative Service"
    return "Deployment" if item["kind"] == "Deployment" else None
