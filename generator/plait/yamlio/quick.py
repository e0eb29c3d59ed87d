"""The short way from events to data, for what nearly every file is: no anchors, tags or mistakes.

Runs of plait read thousands of small files back; without nodes this takes half of the time.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
)

from plait.yamlio.node import scalar
from plait.yamlio.parser import attempts, check
from plait.yamlio.reader import MAX_DEPTH, MAX_NODES


class UnusualError(Exception):
    """The text has something that needs the long way, perhaps only to say what is wrong with it."""


def documents(text: str) -> list[Any]:
    """The documents of a YAML text as data. Raises UnusualError; YamlProblem for a character."""
    check(text)
    for following in attempts(text):
        with suppress(MarkedYAMLError):
            return _Reader(following).documents()
    raise UnusualError


class _Reader:
    def __init__(self, following: Callable[[], Any]) -> None:
        self._next = following
        self._left = MAX_NODES

    def documents(self) -> list[Any]:
        found = []
        while type(event := self._next()) is not StreamEndEvent:
            if type(event) is DocumentStartEvent:
                if event.version:
                    raise UnusualError
                found.append(self._value(self._next(), MAX_DEPTH))
        return found

    def _value(self, event: Any, depth: int) -> Any:
        self._left -= 1
        kind = type(event)
        if kind is AliasEvent or event.anchor or event.tag or not (depth and self._left):
            raise UnusualError
        if kind is ScalarEvent:
            return scalar(event.value) if event.implicit[0] else event.value
        if kind is MappingStartEvent:
            return self._mapping(depth - 1)
        items = []
        while type(event := self._next()) is not SequenceEndEvent:
            items.append(self._value(event, depth - 1))
        return items

    def _mapping(self, depth: int) -> dict[str, Any]:
        data: dict[str, Any] = {}
        while type(event := self._next()) is not MappingEndEvent:
            key = event.value if type(event) is ScalarEvent else "<<"
            if key == "<<" or key in data or event.anchor or event.tag:
                raise UnusualError
            data[key] = self._value(self._next(), depth)
        return data
