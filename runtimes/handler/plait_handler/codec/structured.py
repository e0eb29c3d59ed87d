"""Structured mode: all of the event in a JSON body (JSON format 1.0.2; for 0.3 that format's own rules)."""

from __future__ import annotations

import binascii
from base64 import b64decode, b64encode
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from plait_handler.codec import jsontext
from plait_handler.codec.attributes import V1, Version, check, check_all_characters, version_of
from plait_handler.codec.binary import canonical
from plait_handler.codec.errors import CodecError
from plait_handler.codec.event import Event, EventV03, EventV1
from plait_handler.codec.jsontext import Member
from plait_handler.codec.media_type import charset, encoding, is_json

CONTENT_TYPE = b"application/cloudevents+json; charset=utf-8"
_DATA = ("data", "data_base64")


def decode(body: bytes) -> Event:
    """The event of a body of type `application/cloudevents+json`.

    Raises:
        CodecError: not JSON, no event, or not a valid one.
    """
    try:
        members = jsontext.members(body)
    except ValueError as error:
        raise CodecError(f"the body is not a CloudEvent in JSON: {error}") from None
    attributes = {
        name: member.value
        for name, member in members.items()
        if name not in _DATA and member.value is not None
    }
    version = version_of(attributes)
    check(attributes, version)
    check_all_characters(attributes)
    if version is V1:
        return _event_v1(attributes, members)
    return _event_v03(attributes, members)


def _event_v1(attributes: dict[str, Any], members: Mapping[str, Member]) -> Event:
    data, encoded = members.get("data"), members.get("data_base64")
    if encoded is None or encoded.value is None:
        return EventV1.received(attributes, _data(data, attributes), implied_json=_implied(data, attributes))
    if data is not None:
        raise CodecError("the event has both 'data' and 'data_base64'")
    return EventV1.received(attributes, _from_base64("data_base64", encoded.value))


def _event_v03(attributes: dict[str, Any], members: Mapping[str, Member]) -> Event:
    """Data in base64 is decoded, and then nothing is encoded any more: datacontentencoding goes."""
    if "data_base64" in members:
        raise CodecError("'data_base64' is of CloudEvents 1.0; 0.3 has 'datacontentencoding'")
    data, encoding = members.get("data"), attributes.pop("datacontentencoding", None)
    if encoding is None:
        return EventV03.received(attributes, _data(data, attributes), implied_json=_implied(data, attributes))
    if encoding.lower() != "base64":
        raise CodecError(f"unknown datacontentencoding {encoding!r}: known is 'base64'")
    raw = None if data is None or data.value is None else _from_base64("data", data.value)
    return EventV03.received(attributes, raw)


def _implied(data: Member | None, attributes: Mapping[str, Any]) -> bool:
    return data is not None and "datacontenttype" not in attributes


def _data(data: Member | None, attributes: Mapping[str, Any]) -> bytes | None:
    """The bytes of member `data`: JSON to the letter as it was written, or the content of the string."""
    if data is None:
        return None
    media_type = attributes.get("datacontenttype")
    if media_type is None or is_json(media_type):
        return data.text.encode("utf-8")
    if data.value is None:
        return None
    if not isinstance(data.value, str):
        raise CodecError(f"'data' of type {media_type!r} must be a string")
    return _in_charset(data.value, media_type)


def _in_charset(text: str, media_type: str) -> bytes:
    try:
        return text.encode(encoding(media_type))
    except (LookupError, UnicodeError):
        raise CodecError(f"'data' cannot be written in {charset(media_type) or 'utf-8'}") from None


def _from_base64(name: str, value: Any) -> bytes:
    try:
        if isinstance(value, str):
            return b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        pass
    raise CodecError(f"{name!r} is not base64")


def encode(attributes: Mapping[str, Any], data: bytes | None, version: Version) -> bytes:
    """The body for attributes that have been checked, and data.

    JSON data is written to the letter, whatever else is text as a string, the rest in base64.

    Args:
        attributes: with the datacontenttype that the data is of.
        data: None where the event has none.
        version: of the attributes.
    """
    document = {name: _json_value(value) for name, value in attributes.items()}
    if data is None:
        return jsontext.dumps(document)
    kind, text = _member(data, attributes.get("datacontenttype"))
    if kind == "base64" and version is not V1:
        document["datacontentencoding"] = "base64"
    name = "data_base64" if kind == "base64" and version is V1 else "data"
    member = text if kind == "json" else jsontext.dumps(text).decode("utf-8")
    return jsontext.dumps(document)[:-1] + f',"{name}":{member}}}'.encode()


def _member(data: bytes, media_type: str | None) -> tuple[str, str]:
    """How data goes into JSON (`json`, `string` or `base64`), and the text for it."""
    try:
        if media_type is not None and is_json(media_type):
            jsontext.loads(data)
            return "json", data.decode("utf-8")
        if media_type is not None and (charset(media_type) or "utf-8").lower() == "utf-8":
            return "string", data.decode("utf-8")
    except ValueError:
        pass
    return "base64", b64encode(data).decode("ascii")


def _json_value(value: Any) -> Any:
    return canonical(value) if isinstance(value, datetime | bytes) else value
