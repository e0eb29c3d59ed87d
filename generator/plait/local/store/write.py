"""Statements that write."""

from __future__ import annotations

import base64
import json
import sqlite3
from collections.abc import Sequence

from plait.local.gostd.escape import raw
from plait.local.store.records import Attempt, Delivery, Failure, State, StoredEvent

_EVENT = "INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_DELIVERY = "INSERT INTO delivery VALUES (?, ?, ?, 0, ?, ?, ?, ?, ?, NULL)"
_PROGRESS = (
    "UPDATE delivery SET state = ?, stage = ?, tries = ?, attempts = ?, due = ?, failure = ? WHERE id = ?"
)
_ATTEMPT = "INSERT OR REPLACE INTO attempt VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"


def accept(connection: sqlite3.Connection, stored: StoredEvent, deliveries: Sequence[Delivery]) -> None:
    """Keep an event with its deliveries."""
    event = stored.event
    connection.execute(
        _EVENT,
        (
            stored.seq,
            stored.broker,
            raw(event.id),
            raw(event.source),
            raw(event.type),
            stored.accepted,
            stored.parent,
            stored.replay_of,
            json.dumps(event.attributes),
            json.dumps([stored.passed, stored.context]),
            json.dumps(stored.refused),
            event.data,
        ),
    )
    for item in deliveries:
        row = (item.id, item.seq, item.trigger, item.stage, item.tries, item.attempts, item.due, item.broken)
        connection.execute(_DELIVERY, row)


def progress(
    connection: sqlite3.Connection, delivery: Progress, state: State, attempts: Sequence[Attempt]
) -> None:
    """Note attempts of a delivery, and where it stands now."""
    identity, stage, tries, total, due, failure = delivery
    connection.execute(_PROGRESS, (state, stage, tries, total, due, failure, identity))
    for attempt in attempts:
        row = (identity, attempt.number, attempt.stage, attempt.url, attempt.at, attempt.status)
        connection.execute(_ATTEMPT, (*row, attempt.error, attempt.took, attempt.wait))


Progress = tuple[int, int, int, int, int, str | None]


def snapshot(delivery: Delivery) -> Progress:
    """What `progress` writes of a delivery that goes on changing."""
    failure = _failure_text(delivery.failure) if delivery.failure else None
    return delivery.id, delivery.stage, delivery.tries, delivery.attempts, delivery.due, failure


def _failure_text(failure: Failure) -> str:
    data = base64.b64encode(failure.data).decode()
    return json.dumps([failure.dest, failure.code, data, failure.passed])


def prune(connection: sqlite3.Connection, keep: int, batch: int) -> int:
    """Delete the oldest events beyond `keep` whose deliveries are all closed; how many went."""
    rows = connection.execute(
        "SELECT seq FROM event WHERE seq <= (SELECT max(seq) FROM event) - ?"
        " AND NOT EXISTS (SELECT 1 FROM delivery WHERE event = seq AND state = 0) ORDER BY seq LIMIT ?",
        (keep, batch),
    ).fetchall()
    for (seq,) in rows:
        connection.execute(
            "DELETE FROM attempt WHERE delivery IN (SELECT id FROM delivery WHERE event = ?)", (seq,)
        )
        connection.execute("DELETE FROM delivery WHERE event = ?", (seq,))
        connection.execute("DELETE FROM event WHERE seq = ?", (seq,))
    return len(rows)
