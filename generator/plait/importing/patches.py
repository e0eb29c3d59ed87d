"""What functions.yaml cannot say, as patches of the user's own in the overlay.

Beside plait's files and named in the kustomization that plait shares with the user, so that generate leaves
them alone: `overlays/ENV/FUNCTION/imported-deployment.yaml`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from plait import emit, layout, overlay, patch
from plait.document import Files
from plait.edits import Object, get
from plait.flow import Flow
from plait.importing.events import Functions
from plait.importing.model import Imported, Left, by_place, key_of
from plait.importing.restoring import Old
from plait.importing.writing import one_line
from plait.overlay import Overlay
from plait.spec.function import Function
from plait.spec.load import load
from plait.state import KUSTOMIZATION

PREFIX = "imported-"


@dataclass(frozen=True)
class Patch:
    """One patch.

    Attributes:
        folder: `overlays/ENV/FUNCTION`, or `overlays/ENV/_environment`.
        name: of the file in it.
        target: the object, as a kustomization names it; None where the patch names it itself.
        data: a mapping, or a list of operations.
        left: what the import left of the object, that this brings back.
    """

    folder: str
    name: str
    target: Mapping[str, str] | None
    data: Any
    left: Sequence[Left]

    @property
    def path(self) -> str:
        """Below the folder of functions.yaml."""
        return f"{self.folder}/{self.name}"

    @property
    def entry(self) -> Object:
        """In `patches` of the kustomization."""
        return {"path": self.name, **({"target": dict(self.target)} if self.target else {})}

    @property
    def text(self) -> str:
        """The file."""
        first = self.left[0]
        what = f"what functions.yaml cannot say of the {first.kind} {first.name}."
        head = (
            f"# Written by plait import: {one_line(what)}\n"
            f"# It is yours now, to edit or to delete (with its entry in {KUSTOMIZATION}).\n"
        )
        return head + emit.document(self.data)


def patches(result: Imported, text: str) -> list[Patch]:
    """The patches of an import.

    Args:
        result: the import.
        text: its functions.yaml.
    """
    left = [one for one in result.left if one.path]
    if not left:
        return []
    return [*_Patches(result, overlay_of(text)).all(left)]


def overlay_of(text: str) -> Overlay:
    """The one environment of an imported functions.yaml, with nothing on disk."""
    flow = Flow(load(text.encode()).spec, {})
    (name,) = flow.environments
    return overlay.build(flow, layout.base_objects(flow), name, overlay.NO_STATE, _no_code)


def _no_code(_name: str, _function: Function) -> Files:
    """No imported function has its code in Git."""
    return {}


class _Patches:
    """The patches of one import, over what plait builds for its environment."""

    def __init__(self, result: Imported, whole: Overlay) -> None:
        self._overlay = whole
        self._functions = Functions(result.workloads)
        self._items = {item.place: item for item in result.manifests}
        self._owners = {item.key: one for one in reversed(result.workloads) for item in one.manifests()}
        self._places = {
            key_of(item): (unit, stem)
            for unit in whole.units.values()
            for stem, item in unit.after.items()
            if item is not None
        }

    def all(self, left: Sequence[Left]) -> Iterator[Patch]:
        """A patch for each object of which it brings something back, in the order of their paths."""
        found = (self._patch(group) for place, group in by_place(left).items() if place in self._items)
        yield from sorted(filter(None, found), key=lambda one: one.path)

    def _patch(self, left: Sequence[Left]) -> Patch | None:
        item = self._items[left[0].place]
        platform = self._overlay.environment.platform
        old = Old(item, self._owners.get(item.key), self._functions, platform)
        if (place := self._places.get(key_of(old.data))) is None:
            return None
        unit, stem = place
        before = unit.after[stem]
        assert before is not None
        after, kept = old.restored(before, left)
        data = between(before, after)
        if data is None:
            return None
        folder = f"overlays/{self._overlay.name}/{unit.folder}"
        return Patch(folder, f"{PREFIX}{stem}.yaml", _target(before), data, kept)


def _target(item: Object) -> Mapping[str, str] | None:
    if not patch.is_custom(item):
        return None
    group, _, version = item["apiVersion"].rpartition("/")
    return {"group": group, "version": version, "kind": item["kind"], "name": item["metadata"]["name"]}


def between(before: Object, after: Object) -> Any:
    """`patch.between`, and what plait itself never writes: ports of Services, entries added to lists."""
    ports = get(before, "spec", "ports")
    if before["kind"] != "Service" or patch.is_custom(before):
        data = patch.between(before, after)
        return [*_single(before, data)] if isinstance(data, list) else data
    plain = {**after, "spec": {**after["spec"], "ports": ports}}
    data = patch.between(before, plain)
    if after["spec"]["ports"] == ports:
        return data
    more = [port for port in after["spec"]["ports"] if port not in ports]
    head = {
        "apiVersion": before["apiVersion"],
        "kind": "Service",
        "metadata": {"name": before["metadata"]["name"]},
    }
    data = data or head
    return {**data, "spec": {**data.get("spec", {}), "ports": more}}


def _single(before: Object, operations: Sequence[Object]) -> Iterator[Object]:
    """Entries at the end of a list one by one, instead of the whole list again."""
    for one in operations:
        steps = [int(step) if step.isdecimal() else step for step in one["path"].split("/")[1:]]
        old = get(before, *steps) if one["op"] == "replace" else None
        new = one.get("value")
        if isinstance(old, list) and isinstance(new, list) and new[: len(old)] == old:
            yield from (
                {"op": "add", "path": f"{one['path']}/-", "value": entry} for entry in new[len(old) :]
            )
        else:
            yield one
