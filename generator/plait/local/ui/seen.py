"""What went through one Broker, counted. Runs in the store's thread."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from plait.local.plain import STATES
from plait.local.store import State

MOST = 2000


@dataclass(frozen=True, slots=True)
class Emitted:
    """Events alike.

    Attributes:
        type, source: theirs.
        by: the key of the Trigger whose subscriber answered with them; "" for those from outside, None
            where that is not known any more, or where they are replays.
        count: how many.
    """

    type: str
    source: str
    by: str | None
    count: int


@dataclass(frozen=True, slots=True)
class Delivered:
    """Deliveries alike.

    Attributes:
        type, source: of the events.
        trigger: the key of the Trigger.
        state: as in the API.
        count: how many.
    """

    type: str
    source: str
    trigger: str
    state: str
    count: int


@dataclass(frozen=True, slots=True)
class Seen:
    """All that is kept of one Broker; of each at most MOST kinds, the frequent ones."""

    emitted: tuple[Emitted, ...] = ()
    delivered: tuple[Delivered, ...] = ()


def read(connection: sqlite3.Connection, broker: str) -> Seen:
    """Count what the store holds of the Broker `NAMESPACE/NAME`."""
    emitted = connection.execute(
        "SELECT event.type, event.source,"
        " CASE WHEN replay_of IS NOT NULL THEN NULL WHEN parent IS NULL THEN '' ELSE trigger END,"
        " count(*) FROM event LEFT JOIN delivery ON delivery.id = event.parent"
        " WHERE broker = ? GROUP BY 1, 2, 3 ORDER BY 4 DESC, 1, 2 LIMIT ?",
        (broker, MOST),
    ).fetchall()
    delivered = connection.execute(
        "SELECT event.type, event.source, trigger, state, count(*)"
        " FROM event JOIN delivery ON delivery.event = event.seq"
        " WHERE broker = ? GROUP BY 1, 2, 3, 4 ORDER BY 5 DESC, 1, 2 LIMIT ?",
        (broker, MOST),
    ).fetchall()
    return Seen(
        tuple(Emitted(_text(kind), _text(source), by, count) for kind, source, by, count in emitted),
        tuple(
            Delivered(_text(kind), _text(source), trigger, STATES[State(state)], count)
            for kind, source, trigger, state, count in delivered
        ),
    )


def _text(value: bytes) -> str:
    """U+FFFD for what is not UTF-8, as in the API."""
    return value.decode("utf-8", "replace")
