"""The data of an event as a JSON value, from every form that an event comes in.

Source: CloudEvents 1.0.2, datacontenttype; the JSON event format 1.0.2, section 3.1. Where an event says no
content type, its data are JSON.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any

_JSON = "application/json"
_STRUCTURED = "application/cloudevents+json"


class NoJsonError(ValueError):
    """An event's data are not JSON; the message says what they are."""


def of_bytes(content_type: str | None, data: bytes) -> Any:
    """The value. Raises NoJsonError."""
    kind = (content_type or _JSON).partition(";")[0].strip().lower()
    subtype = kind.rpartition("/")[2]
    if not data:
        raise NoJsonError("the event has no data")
    if subtype != "json" and not subtype.endswith("+json"):
        raise NoJsonError(f"the data are {kind}, where the contract is about JSON")
    try:
        return json.loads(data, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise NoJsonError("the data are not JSON") from None


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def of_object(event: Mapping[str, Any]) -> Any:
    """The value in an event of the JSON format. Raises NoJsonError."""
    kind = event.get("datacontenttype")
    if isinstance(encoded := event.get("data_base64"), str):
        try:
            return of_bytes(kind, base64.b64decode(encoded, validate=True))
        except binascii.Error:
            raise NoJsonError("data_base64 is not base64") from None
    if event.get("data") is None:
        raise NoJsonError("the event has no data")
    if isinstance(event["data"], bytes):
        return of_bytes(kind, event["data"])
    of_bytes(kind, b"null")  # refuses another content type
    return event["data"]


def of_message(content_type: str | None, body: bytes) -> Any:
    """The value in an HTTP message in binary or structured mode. Raises NoJsonError."""
    if content_type and content_type.partition(";")[0].strip().lower() == _STRUCTURED:
        event = of_bytes(_JSON, body)
        if not isinstance(event, dict):
            raise NoJsonError("not an event in the JSON format")
        return of_object(event)
    return of_bytes(content_type, body)
