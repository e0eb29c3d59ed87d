"""Binary mode: attributes in headers, data in the body (HTTP binding 1.0.2, section 3.1)."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from plait_handler.codec.attributes import V1, check, version_of
from plait_handler.codec.errors import CodecError
from plait_handler.codec.event import Event, EventV03, EventV1
from plait_handler.codec.message import Headers
from plait_handler.codec.text import from_header, to_header
from plait_handler.codec.timestamp import to_rfc3339


def decode(headers: Headers, content_type: bytes | None, body: bytes) -> Event:
    """The event of a message in binary mode.

    Args:
        headers: all headers; those that do not begin with `ce-` are passed over.
        content_type: the value of Content-Type, or None where there is none.
        body: the data; an event with an empty body has none.

    Raises:
        CodecError: no event, or not a valid one.
    """
    attributes: dict[str, Any] = {}
    for header, value in headers:
        if header[:3] == b"ce-":
            name = header[3:].decode("latin-1")
            if name in attributes:
                raise CodecError(f"header 'ce-{name}' is there twice")
            attributes[name] = from_header(name, value)
    if "datacontenttype" in attributes:
        raise CodecError("header 'ce-datacontenttype': in binary mode it is Content-Type that says so")
    if content_type is not None:
        attributes["datacontenttype"] = content_type.decode("latin-1")
    version = version_of(attributes)
    check(attributes, version)
    made = EventV1 if version is V1 else EventV03
    return made.received(attributes, body or None)


def encode(attributes: Mapping[str, Any]) -> list[tuple[bytes, bytes]]:
    """The headers for attributes that have been checked.

    Raises:
        CodecError: a character that no attribute may have.
    """
    headers = []
    for name, value in attributes.items():
        if name == "datacontenttype":
            headers.append((b"content-type", value.encode("latin-1")))
        else:
            text = value if value.__class__ is str else canonical(value)
            headers.append((b"ce-" + name.encode("ascii"), to_header(name, text)))
    return headers


def canonical(value: Any) -> str:
    """The canonical string of an attribute value (CloudEvents 1.0.2, "Type System")."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return to_rfc3339(value)
    if isinstance(value, bytes):
        return b64encode(value).decode("ascii")
    return str(value)
