"""The fields that functions.yaml cannot say, back in the object that plait builds.

The difference between that object and the one with the fields is the patch of `patches`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from plait.edits import Object, get
from plait.importing.align import aligned, renamed
from plait.importing.events import Functions
from plait.importing.model import Left, Manifest, Steps, Workload
from plait.importing.part import list_steps
from plait.importing.reasons import PATCHED
from plait.importing.security import is_loose_volume, mounted, restricted

_POD: Steps = ("spec", "template", "spec")
_CONTAINERS = ("containers", "initContainers", "ephemeralContainers")


class Old:
    """One old object, and what of it is to come back.

    Args:
        item: the manifest.
        workload: whose it is, if a function's.
        functions: whom references mean.
        platform: the environment's.
    """

    def __init__(
        self, item: Manifest, workload: Workload | None, functions: Functions, platform: str
    ) -> None:
        self._item, self._workload, self._platform = item, workload, platform
        self.data, _ = aligned(item, workload, functions)
        volumes = get(self.data, *_POD, "volumes")
        loose = [entry for entry in volumes if is_loose_volume(entry)] if isinstance(volumes, list) else []
        self._lost = frozenset(str(get(entry, "name")) for entry in loose)

    def restored(self, new: Object, left: Sequence[Left]) -> tuple[Object, list[Left]]:
        """The new object with the fields that were left, and which of them it has now.

        Args:
            new: what plait builds.
            left: what the import left of this object.
        """
        kept = []
        for one in left:
            path = renamed(one.path, self._item, self._workload)
            value = at(self.data, path)
            if one.rule in PATCHED and path and value is not None and not self._is_whole(path):
                fit = self._fit(path, value)
                new = with_field(new, path, _ports(at(new, path), fit) if path[-1] == "ports" else fit)
                kept.append(one)
        return _budget(new, kept), kept

    def _is_whole(self, path: Steps) -> bool:
        """Whether it is the function's container, or its image: what the version is about."""
        if self._workload is None or path[:4] != (*_POD, "containers"):
            return False
        rest = path[4:]
        return rest[:1] == (f"[{self._workload.function}]",) and rest[1:] in ((), ("image",))

    def _fit(self, path: Steps, value: Any) -> Any:
        """The value as a restricted pod may have it."""
        if path == (*_POD, "volumes") and isinstance(value, list):
            return [entry for entry in value if not is_loose_volume(entry)]
        if path[-1] == "volumeMounts":
            return mounted({"volumeMounts": value}, self._lost).get("volumeMounts", [])
        if path[:3] == _POD and path[3:4] and path[3] in _CONTAINERS:
            if path[4:] == () and isinstance(value, list):
                return [self._container(entry) for entry in value]
            if len(path) == len(_POD) + 2:
                return self._container(value)
        return value

    def _container(self, value: Any) -> Any:
        """Of the function's image, it has the placeholder too: a release reaches both."""
        if not isinstance(value, dict) or self._workload is None:
            return value
        main = get(self.data, *_POD, "containers", self._workload.container, "image")
        same = {"image": self._workload.function} if value.get("image") == main else {}
        return restricted({**value, **same}, self._platform, self._lost)


def at(item: Any, path: Steps) -> Any:
    """The value at a path of steps, `[name]` in lists; None where there is none."""
    for step in path:
        if isinstance(item, list):
            found = [entry for entry, name in zip(item, list_steps(item), strict=True) if name == step]
            item = found[0] if found else None
        else:
            item = item.get(step) if isinstance(item, dict) else None
    return item


def with_field(item: Any, path: Steps, value: Any) -> Any:
    """A copy with a value at a path of steps; what is missing on the way is made."""
    if not path:
        return value
    step, rest = path[0], path[1:]
    if isinstance(item, list) or (item is None and step.startswith("[")):
        entries = item or []
        steps = list_steps(entries)
        if step not in steps:
            return [*entries, value if not rest else with_field({"name": step[1:-1]}, rest, value)]
        return [
            with_field(entry, rest, value) if name == step else entry
            for entry, name in zip(entries, steps, strict=True)
        ]
    base = item if isinstance(item, dict) else {}
    return {**base, step: with_field(base.get(step), rest, value)}


def _ports(own: Any, given: Any) -> Any:
    """The function's own port and, behind it, the others."""
    mine = own if isinstance(own, list) else []
    numbers = {get(port, key) for port in mine for key in ("containerPort", "port")} - {None}
    return [*mine, *(port for port in given if not {port.get("containerPort"), port.get("port")} & numbers)]


def _budget(new: Object, kept: Sequence[Left]) -> Object:
    """A PodDisruptionBudget has one of minAvailable and maxUnavailable."""
    if new["kind"] != "PodDisruptionBudget" or not any(one.path == ("spec", "minAvailable") for one in kept):
        return new
    return {**new, "spec": {key: value for key, value in new["spec"].items() if key != "maxUnavailable"}}
