"""The short way from events to data, for what nearly every file is: no anchors, tags or mistakes.

Runs of plait read thousands of small files back; without nodes this takes half of the time.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import (
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from plait.yamlio.node import scalar
from plait.yamlio.parser import check, events
from plait.yamlio.reader import MAX_DEPTH


class UnusualError(Exception):
    """The text has something that needs the long way, perhaps only to say what is wrong with it."""


def documents(text: str) -> list[Any]:
    """The documents of a YAML text as data. Raises UnusualError; YamlProblem for a character."""
    check(text)
    following = events(text)
    found = []
    try:
        while type(event := following()) is not StreamEndEvent:
            if type(event) is DocumentStartEvent:
                if event.version:
                    raise UnusualError
                found.append(_value(following, following(), MAX_DEPTH))
    except YAMLError as error:
        raise UnusualError from error
    return found


def _value(following: Callable[[], Any], event: Any, depth: int) -> Any:
    kind = type(event)
    if kind is ScalarEvent:
        return _scalar(event)
    if kind is MappingStartEvent and _simple(event, depth):
        return _mapping(following, depth - 1)
    if kind is SequenceStartEvent and _simple(event, depth):
        items = []
        while type(event := following()) is not SequenceEndEvent:
            items.append(_value(following, event, depth - 1))
        return items
    raise UnusualError


def _simple(event: Any, depth: int) -> bool:
    return depth > 0 and event.anchor is None and event.tag is None


def _scalar(event: Any) -> Any:
    if event.anchor or event.tag:
        raise UnusualError
    return scalar(event.value) if event.implicit[0] else event.value


def _mapping(following: Callable[[], Any], depth: int) -> dict[str, Any]:
    data: dict[str, Any] = {}
    while type(event := following()) is not MappingEndEvent:
        if (
            type(event) is not ScalarEvent
            or event.anchor
            or event.tag
            or event.value in data
            or event.value == "<<"
        ):
            raise UnusualError
        data[event.value] = _value(following, following(), depth)
    return data
