"""Records of the store as plain data for JSON."""

from __future__ import annotations

import codecs
import sqlite3
from typing import Any

from plait.local.gostd import userinfo
from plait.local.gostd.escape import raw
from plait.local.store import Stage, State, StoredEvent
from plait.local.wire.event import ARRIVAL, TTL, Event

Json = dict[str, Any]

SHOWN = 200
STATES = {
    State.OPEN: "open",
    State.DONE: "done",
    State.DEAD_LETTERED: "dead-lettered",
    State.FAILED: "failed",
}
STAGES = {Stage.SUBSCRIBER: "subscriber", Stage.REPLY: "reply", Stage.DEAD_LETTER: "dead-letter"}


def summary(connection: sqlite3.Connection, stored: StoredEvent) -> Json:
    """One event without its data, with the state of its deliveries."""
    rows = connection.execute(
        "SELECT trigger, state, attempts FROM delivery WHERE event = ? ORDER BY id", (stored.seq,)
    )
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
            {"trigger": trigger, "state": STATES[State(state)], "attempts": attempts}
            for trigger, state, attempts in rows.fetchall()
        ],
    }


def _attributes(event: Event) -> dict[str, str]:
    """Those that people see; the URL in a dead letter without its password."""
    found = {name: readable(text) for name, text in event.attributes.items() if name not in (TTL, ARRIVAL)}
    if dest := found.get("knativeerrordest"):
        found["knativeerrordest"] = userinfo.without(dest)
    return found


def _parent_seq(connection: sqlite3.Connection, delivery: int | None) -> int | None:
    """The event whose delivery was answered with this one."""
    row = connection.execute("SELECT event FROM delivery WHERE id = ?", (delivery,)).fetchone()
    return row[0] if row else None


def readable(text: str) -> str:
    """The text with U+FFFD for bytes that are not UTF-8."""
    return raw(text).decode("utf-8", "replace") if not text.isascii() else text


def refusals(stored: StoredEvent) -> list[Json]:
    """The Triggers that did not get an event, and why; `nowhere` where it matched, but nobody is there."""
    return [
        {
            "trigger": name,
            "matched": False,
            "attribute": attribute,
            "reason": readable(reason),
            "filter": path,
            **({} if path else {"nowhere": True}),
        }
        for name, attribute, reason, path in stored.refused
    ]


def attempts(connection: sqlite3.Connection, identity: int) -> list[Json]:
    """The attempts of a delivery, the first one first."""
    rows = connection.execute(
        "SELECT number, stage, url, at, status, error, took, wait FROM attempt"
        " WHERE delivery = ? ORDER BY number",
        (identity,),
    )
    return [
        {
            "number": number,
            "stage": STAGES[Stage(stage)],
            "url": url,
            "at": at,
            "status": status,
            "error": error,
            "tookMs": round(took, 3),
            "waitMs": wait,
        }
        for number, stage, url, at, status, error, took, wait in rows.fetchall()
    ]


def beginning(data: bytes) -> str | None:
    """The first SHOWN characters of data that is text, None for other data."""
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(data[: 4 * SHOWN], len(data) <= 4 * SHOWN)[
            :SHOWN
        ]
    except UnicodeDecodeError:
        return None
