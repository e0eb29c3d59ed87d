"""The members of a JSON object, each with the bytes of its value as they stand in the text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

from plait.local.gostd.escape import text_of
from plait.local.wire.event import NotAnEventError

_SPACE = re.compile(r"[ \t\n\r]*")


@dataclass(slots=True, frozen=True)
class Member:
    """One member.

    Attributes:
        name: its name.
        raw: everything between the colon and the end of the value, leading spaces included.
        value: the value; every number is a float.
    """

    name: str
    raw: str
    value: Any


def members(body: bytes) -> list[Member]:
    """The members in order, repeated ones too.

    Raises:
        NotAnEventError: where the text is not one JSON object (or is nested too deeply to read).
    """
    text = text_of(body)
    try:
        return list(_members(text, _skip(text, 0)))
    except (ValueError, IndexError, RecursionError):
        raise NotAnEventError("the body is not a JSON object") from None


def _members(text: str, position: int) -> Iterator[Member]:
    if text[position] != "{":
        raise ValueError(position)
    position = _skip(text, position + 1)
    closing = text[position] == "}"
    while not closing:
        name, position = _string(text, position)
        position = _expect(text, _skip(text, position), ":")
        value, end = _DECODER.raw_decode(text, _skip(text, position))
        raw = text[position:end]
        yield Member(name, raw, _whole(value, raw))
        position = _skip(text, end)
        closing = text[position] == "}"
        if not closing:
            position = _skip(text, _expect(text, position, ","))
    if _skip(text, position + 1) != len(text):
        raise ValueError(position)


def _skip(text: str, position: int) -> int:
    match = _SPACE.match(text, position)
    assert match is not None
    return match.end()


def _expect(text: str, position: int, character: str) -> int:
    if text[position] != character:
        raise ValueError(position)
    return position + 1


def _string(text: str, position: int) -> tuple[str, int]:
    if text[position] != '"':
        raise ValueError(position)
    value, end = _DECODER.raw_decode(text, position)
    return _whole(value, text[position:end]), end


def _whole(value: Any, raw: str) -> Any:
    """A text without halves of surrogate pairs, which an escape may have made: U+FFFD, as in Go."""
    if isinstance(value, str) and "\\u" in raw:
        return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return value


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


_DECODER = json.JSONDecoder(parse_int=float, parse_float=float, parse_constant=_refuse)
