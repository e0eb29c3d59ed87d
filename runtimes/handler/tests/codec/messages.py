"""Messages for the tests of the codec."""

from __future__ import annotations

import json
from typing import Any

from plait_handler.codec import HTTPMessage

REQUIRED = {"ce-specversion": "1.0", "ce-id": "1", "ce-source": "/s", "ce-type": "t"}


def binary(headers: dict[str, str | bytes] | None = None, body: bytes = b"", **required: Any) -> HTTPMessage:
    """A message in binary mode.

    Args:
        headers: on top of the required ones; an empty dict for none.
        body: the data.
        required: `id="2"` for another id, `id=None` for none.
    """
    names = REQUIRED | {f"ce-{name}": value for name, value in required.items()}
    values = {**{name: value for name, value in names.items() if value is not None}, **(headers or {})}
    return HTTPMessage([(name.encode(), _bytes(value)) for name, value in values.items()], body)


def _bytes(value: str | bytes) -> bytes:
    return value if isinstance(value, bytes) else value.encode("utf-8")


def structured(content_type: str = "application/cloudevents+json", **members: Any) -> HTTPMessage:
    """A message in structured mode: the required members and these; a member of None is left out."""
    event = {"specversion": "1.0", "id": "1", "source": "/s", "type": "t"} | members
    return document({name: value for name, value in event.items() if value is not None}, content_type)


def document(value: Any, content_type: str = "application/cloudevents+json") -> HTTPMessage:
    """A message of this JSON document."""
    return text(json.dumps(value), content_type)


def text(body: str, content_type: str = "application/cloudevents+json") -> HTTPMessage:
    """A message of this text."""
    return HTTPMessage([(b"content-type", content_type.encode())], body.encode("utf-8"))
