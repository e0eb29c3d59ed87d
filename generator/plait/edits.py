"""Changes of plain objects that share what they leave alone.

Every function returns a new object and copies only the path that it changes, so two objects can be
compared by identity first (`patch.between`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

Object = dict[str, Any]
Path = Sequence[str | int]


def get(item: Any, *path: str | int) -> Any:
    """The value at a path, or None."""
    for step in path:
        if isinstance(item, dict):
            item = item.get(step)
        elif isinstance(item, list) and isinstance(step, int) and step < len(item):
            item = item[step]
        else:
            return None
    return item


def steps_of(pointer: str) -> list[str]:
    """The steps of a JSON pointer (RFC 6901)."""
    return [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]


def put(item: Any, path: Path, value: Any) -> Any:
    """A copy with `value` at the path; missing mappings on the way are made."""
    if not path:
        return value
    step, rest = path[0], path[1:]
    if isinstance(item, list) and isinstance(step, int):
        return [put(entry, rest, value) if index == step else entry for index, entry in enumerate(item)]
    base: Object = item or {}
    return {**base, step: put(base.get(str(step)), rest, value)}


def merge(item: Any, path: Path, more: Object) -> Any:
    """A copy with the mapping `more` merged over the one at the path."""
    return put(item, path, {**(get(item, *path) or {}), **more}) if more else item


LOCAL = "config.kubernetes.io/local-config"
"""The annotation of an object that is for Git alone: kustomize leaves it out of what it builds."""


def is_local(item: Object) -> bool:
    """Whether no cluster gets this object."""
    return bool(get(item, "metadata", "annotations", LOCAL) == "true")


def pod_spec(item: Object) -> tuple[str, ...] | None:
    """The path of the pod's spec in a workload, or None for another kind."""
    workload = item["kind"] == "Deployment" or item["apiVersion"].startswith("serving.knative.dev/")
    return ("spec", "template", "spec") if workload else None


def in_container(item: Object, change: Callable[[Object], Object]) -> Object:
    """A copy of a workload with its one container changed; other kinds as they are."""
    path = pod_spec(item)
    if path is None:
        return item
    at: Path = (*path, "containers", 0)
    changed: Object = put(item, at, change(get(item, *at)))
    return changed
