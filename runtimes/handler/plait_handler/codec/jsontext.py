"""Strict JSON, and a scanner of objects that knows where in the text each value stands."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from json.decoder import scanstring  # type: ignore[attr-defined] # not in typeshed, in every CPython
from json.encoder import c_make_encoder, encode_basestring  # type: ignore[attr-defined] # likewise
from typing import Any, NoReturn

_SPACE = re.compile(r"[ \t\n\r]*")


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


_DECODER = json.JSONDecoder(parse_constant=_refuse)


def _no_json(value: object) -> NoReturn:
    raise TypeError(f"{type(value).__qualname__} is not a type of JSON")


# What json.dumps makes anew for each call, and that takes most of its time. Without a memory of what it is in
# (the first argument): an object that holds itself is nested too deep.
_encode = c_make_encoder(None, _no_json, encode_basestring, None, ":", ",", False, False, False)  # noqa: FBT003


@dataclass(frozen=True, slots=True)
class Member:
    """One member of an object.

    Attributes:
        value: what it is in Python.
        text: as it is written, to the letter.
    """

    value: Any
    text: str


def loads(data: bytes) -> Any:
    """The value of a JSON document in UTF-8.

    Raises:
        ValueError: not UTF-8, not JSON (NaN and Infinity are not), or nested too deep.
    """
    try:
        return _DECODER.decode(data.decode("utf-8"))
    except RecursionError:
        raise ValueError("nested too deep") from None


def dumps(value: Any) -> bytes:
    """A value as JSON in UTF-8, without spaces.

    Raises:
        TypeError: of a type that JSON does not have.
        ValueError: NaN, Infinity, a lone surrogate, an object that holds itself, or nested too deep.
    """
    try:
        return "".join(_encode(value, 0)).encode("utf-8")
    except RecursionError:
        raise ValueError("nested too deep") from None


def members(data: bytes) -> dict[str, Member]:
    """The members of the object that a JSON document in UTF-8 is.

    Raises:
        ValueError: as `loads`; or it is no object, or has a member twice.
    """
    try:
        return _scan(data.decode("utf-8"))
    except RecursionError:
        raise ValueError("nested too deep") from None
    except StopIteration:
        raise ValueError("a value is missing") from None


def _scan(text: str) -> dict[str, Member]:
    found: dict[str, Member] = {}
    at = _after(text, _skip(text, 0), "{", "no object")
    at = _skip(text, at)
    while text[at : at + 1] != "}":
        name, at = scanstring(text, _after(text, at, '"', "a name must be in double quotes"))
        if name in found:
            raise ValueError(f"member {name!r} is there twice")
        start = _skip(text, _after(text, _skip(text, at), ":", "':' is missing"))
        value, at = _DECODER.scan_once(text, start)  # type: ignore[attr-defined] # as scanstring
        found[name] = Member(value, text[start:at])
        at = _next(text, _skip(text, at))
    if _skip(text, at + 1) != len(text):
        raise ValueError("more text after the object")
    return found


def _next(text: str, at: int) -> int:
    """Past a comma, which another member must follow; or at the end of the object."""
    if text[at : at + 1] == "}":
        return at
    at = _skip(text, _after(text, at, ",", "',' is missing"))
    if text[at : at + 1] == "}":
        raise ValueError("a comma before the end of the object")
    return at


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _after(text: str, at: int, wanted: str, otherwise: str) -> int:
    if text[at : at + 1] != wanted:
        raise ValueError(otherwise)
    return at + 1
