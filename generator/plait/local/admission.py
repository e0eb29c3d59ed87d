"""What the ingress does with an event that it has read: arrival time, TTL, first hop (statements 7, 8)."""

from __future__ import annotations

from plait.local.gostd import clock, number
from plait.local.wire import codec
from plait.local.wire.binary import UnsendableError
from plait.local.wire.event import ARRIVAL, TTL, Event, NotAnEventError, validate

MOST_HOPS = 255


class RefusedError(Exception):
    """The ingress does not take the event; `status` is its answer."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


def checked(event: Event) -> Event:
    """The event, where it is a valid one. Raises RefusedError."""
    try:
        validate(event)
    except NotAnEventError as error:
        raise RefusedError(400, str(error)) from None
    return event


def admitted(event: Event) -> Event:
    """The event as Knative's channel gets it: with arrival time and a TTL that is one less.

    Raises:
        RefusedError: 400 where the TTL is spent, 500 where the event cannot be passed on.
    """
    hops = _hops(event.attributes.get(TTL))
    if hops <= 0:
        raise RefusedError(400, f"{TTL} is spent")
    marked = event.with_(**{ARRIVAL: clock.now(), TTL: str(hops)})
    try:
        forwarded = codec.forwarded(marked)
        validate(forwarded)
    except (UnsendableError, NotAnEventError) as error:
        raise RefusedError(500, f"the event cannot be passed on: {error}") from None
    return forwarded


def _hops(given: str | None) -> int:
    """What is left of the TTL: MOST_HOPS where there is none yet, or none that is a number."""
    left = number.integer(given) if given is not None else None
    return MOST_HOPS if left is None else max(number.wrapped(left - 1), 0)
