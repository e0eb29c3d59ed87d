"""One run of a module, as the host's functions know it."""

from __future__ import annotations

import logging
import time

from plait_wasmtime.wasi.clocks import Clock

LOG_BYTES = 16 * 1024
STDOUT, STDERR = 1, 2


class Output:
    """What a module wrote to one stream, up to a limit.

    Attributes:
        limit: bytes that are kept.
        kept: the bytes.
        dropped: how many came after them.
    """

    __slots__ = ("dropped", "kept", "limit")

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.kept = bytearray()
        self.dropped = 0

    def write(self, chunk: bytes | bytearray, left_out: int = 0) -> None:
        """Some bytes more.

        Args:
            chunk: the bytes.
            left_out: how many came after them that nobody needs to copy.
        """
        room = max(0, self.limit - len(self.kept))
        self.kept += chunk[:room]
        self.dropped += max(0, len(chunk) - room) + left_out


class Run:
    """One event with a module.

    Attributes:
        deadline: when its time is up, on the clock of `time.monotonic()`.
        clock: the time that the module sees.
        stdout: what it answered; None: stdout is not for the answer, and goes to the log.
        log: what it wrote to stderr.
    """

    __slots__ = ("clock", "deadline", "log", "stdout")

    def __init__(self, deadline: float, clock: Clock, stdout: Output | None = None) -> None:
        self.deadline, self.clock, self.stdout = deadline, clock, stdout
        self.log = Output(LOG_BYTES)

    def output(self, descriptor: int) -> Output | None:
        """The stream behind a file descriptor; None where there is none to write to."""
        if descriptor == STDOUT:
            return self.log if self.stdout is None else self.stdout
        return self.log if descriptor == STDERR else None

    def sleep(self, nanoseconds: int) -> None:
        """Waits, but not longer than the event has time."""
        left = max(0.0, self.deadline - time.monotonic())
        self.clock.sleep(min(nanoseconds, int(left * 1e9) + 1))

    def write_log(self, logger: logging.LoggerAdapter[logging.Logger]) -> None:
        """The lines of stderr as lines of the log."""
        if not self.log.kept:
            return
        for line in self.log.kept.decode("utf-8", "replace").splitlines():
            logger.info(line)
        if self.log.dropped:
            logger.warning("%d bytes more on stderr are left out", self.log.dropped)

    def last_line(self) -> str:
        """The last line of stderr that is not empty; empty where there is none."""
        lines = self.log.kept.decode("utf-8", "replace").split("\n")
        return next((line.strip() for line in reversed(lines) if line.strip()), "")
