"""Statements that read, and rows as records."""

from __future__ import annotations

import base64
import json
import sqlite3
from collections.abc import Sequence
from typing import Any

from plait.local.store.records import Delivery, Failure, Stage, StoredEvent
from plait.local.wire.event import Event

EVENT_COLUMNS = "seq, broker, accepted, parent, replay_of, attributes, passed, refused, data"
_DELIVERY_COLUMNS = "id, event, trigger, stage, tries, attempts, due, broken, failure"


def last_numbers(connection: sqlite3.Connection) -> tuple[int, int]:
    """The highest seq and the highest delivery id, 0 for none."""
    (seq,) = connection.execute("SELECT coalesce(max(seq), 0) FROM event").fetchone()
    (delivery,) = connection.execute("SELECT coalesce(max(id), 0) FROM delivery").fetchone()
    return seq, delivery


def open_counts(connection: sqlite3.Connection) -> dict[str, int]:
    """How many deliveries are open, by Trigger."""
    rows = connection.execute("SELECT trigger, count(*) FROM delivery WHERE state = 0 GROUP BY trigger")
    return dict(rows.fetchall())


def open_deliveries(connection: sqlite3.Connection, trigger: str, after: int, limit: int) -> list[Delivery]:
    """Open deliveries of a Trigger with a higher id, in the order of their ids, each with its event."""
    rows = connection.execute(
        f"SELECT {_DELIVERY_COLUMNS} FROM delivery"  # noqa: S608 (constants)
        " WHERE state = 0 AND trigger = ? AND id > ? ORDER BY id LIMIT ?",
        (trigger, after, limit),
    ).fetchall()
    return [_with_event(connection, delivery_of(row)) for row in rows]


def open_delivery(connection: sqlite3.Connection, identity: int) -> Delivery | None:
    """One open delivery with its event, None where it is closed or gone."""
    row = connection.execute(
        f"SELECT {_DELIVERY_COLUMNS} FROM delivery WHERE state = 0 AND id = ?",  # noqa: S608 (constants)
        (identity,),
    ).fetchone()
    return _with_event(connection, delivery_of(row)) if row else None


def event(connection: sqlite3.Connection, seq: int) -> StoredEvent | None:
    """One event, None where there is none."""
    row = connection.execute(
        f"SELECT {EVENT_COLUMNS} FROM event WHERE seq = ?",  # noqa: S608 (constants)
        (seq,),
    ).fetchone()
    return event_of(row) if row else None


def event_of(row: Sequence[Any]) -> StoredEvent:
    """A row of EVENT_COLUMNS."""
    seq, broker, accepted, parent, replay_of, attributes, passed, refused, data = row
    headers, context = json.loads(passed)
    return StoredEvent(
        seq,
        broker,
        Event(json.loads(attributes), data),
        [tuple(pair) for pair in headers],
        [tuple(pair) for pair in context],
        accepted,
        parent,
        replay_of,
        [tuple(item) for item in json.loads(refused)],
    )


def delivery_of(row: Sequence[Any]) -> Delivery:
    """A row of the columns of an open delivery."""
    identity, seq, trigger, stage, tries, attempts, due, broken, failure = row
    known = _failure(failure) if failure else None
    if stage == Stage.REPLY:  # the reply itself is not kept: ask the subscriber again
        stage, tries = Stage.SUBSCRIBER, 0
    return Delivery(identity, seq, trigger, None, Stage(stage), tries, attempts, due, known, bool(broken))


def _failure(text: str) -> Failure:
    dest, code, data, passed = json.loads(text)
    return Failure(dest, code, base64.b64decode(data), passed and [tuple(pair) for pair in passed])


def _with_event(connection: sqlite3.Connection, delivery: Delivery) -> Delivery:
    delivery.stored = event(connection, delivery.seq)
    return delivery
