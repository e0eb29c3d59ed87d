"""Requests: to a subscriber, and to a dead letter sink."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from plait.local.gostd.escape import raw
from plait.local.http.message import RawHeaders
from plait.local.routes import Trigger
from plait.local.store import Failure, StoredEvent
from plait.local.wire import binary, codec, jsonform
from plait.local.wire.event import TTL, Event, Headers
from plait.local.wire.passing import Passed, with_new_span

ERROR_DATA_LIMIT = 1024
_ERROR = "knativeerror"


@dataclass(slots=True, frozen=True)
class Outgoing:
    """A request without its address. `context` is the trace, of which each request is a new span."""

    headers: RawHeaders
    context: Passed
    body: bytes

    def traced(self) -> RawHeaders:
        """The headers of one request."""
        return [*self.headers, *_encoded(with_new_span(self.context))]


def to_subscriber(stored: StoredEvent, trigger: Trigger) -> Outgoing:
    """The request that delivers an event (statements 11, 12).

    Raises:
        UnsendableError: where it is to be JSON and its data are none.
    """
    event = stored.event.without(TTL)
    if trigger.as_json:
        headers: Headers = {binary.CONTENT_TYPE: [codec.STRUCTURED]}
        body = jsonform.encode(event)
    else:
        headers, body = binary.encode(event), event.data
    more = [("prefer", "reply"), ("kn-namespace", trigger.namespace)]
    return Outgoing([*_flat(headers), *_encoded([*stored.passed, *more])], stored.context, body)


def to_sink(stored: StoredEvent, trigger: Trigger, failure: Failure) -> Outgoing:
    """The request that dead-letters an event: in binary mode, with its TTL, without `Prefer` (32 to 34)."""
    event = _with_error(stored.event, failure)
    passed = stored.passed if failure.passed is None else failure.passed
    headers = _encoded([*passed, ("kn-namespace", trigger.namespace)])
    return Outgoing([*_flat(binary.encode(event)), *headers], stored.context, event.data)


def _with_error(event: Event, failure: Failure) -> Event:
    """The event with knativeerror* attributes, those that it has already kept (33)."""
    if failure.dest is None:
        return event
    data = base64.b64encode(failure.data).decode()[:ERROR_DATA_LIMIT]
    added = {"dest": failure.dest, "code": str(failure.code), "data": data}
    missing = {
        f"{_ERROR}{name}": text for name, text in added.items() if not event.attributes.get(f"{_ERROR}{name}")
    }
    return event.with_(**missing)


def _flat(headers: Headers) -> RawHeaders:
    return [(name.encode(), raw(value)) for name, values in headers.items() for value in values]


def _encoded(pairs: Passed) -> RawHeaders:
    return [(name.encode(), raw(value)) for name, value in pairs]
