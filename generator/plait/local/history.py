"""What happened, read from the store: lists of events, one event, and the tree that grew from it.

Functions here run in the store's thread (Store.query) and give plain data for JSON.
"""

from __future__ import annotations

import base64
import json
import sqlite3
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from plait.local.gostd.escape import raw
from plait.local.store import Stage, State, StoredEvent, read
from plait.local.wire.event import ARRIVAL, TTL, Event

Json = dict[str, Any]

MOST_EVENTS = 1000
MOST_NODES = 1000
_STATES = {State.OPEN: "open", State.DONE: "done", State.DEAD_LETTERED: "dead-lettered", State.FAILED: "failed"}
_STAGES = {Stage.SUBSCRIBER: "subscriber", Stage.REPLY: "reply", Stage.DEAD_LETTER: "dead-letter"}
_LOST = "(SELECT 1 FROM delivery WHERE event = seq AND state IN (2, 3))"


@dataclass(frozen=True)
class Query:
    """Which events are wanted.

    Attributes:
        type, source, id: the attribute's value, `*` in it standing for anything; None for every one.
        since: only events with a higher seq.
        limit: how many, the newest.
        lost: only events that were dead-lettered, or given up, for at least one Trigger.
        seqs: only these; None for all.
    """

    type: str | None = None
    source: str | None = None
    id: str | None = None
    since: int = 0
    limit: int = 100
    lost: bool = False
    seqs: Sequence[int] | None = None


def events(connection: sqlite3.Connection, query: Query) -> list[Json]:
    """Events, the oldest first, each with the state of its deliveries."""
    conditions, values = ["seq > ?"], [query.since]
    for column in ("type", "source", "id"):
        wanted = getattr(query, column)
        if wanted is not None:
            conditions.append(f"CAST({column} AS TEXT) GLOB ?" if "*" in wanted else f"{column} = ?")
            values.append(wanted if "*" in wanted else raw(wanted))
    if query.lost:
        conditions.append(f"EXISTS {_LOST}")
    if query.seqs is not None:
        conditions.append(f"seq IN ({','.join(str(int(seq)) for seq in query.seqs)})")
    rows = connection.execute(
        f"SELECT {read.EVENT_COLUMNS} FROM event WHERE {' AND '.join(conditions)}"  # noqa: S608 (own texts)
        " ORDER BY seq DESC LIMIT ?",
        (*values, min(query.limit, MOST_EVENTS)),
    ).fetchall()
    return [_summary(connection, read.event_of(row)) for row in reversed(rows)]


def find(connection: sqlite3.Connection, reference: str) -> list[int]:
    """The seqs that `SEQ`, `ID` or `id:ID` means, the newest first."""
    if reference.isascii() and reference.isdigit():
        row = connection.execute("SELECT seq FROM event WHERE seq = ?", (int(reference),)).fetchone()
        if row:
            return [row[0]]
    identity = raw(reference.removeprefix("id:"))
    rows = connection.execute("SELECT seq FROM event WHERE id = ? ORDER BY seq DESC", (identity,))
    return [seq for (seq,) in rows.fetchall()]


def detail(connection: sqlite3.Connection, seq: int) -> Json:
    """One event with its data. Raises LookupError where it is gone."""
    stored = _event(connection, seq)
    data = stored.event.data
    shown = {**_summary(connection, stored), "dataBase64": base64.b64encode(data).decode()}
    try:
        shown["text"] = data.decode()
        shown["json"] = json.loads(data)
    except ValueError:
        pass
    return {**shown, "headers": [[name, _readable(value)] for name, value in stored.passed + stored.context]}


def lost_triggers(connection: sqlite3.Connection, seq: int) -> list[str]:
    """The Triggers for which an event was dead-lettered or given up."""
    rows = connection.execute("SELECT trigger FROM delivery WHERE event = ? AND state IN (2, 3)", (seq,))
    return [trigger for (trigger,) in rows.fetchall()]


def counts(connection: sqlite3.Connection) -> Mapping[str, Mapping[str, int]]:
    """How many deliveries are in which state, by Trigger; events by Broker under `event:NAMESPACE/NAME`."""
    found: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(_STATES.values(), 0))
    for trigger, state, count in connection.execute("SELECT trigger, state, count(*) FROM delivery GROUP BY 1, 2"):
        found[trigger][_STATES[State(state)]] = count
    for broker, count in connection.execute("SELECT broker, count(*) FROM event GROUP BY 1"):
        found[f"event:{broker}"] = {"events": count}
    return found


def trace(connection: sqlite3.Connection, seq: int) -> Json:
    """The tree of an event: every Trigger with its verdict, attempts and replies; replies are events again.

    Raises:
        LookupError: where the event is gone.
    """
    left = [MOST_NODES]
    return _node(connection, _event(connection, seq), left)


def _node(connection: sqlite3.Connection, stored: StoredEvent, left: list[int]) -> Json:
    left[0] -= 1
    node = {**_summary(connection, stored), "triggers": _refusals(stored)}
    columns = "id, trigger, state, stage, attempts, due, broken"
    rows = connection.execute(f"SELECT {columns} FROM delivery WHERE event = ? ORDER BY id", (stored.seq,))  # noqa: S608
    node["triggers"] += [_delivery(connection, row, left) for row in rows.fetchall()]
    return node


def _refusals(stored: StoredEvent) -> list[Json]:
    return [
        {"trigger": name, "matched": False, "attribute": attribute, "reason": _readable(reason), "filter": path}
        for name, attribute, reason, path in stored.refused
    ]


def _delivery(connection: sqlite3.Connection, row: Sequence[Any], left: list[int]) -> Json:
    identity, trigger, state, stage, tries, due, broken = row
    shown: Json = {"trigger": trigger, "matched": not broken, "state": _STATES[State(state)]}
    shown |= {"delivery": identity, "attempts": _attempts(connection, identity)}
    if state == State.OPEN and tries:
        shown |= {"next": _STAGES[Stage(stage)], "due": due}
    replies = connection.execute(
        f"SELECT {read.EVENT_COLUMNS} FROM event WHERE parent = ? ORDER BY seq",  # noqa: S608 (constants)
        (identity,),
    ).fetchall()
    found = [_node(connection, read.event_of(reply), left) for reply in replies if left[0] > 0]
    return {**shown, "replies": found, **({"truncated": True} if len(found) < len(replies) else {})}


def _attempts(connection: sqlite3.Connection, identity: int) -> list[Json]:
    rows = connection.execute(
        "SELECT number, stage, url, at, status, error, took, wait FROM attempt WHERE delivery = ? ORDER BY number",
        (identity,),
    )
    return [
        {
            "number": number,
            "stage": _STAGES[Stage(stage)],
            "url": url,
            "at": at,
            "status": status,
            "error": error,
            "tookMs": round(took, 3),
            "waitMs": wait,
        }
        for number, stage, url, at, status, error, took, wait in rows.fetchall()
    ]


def _event(connection: sqlite3.Connection, seq: int) -> StoredEvent:
    stored = read.event(connection, seq)
    if stored is None:
        raise LookupError(seq)
    return stored


def _summary(connection: sqlite3.Connection, stored: StoredEvent) -> Json:
    rows = connection.execute("SELECT trigger, state, attempts FROM delivery WHERE event = ? ORDER BY id", (stored.seq,))
    return {
        "seq": stored.seq,
        "broker": stored.broker,
        "acceptedMs": stored.accepted,
        "parent": _parent_seq(connection, stored.parent),
        "replayOf": stored.replay_of,
        "attributes": _attributes(stored.event),
        "ttl": int(stored.event.attributes[TTL]),
        "size": len(stored.event.data),
        "deliveries": [
            {"trigger": trigger, "state": _STATES[State(state)], "attempts": attempts}
            for trigger, state, attempts in rows.fetchall()
        ],
    }


def _attributes(event: Event) -> dict[str, str]:
    return {name: _readable(text) for name, text in event.attributes.items() if name not in (TTL, ARRIVAL)}


def _parent_seq(connection: sqlite3.Connection, delivery: int | None) -> int | None:
    """The event whose delivery was answered with this one."""
    row = connection.execute("SELECT event FROM delivery WHERE id = ?", (delivery,)).fetchone()
    return row[0] if row else None


def _readable(text: str) -> str:
    """The text with U+FFFD for bytes that are not UTF-8."""
    return raw(text).decode("utf-8", "replace") if not text.isascii() else text


