"""What the new overlay builds, held against what the old manifests held."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from plait.edits import Object
from plait.importing.align import aligned, renamed
from plait.importing.cleaning import cleaned
from plait.importing.events import Functions
from plait.importing.explanations import explained
from plait.importing.model import (
    Imported,
    Key,
    Left,
    Manifest,
    Rewrite,
    Steps,
    Workload,
    by_place,
    key_of,
    shown,
)
from plait.importing.part import list_steps
from plait.importing.rules import NOTHING, RISKS, Case, risk


@dataclass(frozen=True, slots=True)
class Difference:
    """One field, or a whole object, that is not as it was.

    Attributes:
        kind, name: of the object: of the new one, where there is one.
        path: the field; "" for the object as a whole.
        old, new: the values; None where there is none.
        reason: why; None where nobody knows.
        risk: which of `rules.RISKS` it is.
    """

    kind: str
    name: str
    path: str
    old: Any
    new: Any
    reason: str | None
    risk: str

    @property
    def rank(self) -> tuple[int, bool, str, str, str]:
        """Its place: what is lost first, what nobody knows before what has a reason."""
        return RISKS.index(self.risk), self.reason is not None, self.kind, self.name, self.path


def prove(
    result: Imported, objects: Sequence[Object], platform: str, own: Collection[Key] = ()
) -> list[Difference]:
    """Every difference between the imported manifests and new objects, those to look at first before others.

    Args:
        result: the import of the old manifests.
        objects: what the new overlay builds.
        platform: the environment's.
        own: what the user keeps in files of their own: it is not gone.
    """
    new = {key_of(item): item for item in map(cleaned, objects)}
    found, seen = [], set()
    functions = Functions(result.workloads)
    owners = {item.key: one for one in reversed(result.workloads) for item in one.manifests()}
    left = by_place(result.left)
    for item in result.manifests:
        workload = owners.get(item.key)
        old, rewrites = aligned(item, workload, functions)
        key = key_of(old)
        judge = _Judge(result, platform, item, workload, left.get(item.place, []))
        if key not in new or judge.is_left:
            found += [] if item.key in own else [judge.gone()]
            continue
        seen.add(key)
        found += [_rewritten(key, one) for one in [*result.rewrites[item.key], *rewrites]]
        found += [judge.changed(key, *one) for one in _differences(old, new[key], ())]
    missing = [
        Difference(one.kind, one.name, "", "", None, one.reason, "lost") for one in _others(result, own)
    ]
    added = [_added(result, platform, key, item) for key, item in new.items() if key not in seen]
    return sorted([*found, *missing, *added], key=lambda one: one.rank)


class _Judge:
    """Explains the differences of one old object."""

    def __init__(
        self,
        result: Imported,
        platform: str,
        item: Manifest,
        workload: Workload | None,
        left: Sequence[Left],
    ) -> None:
        self._result, self._platform, self._item, self._workload = result, platform, item, workload
        self._left = left
        self._function = _entry(result, workload.function) if workload else _subscriber(result, item)

    @property
    def is_left(self) -> bool:
        """Whether the import took nothing of it: an object of its name is another one."""
        return any(not one.path for one in self._left)

    def gone(self) -> Difference:
        """The object is not there any more."""
        case = self._case((), self._item.data, NOTHING)
        why, how = self._reason(case)
        return Difference(self._item.kind, self._item.name, "", "", None, why, how)

    def changed(self, key: Key, path: Steps, old: Any, new: Any) -> Difference:
        """A field that differs."""
        case = self._case(path, old, new)
        return _difference(key, path, old, new, *self._reason(case))

    def _case(self, path: Steps, old: Any, new: Any) -> Case:
        return Case(self._item.kind, path, old, new, self._function, self._platform, self._result)

    def _reason(self, case: Case) -> tuple[str | None, str]:
        """The import's own, of the nearest field that it left; else a rule's. And the risk."""
        if case.is_added and (known := explained(case))[0]:
            return known
        for one in sorted(self._left, key=lambda one: -len(one.path)):
            path = renamed(one.path, self._item, self._workload)
            if case.path[: len(path)] == path and (path or case.path == ()):
                return one.reason, risk(case.old, case.new)
        return explained(case)


def _rewritten(key: Key, change: Rewrite) -> Difference:
    return _difference(key, change.path, change.old, change.new, change.reason, "same")


def _entry(result: Imported, function: str) -> Object:
    found: Object = result.data["spec"]["functions"].get(function, {})
    return found


def _subscriber(result: Imported, item: Manifest) -> Object:
    name = item.get("spec", "subscriber", "ref", "name") if item.kind == "Trigger" else None
    return _entry(result, name) if isinstance(name, str) else {}


def _others(result: Imported, own: Collection[Key]) -> Iterator[Left]:
    """Objects that the import did not read at all, and that nobody keeps."""
    read = {item.place for item in result.manifests}
    for one in result.left:
        if not one.path and one.place not in read and one.place[1:] not in own:
            yield one


def _added(result: Imported, platform: str, key: Key, item: Object) -> Difference:
    function = _entry(result, item["metadata"]["name"])
    case = Case(item["kind"], (), NOTHING, item, function, platform, result)
    return Difference(key[1], key[2], "", None, "", *explained(case))


def _difference(key: Key, path: Steps, old: Any, new: Any, why: str | None, how: str) -> Difference:
    before, after = (None if value is NOTHING else value for value in (old, new))
    return Difference(key[1], key[2], shown(path), before, after, why, how)


def _differences(old: Any, new: Any, path: Steps) -> Iterator[tuple[Steps, Any, Any]]:
    """The fields where two values differ, each as deep as it goes."""
    if isinstance(old, dict | list) or isinstance(new, dict | list):
        ours, theirs = _fields(old), _fields(new)
        if ours is not None and theirs is not None and (ours or theirs):
            for step in [*ours, *(step for step in theirs if step not in ours)]:
                mine, other = ours.get(step, NOTHING), theirs.get(step, NOTHING)
                whole = step.startswith("[") and NOTHING in (mine, other)
                yield from (
                    [((*path, step), mine, other)] if whole else _differences(mine, other, (*path, step))
                )
            return
    if old != new or type(old) is not type(new):
        yield path, old, new


def _fields(value: Any) -> Mapping[str, Any] | None:
    """A mapping, or a list whose entries have names, by steps; nothing has no fields, other values none."""
    if value is NOTHING:
        return {}
    if isinstance(value, dict):
        return value
    steps = list_steps(value) if isinstance(value, list) else ["[0]"]
    return None if steps[:1] == ["[0]"] else dict(zip(steps, value, strict=True))
