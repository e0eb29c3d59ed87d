"""What happened, read from the store: lists of events, one event, and the tree that grew from it.

Functions here run in the store's thread (Store.query) and give plain data for JSON.
"""

from __future__ import annotations

import base64
import contextlib
import json
import sqlite3
from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from plait.local import plain
from plait.local.gostd.escape import raw
from plait.local.plain import Json
from plait.local.store import Stage, State, StoredEvent, read

MOST_EVENTS = 1000
_LONGEST_NUMBER = 19  # digits; SQLite's integers have no more, and ids of some services do
MOST_NODES = 1000
DEEPEST = 100
_LOST_STATES = ("dead-lettered", "failed")
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
    conditions = ["seq > ?"]
    values: list[int | str | bytes] = [query.since]
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
    return [plain.summary(connection, read.event_of(row)) for row in reversed(rows)]


def find(connection: sqlite3.Connection, reference: str) -> list[int]:
    """The seqs that `SEQ`, `ID` or `id:ID` means, the newest first."""
    if reference.isascii() and reference.isdigit() and len(reference) < _LONGEST_NUMBER:
        row = connection.execute("SELECT seq FROM event WHERE seq = ?", (int(reference),)).fetchone()
        if row:
            return [row[0]]
    identity = raw(reference.removeprefix("id:"))
    rows = connection.execute("SELECT seq FROM event WHERE id = ? ORDER BY seq DESC", (identity,))
    return [seq for (seq,) in rows.fetchall()]


def detail(connection: sqlite3.Connection, seq: int) -> Json:
    """One event with its data. Raises LookupError where it is gone."""
    stored = _event(connection, seq)
    encoded = base64.b64encode(stored.event.data).decode()
    headers = [[name, plain.readable(value)] for name, value in stored.passed + stored.context]
    shown = {"dataBase64": encoded, **_as_text(stored.event.data), "headers": headers}
    return {**plain.summary(connection, stored), **shown}


def _as_text(data: bytes) -> Json:
    """Data as text and as JSON, where they are such and can be written as JSON again."""
    shown: Json = {}
    with contextlib.suppress(ValueError, RecursionError):
        shown["text"] = data.decode()
        value = json.loads(data)
        json.dumps(value, allow_nan=False)
        shown["json"] = value
    return shown


def lost_triggers(connection: sqlite3.Connection, seq: int) -> list[str]:
    """The Triggers for which an event was dead-lettered or given up."""
    rows = connection.execute("SELECT trigger FROM delivery WHERE event = ? AND state IN (2, 3)", (seq,))
    return [trigger for (trigger,) in rows.fetchall()]


def counts(connection: sqlite3.Connection) -> Mapping[str, Mapping[str, int]]:
    """How many deliveries are in which state, by Trigger; events by Broker under `event:NAMESPACE/NAME`."""
    found: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(plain.STATES.values(), 0))
    for trigger, state, count in connection.execute(
        "SELECT trigger, state, count(*) FROM delivery GROUP BY 1, 2"
    ):
        found[trigger][plain.STATES[State(state)]] = count
    for broker, count in connection.execute("SELECT broker, count(*) FROM event GROUP BY 1"):
        found[f"event:{broker}"] = {"events": count}
    return found


def trace(connection: sqlite3.Connection, seq: int) -> Json:
    """The tree of an event: every Trigger with its verdict, attempts and replies; replies are events again.

    `lost` of its root names every delivery in the tree, shown or not, that was dead-lettered or given up.
    What is deeper than DEEPEST hops, or beyond MOST_NODES events, is left out: `truncated`, and `more` with
    the seqs of replies that are left out for their depth.

    Raises:
        LookupError: where the event is gone.
    """
    root = _node(connection, _event(connection, seq))
    todo, count, lost = deque([(root, 1)]), 1, list[Json]()
    while todo:
        node, depth = todo.popleft()
        for shown in _deliveries(connection, node["seq"]):
            node["triggers"].append(shown)
            if shown["state"] in _LOST_STATES:
                lost.append({"seq": node["seq"], "trigger": shown["trigger"], "state": shown["state"]})
            for reply in _replies(connection, shown["delivery"], MOST_NODES - count):
                count += 1
                child = _node(connection, reply)
                todo.append((child, depth + 1))
                if depth < DEEPEST:
                    shown["replies"].append(child)
                else:
                    shown |= {"truncated": True, "more": [*shown.get("more", []), child["seq"]]}
            if count >= MOST_NODES:
                shown["truncated"] = True
    return {**root, "lost": lost}


def _node(connection: sqlite3.Connection, stored: StoredEvent) -> Json:
    text = plain.beginning(stored.event.data)
    return {**plain.summary(connection, stored), "text": text, "triggers": plain.refusals(stored)}


def _deliveries(connection: sqlite3.Connection, seq: int) -> Iterator[Json]:
    columns = "id, trigger, state, stage, attempts, due, broken"
    rows = connection.execute(f"SELECT {columns} FROM delivery WHERE event = ? ORDER BY id", (seq,))  # noqa: S608
    for identity, trigger, state, stage, tries, due, broken in rows.fetchall():
        shown: Json = {"trigger": trigger, "matched": not broken, "state": plain.STATES[State(state)]}
        shown |= {"delivery": identity, "attempts": plain.attempts(connection, identity), "replies": []}
        if state == State.OPEN and tries:
            shown |= {"next": plain.STAGES[Stage(stage)], "due": due}
        yield shown


def _replies(connection: sqlite3.Connection, delivery: int, limit: int) -> list[StoredEvent]:
    rows = connection.execute(
        f"SELECT {read.EVENT_COLUMNS} FROM event WHERE parent = ? ORDER BY seq LIMIT ?",  # noqa: S608 (constants)
        (delivery, max(limit, 0)),
    )
    return [read.event_of(row) for row in rows.fetchall()]


def _event(connection: sqlite3.Connection, seq: int) -> StoredEvent:
    stored = read.event(connection, seq)
    if stored is None:
        raise LookupError(seq)
    return stored
