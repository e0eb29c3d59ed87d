"""Findings against an earlier revision: changes that a cluster refuses, or that replace what runs.

Source: Knative's admission: a Trigger's `spec.broker` is immutable, and so are a Broker's class and every
field of its spec but `delivery`. A function's Deployment and its Knative Service are different objects that
want a Service of one name: the one cannot become the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from plait import git
from plait.edits import Object, get
from plait.errors import PlaitError
from plait.findings.model import Placed
from plait.project import SPEC, Project

CLASS = "eventing.knative.dev/broker.class"
_TRIGGER = "two steps: give the subscription another `name` and sync, so that a new Trigger takes over"
_BROKER = (
    "two steps: give the Broker another name (broker.name), so that a new one takes over; "
    "name its Triggers anew as well, and point senders at it"
)
_SERVING = "two steps: take the function out and sync, then bring it back with the other `serving`"


def of_history(project: Project, revision: str) -> Iterator[Placed]:
    """Immutable fields that changed since a revision, in each environment.

    Args:
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
    with git.checkout(project.root, commit) as folder:
        before = _objects(folder)
    for name, overlay in project.overlays.items():
        after = overlay.running()
        yield from _changes(name, before.get(name, []), after)


def _objects(folder: Path) -> Mapping[str, Sequence[Object]]:
    """Of each environment then; none where that revision could not be built anyway."""
    if not (folder / SPEC).exists():
        return {}
    try:
        overlays = Project.load(folder).overlays
        return {name: overlay.running() for name, overlay in overlays.items()}
    except PlaitError:
        return {}


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
