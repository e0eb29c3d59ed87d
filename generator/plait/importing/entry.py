"""One function's entry in functions.yaml, made field by field."""

from __future__ import annotations

from typing import Any

from plait.edits import Object
from plait.importing.model import Manifest, Report, Steps
from plait.importing.refusal import refusal
from plait.spec.function import Function

_LEAST = {"runtime": "container", "image": "registry.example.com/a:1"}
_ORDER = [*Function.model_fields]


class Entry:
    """Takes what plait's own model takes; what it refuses is left, with the model's words.

    Args:
        name: the function's.
        report: where the rest goes.
    """

    def __init__(self, name: str, report: Report) -> None:
        self.name = name
        self.report = report
        self._data: Object = {"runtime": "container"}

    def put(self, field: str, value: Any, item: Manifest, path: Steps) -> bool:
        """Set a field; whether the model takes it."""
        why = refusal(Function, {**_LEAST, field: value})
        if why is None:
            self._data[field] = value
        else:
            self.report.leave(item, "refused", path, why=why)
        return why is None

    def add(self, field: str, key: str, value: Any, item: Manifest, path: Steps) -> None:
        """Set one key of a field that is a mapping."""
        why = refusal(Function, {**_LEAST, field: {key: value}})
        if why is None:
            self._data[field] = {**self._data.get(field, {}), key: value}
        else:
            self.report.leave(item, "refused", path, why=why)

    def set_rest(self, field: str, rest: Object) -> None:
        """What is left of a mapping, parts of which another field says; nothing left, no field."""
        self._data.pop(field)
        self._data |= {field: rest} if rest else {}

    def get(self, field: str) -> Any:
        """What it has by now, or None."""
        return self._data.get(field)

    def comment(self, text: str, *path: str) -> None:
        """A line above the function, or a field of it."""
        self.report.comment(("spec", "functions", self.name, *path), text)

    def data(self) -> Object:
        """The entry, its fields in the order of the reference."""
        return {field: self._data[field] for field in _ORDER if field in self._data}
