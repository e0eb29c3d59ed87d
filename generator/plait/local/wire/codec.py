"""A message of either mode to an event, and an event as Knative's next part of the way reads it."""

from __future__ import annotations

from plait.local.gostd import sniff
from plait.local.wire import binary, structured
from plait.local.wire.binary import CONTENT_TYPE
from plait.local.wire.event import VERSIONS, Event, Headers, NotAnEventError

STRUCTURED = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"


def mode(headers: Headers) -> str | None:
    """`structured`, `batch`, `binary`, or None for a message that is no event (statement 4)."""
    kind = headers.get(CONTENT_TYPE, [""])[0].partition(";")[0].strip().lower()
    if kind == STRUCTURED:
        return "structured"
    if kind == BATCH:
        return "batch"
    return "binary" if headers.get("ce-specversion", [""])[0] in VERSIONS else None


def decode(headers: Headers, body: bytes) -> Event:
    """The event of a message. Raises NotAnEventError."""
    kind = mode(headers)
    if kind == "binary":
        return binary.decode(headers, body)
    if kind == "structured":
        return structured.decode(body)
    raise NotAnEventError(
        "a batch of events" if kind else "neither ce-specversion nor a CloudEvents content type"
    )


def forwarded(event: Event) -> Event:
    """The event after one hop inside Knative: written in binary mode, and read again.

    Raises:
        UnsendableError: where headers cannot carry it.
        NotAnEventError: where the next reader refuses what the first one took.
    """
    return decode(binary.encode(event), event.data)


def replied(event: Event, status: int) -> Event:
    """A function's reply after the hop from Knative's filter, an HTTP server, to its dispatcher.

    The server turns line breaks in headers into spaces, adds a content type where data has none, and
    sends no body with a 204.

    Args:
        event: the reply as the function gave it.
        status: the status of its answer.

    Raises:
        UnsendableError, NotAnEventError: as for `forwarded`.
    """
    attributes = {name: text.replace("\r", " ").replace("\n", " ") for name, text in event.attributes.items()}
    data = b"" if status == NO_CONTENT else event.data
    if data and not attributes.get("datacontenttype"):
        attributes["datacontenttype"] = sniff.content_type(data)
    return forwarded(Event(attributes, data))


NO_CONTENT = 204
