"""Which attributes an event has, in each version of CloudEvents, and what they may be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from plait_handler.codec.errors import CodecError
from plait_handler.codec.media_type import is_media_type
from plait_handler.codec.text import check_characters
from plait_handler.codec.timestamp import Timestamp

REQUIRED = ("specversion", "id", "source", "type")
_NAME = re.compile(r"[a-z0-9]+")
# Names that the HTTP binding and the JSON format keep for data.
_RESERVED = ("data", "datacontenttype")
# CloudEvents 1.0.2, "Type System": Integer.
_SMALLEST, _LARGEST = -(2**31), 2**31 - 1


@dataclass(frozen=True, slots=True)
class Version:
    """One version of the specification.

    Attributes:
        name: the specversion.
        texts: the optional attributes that are plain text and not empty.
        names: all that are not extensions.
    """

    name: str
    texts: tuple[str, ...]
    names: frozenset[str]


def _version(name: str, *texts: str) -> Version:
    return Version(name, texts, frozenset({*REQUIRED, "time", "datacontenttype", *texts}))


V1 = _version("1.0", "subject", "dataschema")
V03 = _version("0.3", "subject", "schemaurl", "datacontentencoding")


def version_of(attributes: Mapping[str, Any]) -> Version:
    """The version that the attributes say they are of.

    Raises:
        CodecError: they name none, or one that is not known.
    """
    name = attributes.get("specversion")
    if name == "1.0":
        return V1
    if name == "0.3":
        return V03
    if name is None:
        raise CodecError("not a CloudEvent: no specversion")
    raise CodecError(f"unknown specversion {name!r}: known are '1.0' and '0.3'")


def check(attributes: dict[str, Any], version: Version) -> None:
    """Checks all attributes but their characters; `time`, where it is text, becomes a Timestamp.

    Raises:
        CodecError: one is missing, empty, of a wrong type, or has a name that no attribute may have.
    """
    for name in REQUIRED:
        value = attributes.get(name)
        if value.__class__ is not str or not value:
            _check_text(name, value)
    for name in version.texts:
        if name in attributes:
            _check_text(name, attributes[name])
    if "time" in attributes:
        attributes["time"] = _time(attributes["time"])
    if "datacontenttype" in attributes:
        _check_media_type(attributes["datacontenttype"])
    for name in attributes.keys() - version.names:
        check_extension(name, attributes[name])


def _check_text(name: str, value: Any) -> None:
    if value is None:
        raise CodecError(f"required attribute {name!r} is missing")
    if not isinstance(value, str):
        raise CodecError(f"attribute {name!r} is not a string but {_kind(value)}")
    if not value:
        raise CodecError(f"attribute {name!r} is empty")


def _time(value: Any) -> datetime:
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise CodecError("attribute 'time' has no time zone")
        return value
    _check_text("time", value)
    try:
        return Timestamp.read(value)
    except ValueError:
        raise CodecError(f"attribute 'time' is not an RFC 3339 timestamp: {value!r}") from None


def _check_media_type(value: Any) -> None:
    _check_text("datacontenttype", value)
    if not is_media_type(value):
        raise CodecError(f"attribute 'datacontenttype' is not a media type: {value!r}")


def check_extension(name: str, value: Any) -> None:
    """Checks the name of an extension, and that its value is of a type of CloudEvents.

    Raises:
        CodecError: a name that is not small letters and digits, or is reserved; a value of another type, an
            integer of more than 32 bits.
    """
    if not _NAME.fullmatch(name) or name in _RESERVED:
        raise CodecError(f"{name!r} cannot be an attribute: a name is small letters and digits")
    if isinstance(value, bool):
        return
    if isinstance(value, int):
        if not _SMALLEST <= value <= _LARGEST:
            raise CodecError(f"extension {name!r} is an integer of more than 32 bits: {value}")
        return
    if isinstance(value, datetime) and value.tzinfo is None:
        raise CodecError(f"extension {name!r} has no time zone")
    if not isinstance(value, str | datetime | bytes):
        raise CodecError(f"extension {name!r} is {_kind(value)}: it may be a string, an integer or a boolean")


def check_all_characters(attributes: Mapping[str, Any]) -> None:
    """Checks the characters of each attribute that is text.

    Raises:
        CodecError: see `check_characters`.
    """
    for name, value in attributes.items():
        if isinstance(value, str):
            check_characters(name, value)


def _kind(value: Any) -> str:
    names = {dict: "an object", list: "an array", float: "a number with a fraction", type(None): "null"}
    return names.get(type(value), f"of type {type(value).__name__}")
