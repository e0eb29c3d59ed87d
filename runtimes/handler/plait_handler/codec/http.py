"""The two directions: an HTTP message to an event, an event to an HTTP message."""

from __future__ import annotations

from typing import Any, Protocol

from plait_handler.codec import binary, jsontext, structured
from plait_handler.codec.attributes import Version, check, check_all_characters, version_of
from plait_handler.codec.errors import CodecError
from plait_handler.codec.event import Event, Received
from plait_handler.codec.media_type import charset, essence
from plait_handler.codec.message import Headers, HTTPMessage

_UTF8 = ("utf-8", "utf8", "us-ascii")


class AnyEvent(Protocol):
    """What can be written: an event of the SDK, of whichever version."""

    def get_attributes(self) -> Any:
        """Name to value."""

    def get_data(self) -> Any:
        """The data."""


def from_http(message: HTTPMessage) -> Event:
    """The event that a message carries. A structured content type beats `ce-*` headers.

    Raises:
        CodecError: status 400 for no event, an event that is not valid, and a batch; 415 for an event format
            other than JSON.
    """
    return read(message.headers, message.body)


def read(headers: Headers, body: bytes) -> Event:
    """As `from_http`, of the parts of a message."""
    content_type = None
    for name, value in headers:
        if name == b"content-type":
            if content_type is not None:
                raise CodecError("header 'content-type' is there twice")
            content_type = value
    if content_type is not None and content_type[:23].lower() == b"application/cloudevents":
        _check_structured(content_type.decode("latin-1"))
        return structured.decode(body)
    return binary.decode(headers, content_type, body)


def _check_structured(content_type: str) -> None:
    kind = essence(content_type)
    if kind.startswith("application/cloudevents-batch"):
        raise CodecError("batch mode is not taken: send each event in a request of its own")
    if kind != "application/cloudevents+json":
        raise CodecError(f"event format {kind!r} is not taken: application/cloudevents+json is", status=415)
    encoding = charset(content_type)
    if encoding is not None and encoding.lower() not in _UTF8:
        raise CodecError(f"charset {encoding!r} is not taken: JSON is UTF-8", status=415)


def to_binary(event: AnyEvent) -> HTTPMessage:
    """The event in binary mode.

    Data that is text is written in UTF-8, other data than text and bytes as JSON, as the SDK does it.

    Raises:
        CodecError: an attribute that is missing or wrong, or data that is no JSON.
    """
    headers, body = write(event)
    return HTTPMessage(headers, body)


def write(event: AnyEvent) -> tuple[list[tuple[bytes, bytes]], bytes]:
    """As `to_binary`, in parts."""
    attributes, data, _ = _parts(event)
    return binary.encode(attributes), data or b""


def to_structured(event: AnyEvent) -> HTTPMessage:
    """The event in structured mode, in JSON.

    Raises:
        CodecError: as `to_binary`.
    """
    attributes, data, version = _parts(event)
    check_all_characters(attributes)
    if version.name == "0.3":
        attributes.pop("datacontentencoding", None)
    body = structured.encode(attributes, data, version)
    return HTTPMessage([(b"content-type", structured.CONTENT_TYPE)], body)


def _parts(event: AnyEvent) -> tuple[dict[str, Any], bytes | None, Version]:
    attributes = {name: value for name, value in event.get_attributes().items() if value is not None}
    version = version_of(attributes)
    check(attributes, version)
    data = _data_bytes(event)
    if isinstance(event, Received) and event.implied_json:
        attributes.setdefault("datacontenttype", "application/json")
    return attributes, data, version


def _data_bytes(event: AnyEvent) -> bytes | None:
    if isinstance(event, Received):
        passed_on = event.data_bytes()
        if passed_on is not None:
            return passed_on
    return data_bytes(event.get_data())


def data_bytes(data: Any) -> bytes | None:
    """The bytes for data that a function made: bytes as they are, text in UTF-8, the rest as JSON.

    Raises:
        CodecError: a type that JSON does not have, NaN, text with a lone surrogate.
    """
    try:
        if data is None or data.__class__ is bytes:
            return data
        if isinstance(data, bytes | bytearray | memoryview):
            return bytes(data)
        if isinstance(data, str):
            return data.encode("utf-8")
        return jsontext.dumps(data)
    except (TypeError, ValueError) as error:
        raise CodecError(f"the data cannot be written as JSON: {error}") from error
