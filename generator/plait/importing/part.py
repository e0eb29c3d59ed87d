"""A mapping of a manifest of which one takes what one knows; the rest can be told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar

from plait.edits import Object
from plait.importing.model import Steps

T = TypeVar("T")


class Part:
    """A mapping and its place in the object.

    Args:
        data: the mapping; it is not changed.
        path: where it stands.
    """

    def __init__(self, data: Object, path: Steps = ()) -> None:
        self.path = path
        self._data = dict(data)
        self._parts: dict[str, Part] = {}

    def take(self, key: str, kind: type[T]) -> T | None:
        """The value of a key, which is then no longer left; None where it is of another type, and stays."""
        value = self._data.get(key)
        if value is None or not isinstance(value, kind) or (isinstance(value, bool) and kind is int):
            return None
        del self._data[key]
        return value

    def part(self, key: str) -> Part:
        """The mapping of a key, the same one each time; an empty one where there is none."""
        if key not in self._parts:
            self._parts[key] = Part(self.take(key, dict) or {}, (*self.path, key))
        return self._parts[key]

    def parts(self, key: str) -> list[Part]:
        """The mappings of a list; what is no list of mappings is left."""
        entries = self._data.get(key)
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            return []
        del self._data[key]
        steps = list_steps(entries)
        below = {
            key + step: Part(entry, (*self.path, key, step))
            for entry, step in zip(entries, steps, strict=True)
        }
        self._parts |= below
        return [*below.values()]

    def drop(self, known: Object) -> None:
        """What plait sets itself, to the same value, is not left."""
        for key, value in known.items():
            mine = self._data.get(key)
            if mine == value and type(mine) is type(value):
                del self._data[key]
            elif isinstance(mine, dict) and isinstance(value, dict):
                self.part(key).drop(value)

    def forget(self) -> None:
        """Nothing of it is left: it was told as a whole."""
        self._data, self._parts = {}, {}

    def rest(self) -> Iterator[tuple[Steps, Any]]:
        """What nobody took: path and value."""
        for key, value in self._data.items():
            yield (*self.path, key), value
        for part in self._parts.values():
            yield from part.rest()


def list_steps(entries: list[Any]) -> list[str]:
    """How the entries of a list are called in paths: by their names where all have one of their own."""
    names = [entry.get("name") if isinstance(entry, dict) else None for entry in entries]
    named = all(isinstance(name, str) for name in names) and len(set(names)) == len(names)
    return [f"[{name}]" for name in (names if named else range(len(entries)))]
