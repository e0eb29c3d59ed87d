"""An object under change, with what was changed of it."""

from __future__ import annotations

from typing import Any

from plait.edits import Object, get, put
from plait.importing.model import Rewrite, Steps


class Changing:
    """An object under change, with what was changed of it."""

    def __init__(self, data: Object) -> None:
        self.data = data
        self.rewrites: list[Rewrite] = []

    def put(self, path: Steps, value: Any, reason: str) -> None:
        """Set a field, or take it away (None). Steps of lists are not followed: give their whole list."""
        old = get(self.data, *path)
        if old == value and type(old) is type(value):
            return
        self.data = _removed(self.data, path) if value is None else put(self.data, path, value)
        self.rewrites.append(Rewrite(path, old, value, reason))


def _removed(item: Object, path: Steps) -> Object:
    step, rest = path[0], path[1:]
    if not rest:
        return {key: value for key, value in item.items() if key != step}
    below = _removed(item[step], rest)
    return {**item, step: below} if below else {key: value for key, value in item.items() if key != step}
