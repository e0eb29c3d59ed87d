"""What the store keeps."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum

from plait.local.wire.event import Event
from plait.local.wire.passing import Passed


class State(IntEnum):
    """Where a delivery stands."""

    OPEN = 0
    DONE = 1
    DEAD_LETTERED = 2
    FAILED = 3
    """Given up: no dead letter sink, or the sink failed too."""


class Stage(IntEnum):
    """What an open delivery does next."""

    SUBSCRIBER = 0
    REPLY = 1
    DEAD_LETTER = 2


@dataclass(slots=True, frozen=True)
class Failure:
    """Why a delivery goes to the dead letter sink.

    Attributes:
        dest: the URL that failed; None where Knative adds no knativeerror* attributes.
        code: the status.
        data: the body of the last answer.
        passed: headers to send with it; None for those that came with the event.
    """

    dest: str | None = None
    code: int = 0
    data: bytes = b""
    passed: Passed | None = None


@dataclass(slots=True)
class StoredEvent:
    """One accepted event.

    Attributes:
        seq: its number, unique in the store; events may share id and source.
        broker: `NAMESPACE/NAME`.
        event: with TTL and arrival time.
        passed: headers that go along.
        context: the trace context.
        accepted: milliseconds since 1970.
        parent: the delivery whose answer it is, or None.
        replay_of: the seq of the event that it repeats, or None.
        refused: the Triggers that do not get it: name, attribute, reason, filter element of each, the last
            one "" where it matched, and the subscriber is nowhere.
    """

    seq: int
    broker: str
    event: Event
    passed: Passed
    context: Passed
    accepted: int
    parent: int | None = None
    replay_of: int | None = None
    refused: list[tuple[str, str | None, str, str]] = field(default_factory=list)


@dataclass(slots=True)
class Attempt:
    """One request to a subscriber or a dead letter sink, or one post of a reply.

    Attributes:
        number: from 1, over all stages of the delivery.
        stage, url: what was tried, and where.
        at: milliseconds since 1970.
        status: of the answer, None for none.
        error: what went wrong, "" for nothing.
        took: milliseconds.
        wait: milliseconds until the next attempt, None where there is none.
    """

    number: int
    stage: Stage
    url: str
    at: int
    status: int | None
    error: str
    took: float
    wait: float | None = None


@dataclass(slots=True)
class Delivery:
    """One event on its way to one Trigger's subscriber.

    Attributes:
        id: unique in the store.
        seq: of the event.
        trigger: `NAMESPACE/NAME`.
        stored: the event; None where it has to be read again.
        stage: what comes next.
        tries: attempts in this stage.
        attempts: attempts in all.
        due: not before this time, in milliseconds since 1970.
        failure: why it goes to the dead letter sink.
        broken: the filter itself fails on the event, as Knative's does: every attempt fails.
    """

    id: int
    seq: int
    trigger: str
    stored: StoredEvent | None = None
    stage: Stage = Stage.SUBSCRIBER
    tries: int = 0
    attempts: int = 0
    due: int = 0
    failure: Failure | None = None
    broken: bool = False
