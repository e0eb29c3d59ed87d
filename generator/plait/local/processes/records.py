"""The runtimes' log lines (docs/runtimes/contract.md, "Logs"): JSON objects, made readable."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

_HEAD = frozenset({"time", "level", "logger", "message", "status", "duration_ms"})
_EVENT = frozenset({"event_id", "event_type", "event_source", "trace_id"})
_OWN = _HEAD | _EVENT | {"traceback"}
_QUIET = ("debug", "info")
# Of a worker that does not start: the function's own error is shown before, how it ended is told after.
_NOT_BOOTED = re.compile(
    r"Worker \(pid:\d+\) exited with code 3\.|Shutting down: Master|Reason: Worker failed to boot\."
)
_IMPORTED = " cannot be imported"


@dataclass(frozen=True)
class Text:
    """Lines for a person, and the level that colours the first."""

    lines: tuple[str, ...]
    level: str = "info"


def parse(line: str) -> Mapping[str, Any] | None:
    """The record that a line is, or None: then it is the function's own text."""
    if not line.startswith("{"):
        return None
    try:
        record = json.loads(line)
    except ValueError:
        return None
    known = isinstance(record, dict) and {"level", "message"} <= record.keys()
    return record if known else None


def readable(record: Mapping[str, Any]) -> Text:
    """A record in words.

    `12:00:01.123 reply 200 0.4 ms t from /s id 1`, then what else it has, then the traceback. None of
    gunicorn's own talk: plait says itself when a function is up.
    """
    level = str(record["level"])
    if str(record.get("logger", "")).startswith("gunicorn") and _is_known(level, str(record["message"])):
        return Text(())
    head = " ".join(_words(record, level))
    trace = str(record.get("traceback") or "").rstrip()
    return Text((*head.split("\n"), *trace.split("\n")) if trace else tuple(head.split("\n")), level)


def _is_known(level: str, message: str) -> bool:
    return level in _QUIET or _NOT_BOOTED.fullmatch(message) is not None


def told_once(text: str, before: str) -> str:
    """A runtime's sentence about code that cannot be imported, without the error of the line before."""
    head, found, what = text.partition(f"{_IMPORTED}: ")
    told = text.startswith("plait-") and found and before and what.startswith(before)
    return head + _IMPORTED if told else text


def _words(record: Mapping[str, Any], level: str) -> Iterator[str]:
    yield _clock(str(record.get("time", "")))
    if level != "info":
        yield level.upper()
    yield str(record["message"])
    if "status" in record:
        yield str(record["status"])
    if "duration_ms" in record:
        yield f"{record['duration_ms']} ms"
    if "event_id" in record:
        yield f"{record.get('event_type')} from {record.get('event_source')} id {record['event_id']}"
    yield from (f"{key}={value}" for key, value in record.items() if key not in _OWN)


def _clock(text: str) -> str:
    """The time of day here, in milliseconds; what is no time stays."""
    try:
        return datetime.fromisoformat(text).astimezone().strftime("%H:%M:%S.%f")[:-3]
    except ValueError:
        return text
