"""Events as text: what goes to a module, and what comes back from it."""

from __future__ import annotations

from typing import Any

from plait_handler.codec import CodecError, Event, HTTPMessage, from_http, to_structured
from plait_handler.codec.jsontext import loads
from plait_wasmtime.errors import GuestError

_HEADERS = [(b"content-type", b"application/cloudevents+json")]
_SHOWN = 200


def written(event: Event) -> bytes:
    """The event in JSON (CloudEvents JSON format 1.0.2), its data to the letter if that is JSON or text."""
    return to_structured(event).body


def read(text: bytes) -> Any:
    """What a module answered: an event, plain data, or None where the text is empty.

    Raises:
        GuestError: the text is not JSON, or an event that is not valid.
    """
    text = text.strip()
    if not text:
        return None
    try:
        value = loads(text)
    except ValueError as error:
        raise GuestError(f"the answer is not JSON ({error}): {_shown(text)}") from None
    if not isinstance(value, dict) or "specversion" not in value:
        return value
    try:
        return from_http(HTTPMessage(_HEADERS, text))
    except CodecError as error:
        raise GuestError(f"the answer is an event that is not valid: {error}") from None


def _shown(text: bytes) -> str:
    start = text[:_SHOWN].decode("utf-8", "replace")
    return repr(start + "..." if len(text) > _SHOWN else start)
