"""Does what the event's type says. Sync, so in a thread."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from cloudevents.core.v1.event import CloudEvent

from plait_handler import Reject, RetryLater


def handle(event: CloudEvent) -> Any:
    return ACTS[event.get_type()]()


def made() -> CloudEvent:
    attributes = {"id": "7", "source": "/made", "type": "made", "datacontenttype": "application/json"}
    return CloudEvent(attributes, {"made": True})


def broken() -> CloudEvent:
    event = made()
    event.get_attributes()["type"] = ""
    return event


def fails() -> NoReturn:
    raise ValueError("secret of the function")


def rejects() -> NoReturn:
    raise Reject("no order number")


def comes_later() -> NoReturn:
    raise RetryLater(1, "the database is away")


def hangs() -> NoReturn:
    while True:
        pass


def prints() -> str:
    print("to stdout")
    print("to stderr", file=sys.stderr)
    return "printed"


def forks() -> str:
    """The child comes back with an answer of its own, which nobody asked for."""
    return "parent" if os.fork() else "child"


def starts_a_program() -> bytes:
    return subprocess.run(["/bin/echo", "hello"], check=True, capture_output=True).stdout


ACTS: Mapping[str, Callable[[], Any]] = {
    "object": lambda: {"a": 1},
    "list": lambda: [1, 2],
    "text": lambda: "text \u20ac",
    "number": lambda: 5,
    "boolean": lambda: False,
    "bytes": lambda: b"\x00\xff",
    "nothing": lambda: None,
    "event": made,
    "nonsense": lambda: {1},
    "broken": broken,
    "fail": fails,
    "reject": rejects,
    "retry": comes_later,
    "hang": hangs,
    "exit": lambda: sys.exit(5),
    "die": lambda: os._exit(9),
    "print": prints,
    "stdin": lambda: sys.stdin.read() or "nothing",
    "fork": forks,
    "program": starts_a_program,
}
