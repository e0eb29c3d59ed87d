"""What a function returned, as the message that goes back: an event in binary mode, or nothing."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from plait_handler.codec import CodecError
from plait_handler.codec.attributes import V1, check
from plait_handler.codec.binary import encode
from plait_handler.codec.http import data_bytes, write
from plait_handler.errors import SettingsError

Header = tuple[bytes, bytes]
Message = tuple[list[Header], bytes]
_JSON = (b"content-type", b"application/json")
_TEXT = (b"content-type", b"text/plain")
_BYTES = (b"content-type", b"application/octet-stream")


class ReplyError(Exception):
    """A return value that no reply can be made of. The message says what to do about it."""


@dataclass(frozen=True, slots=True)
class Replies:
    """Makes replies.

    Attributes:
        wrapping: the headers around plain data that are always the same; None without PLAIT_REPLY_TYPE.
    """

    wrapping: tuple[Header, ...] | None = None

    def message(self, value: Any) -> Message | None:
        """The message for what a function returned; None where there is none to send.

        Raises:
            ReplyError: neither event nor plain data, or an event that is not valid, or data that is no JSON.
        """
        if value is None:
            return None
        try:
            if hasattr(value, "get_attributes") and hasattr(value, "get_data"):
                return write(value)
            return self._wrapped(value)
        except CodecError as error:
            raise ReplyError(f"the function returned an event that cannot be sent: {error}") from error

    def _wrapped(self, value: Any) -> Message:
        content_type = _content_type(value)
        if self.wrapping is None:
            raise ReplyError(
                "the function returned plain data, and PLAIT_REPLY_TYPE, the type of the event to wrap it in,"
                " is not set: set it (plait does, where there is one `emits` entry), or return a CloudEvent"
            )
        headers = [*self.wrapping, (b"ce-id", _fresh_id()), (b"ce-time", _now()), content_type]
        return headers, data_bytes(value) or b""


def replies(reply_type: str | None, reply_source: str) -> Replies:
    """What wraps plain data: an event of version 1.0 of this type and source.

    Raises:
        SettingsError: they cannot be the type and source of an event.
    """
    if reply_type is None:
        return Replies()
    attributes = {"specversion": "1.0", "id": "any", "type": reply_type, "source": reply_source}
    try:
        check(attributes, V1)
        headers = encode(attributes)
    except (CodecError, UnicodeEncodeError) as error:
        raise SettingsError(f"PLAIT_REPLY_TYPE and PLAIT_REPLY_SOURCE: {error}") from None
    return Replies(tuple(header for header in headers if header[0] != b"ce-id"))


def _content_type(value: Any) -> Header:
    if isinstance(value, str):
        return _TEXT
    if isinstance(value, bytes | bytearray | memoryview):
        return _BYTES
    if isinstance(value, dict | list | tuple | int | float):
        return _JSON
    raise ReplyError(
        f"the function returned {type(value).__qualname__}: return a CloudEvent, a dict, list, str, bytes,"
        " number or bool, or None for no reply"
    )


def _fresh_id() -> bytes:
    """A UUID of version 4 (RFC 9562), by hand: uuid.uuid4() takes four times as long."""
    random = os.urandom(16).hex()
    variant = "89ab"[int(random[16], 16) & 3]
    return f"{random[:8]}-{random[8:12]}-4{random[13:16]}-{variant}{random[17:20]}-{random[20:]}".encode(
        "ascii"
    )


def _now() -> bytes:
    return datetime.now(UTC).isoformat(timespec="microseconds")[:26].encode("ascii") + b"Z"
