"""The time that a module sees."""

from __future__ import annotations

import time
from typing import Protocol

REALTIME, MONOTONIC = 0, 1
# Nanoseconds that clocks say they are good for.
RESOLUTION = 1000
# Not 0, which the runtime of Go takes for a broken clock.
_START = 1_000_000_000


class Clock(Protocol):
    """Time in nanoseconds."""

    def now(self, kind: int) -> int:
        """REALTIME: since 1970. MONOTONIC: since some moment."""

    def sleep(self, nanoseconds: int) -> None:
        """Until that much later."""


class HostClock:
    """The real time, for `clock: true`."""

    def now(self, kind: int) -> int:
        """As the host has it."""
        return time.time_ns() if kind == REALTIME else time.monotonic_ns()

    def sleep(self, nanoseconds: int) -> None:
        """In this thread."""
        time.sleep(nanoseconds / 1e9)


class StillClock:
    """A time of the module's own: it stands at one second past 1970, and moves only when the module sleeps.

    So a module learns nothing of the real time, the same event gives the same answer, and sleeping, which
    runtimes of languages do to wait for themselves, takes no time.
    """

    __slots__ = ("nanoseconds",)

    def __init__(self) -> None:
        self.nanoseconds = _START

    def now(self, kind: int) -> int:  # noqa: ARG002 - all kinds are one
        """The same for all kinds of clock."""
        return self.nanoseconds

    def sleep(self, nanoseconds: int) -> None:
        """At once."""
        self.nanoseconds += nanoseconds
