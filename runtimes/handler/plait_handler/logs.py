"""Logs: one JSON object a line, on stderr, written in one piece so that nothing comes in between."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import time
import traceback
from json.encoder import encode_basestring_ascii as quoted
from types import TracebackType
from typing import Any

STDERR = 2
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


def write(line: str) -> None:
    """Writes a line to stderr. A log that nobody can take (closed, full and not blocking) stops no event."""
    with contextlib.suppress(OSError):
        os.write(STDERR, line.encode("utf-8", "backslashreplace"))


def timestamp(seconds: float) -> str:
    """RFC 3339 in UTC with milliseconds, of seconds since the epoch."""
    return f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(seconds))}.{int(seconds % 1 * 1000):03d}Z"


class Formatter(logging.Formatter):
    """A record as a JSON object: time, level, logger, message, whatever `extra` had, and the traceback."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, without its end."""
        fields: dict[str, Any] = {
            "time": timestamp(record.created),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        fields |= {name: value for name, value in vars(record).items() if name not in _STANDARD}
        if record.exc_info:
            fields["traceback"] = self.formatException(record.exc_info)
        return json.dumps(fields, default=str)


class Handler(logging.Handler):
    """Writes records to stderr."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(Formatter())

    def emit(self, record: logging.LogRecord) -> None:
        """Writes one."""
        try:
            write(self.format(record) + "\n")
        except Exception:  # noqa: BLE001 - a message that cannot be formatted
            self.handleError(record)


def configure(level: str) -> None:
    """Gives the user's own logging a place to go, where the user has not given it one.

    Args:
        level: one of settings.LOG_LEVELS.
    """
    root = logging.getLogger()
    if not root.handlers:
        root.addHandler(Handler())
        root.setLevel(level.upper())


class Clock:
    """The time as text, of which all but the milliseconds is made once a second."""

    def __init__(self) -> None:
        self.second = -1
        self.text = ""

    def now(self) -> str:
        """RFC 3339 in UTC, with milliseconds."""
        seconds = time.time()
        whole = int(seconds)
        if whole != self.second:
            self.second = whole
            self.text = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(whole))
        return f"{self.text}.{int((seconds - whole) * 1000):03d}Z"


def traceback_text(error: BaseException) -> str:
    """The traceback of what a function raised, from the function on: how it was called is ours."""
    trace = error.__traceback__
    while trace is not None and _is_ours(trace):
        trace = trace.tb_next
    return "".join(traceback.format_exception(type(error), error, trace))


def _is_ours(trace: TracebackType) -> bool:
    package = trace.tb_frame.f_globals.get("__package__") or ""
    return package.partition(".")[0] in ("plait_handler", "plait_wasmtime", "asyncio")


__all__ = ["Clock", "Formatter", "Handler", "configure", "quoted", "timestamp", "traceback_text", "write"]
