"""Which objects are added, changed and removed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from plait.edits import Object

# A ConfigMap of code has kustomize's hash behind its name: other content is the same object, changed.
_HASHED = re.compile(r"(?P<name>.+-code)-[bcdfghkmt0-9]{10}")
_NONE = object()


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """One object that differs.

    Attributes:
        kind, name: of the object.
        action: added, changed or removed.
        fields: what is different in a changed one, as `spec.template.spec.containers[orders].image`.
    """

    kind: str
    name: str
    action: Literal["added", "changed", "removed"]
    fields: tuple[str, ...] = ()


def changes(before: Sequence[Object], after: Sequence[Object]) -> list[Change]:
    """What became of each object, sorted by kind and name; what is alike is left out.

    An object is known by group, kind and name. An environment has one namespace and one Namespace: another
    name of it is a change.
    """
    old, new = by_identity(before), by_identity(after)
    found = []
    for key in sorted({*old, *new}, key=lambda key: (key[1], key[2], key[0])):
        _, kind, name = key
        if key not in old:
            found.append(Change(kind, name or new[key]["metadata"]["name"], "added"))
        elif key not in new:
            found.append(Change(kind, name or old[key]["metadata"]["name"], "removed"))
        elif fields := tuple(differing(old[key], new[key])):
            found.append(Change(kind, name or new[key]["metadata"]["name"], "changed", fields))
    return found


def by_identity(objects: Sequence[Object]) -> Mapping[tuple[str, str, str], Object]:
    """The objects by group, kind and name; the Namespace by its kind alone."""
    return {_identity(item): item for item in objects}


def _identity(item: Object) -> tuple[str, str, str]:
    group = item["apiVersion"].rpartition("/")[0]
    kind, name = item["kind"], item["metadata"]["name"]
    hashed = _HASHED.fullmatch(name) if kind == "ConfigMap" else None
    return group, kind, "" if kind == "Namespace" else hashed["name"] if hashed else name


def differing(old: Any, new: Any, path: str = "") -> Iterator[str]:
    """The paths where two values differ; entries of a list by their names where all have one."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in [*old, *(key for key in new if key not in old)]:
            yield from _below(old.get(key, _NONE), new.get(key, _NONE), f"{path}.{key}" if path else str(key))
    elif isinstance(old, list) and isinstance(new, list):
        ours, theirs = _keyed(old), _keyed(new)
        if ours is None or theirs is None:
            if old != new:
                yield path
            return
        for name in [*ours, *(name for name in theirs if name not in ours)]:
            yield from _below(ours.get(name, _NONE), theirs.get(name, _NONE), f"{path}[{name}]")
    elif old != new or type(old) is not type(new):
        yield path


def _below(old: Any, new: Any, path: str) -> Iterator[str]:
    if old is _NONE or new is _NONE:
        yield path
    else:
        yield from differing(old, new, path)


def _keyed(entries: Sequence[Any]) -> Mapping[str, Any] | None:
    """A list as a mapping, where each entry has a name of its own."""
    if not all(isinstance(entry, dict) and isinstance(entry.get("name"), str) for entry in entries):
        return None
    named = {entry["name"]: entry for entry in entries}
    return named if len(named) == len(entries) else None
