"""The events that are with the function now, and when their time is up.

All have the same time, so the oldest is always due first: one timer is enough for all of them, and a call
that is in time costs no timer of its own.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable

# Seconds that a cancelled function has to end; then it is answered for.
GRACE = 1.0


class Call:
    """One event with the function.

    Attributes:
        task: the one to cancel.
        deadline: on the clock of time.monotonic(), which is the event loop's too.
        give_up: called when the function goes on GRACE seconds after its cancellation.
        expired: its time was up.
        abandoned: it was given up; whatever it returns is dropped.
    """

    __slots__ = ("abandoned", "deadline", "expired", "give_up", "task")

    def __init__(self, task: asyncio.Task[None], deadline: float, give_up: Callable[[], None]) -> None:
        self.task, self.deadline, self.give_up = task, deadline, give_up
        self.expired = False
        self.abandoned = False


class Calls:
    """All calls of one worker.

    Args:
        limit: most at once.
        seconds: that each may take.
        exhausted: called when as many calls as that are abandoned and still go on.
    """

    def __init__(self, limit: int, seconds: float, exhausted: Callable[[], None]) -> None:
        self.limit, self.seconds, self.exhausted = limit, seconds, exhausted
        self.calls: dict[Call, None] = {}
        self.lost = 0
        self.timer: asyncio.TimerHandle | None = None
        self.process = os.getpid()

    def __len__(self) -> int:
        return len(self.calls)

    @property
    def full(self) -> bool:
        """Whether there are as many as there may be."""
        return len(self.calls) >= self.limit

    def begin(self, task: asyncio.Task[None], give_up: Callable[[], None]) -> Call:
        """A call begins now."""
        call = Call(task, time.monotonic() + self.seconds, give_up)
        self.calls[call] = None
        if self.timer is None:
            self._wait_for(call)
        return call

    def end(self, call: Call) -> None:
        """The function came back. In a child that it forked, the child ends here."""
        if os.getpid() != self.process:
            os._exit(0)
        if call.abandoned:
            self.lost -= 1
        else:
            del self.calls[call]

    def _wait_for(self, call: Call) -> None:
        self.timer = asyncio.get_running_loop().call_at(call.deadline, self._expire)

    def _expire(self) -> None:
        self.timer = None
        now = time.monotonic()
        for call in self.calls:
            if call.expired:
                continue
            if call.deadline > now:
                self._wait_for(call)
                return
            call.expired = True
            call.task.cancel()
            asyncio.get_running_loop().call_later(GRACE, self._abandon, call)

    def _abandon(self, call: Call) -> None:
        if call not in self.calls:
            return
        call.abandoned = True
        del self.calls[call]
        self.lost += 1
        call.give_up()
        if self.lost >= self.limit:
            self.exhausted()
