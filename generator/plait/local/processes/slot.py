"""The place of one function: the life that serves, and the one that is to take over from it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from plait.local.processes.life import Life
from plait.local.processes.plan import Planned

Begin = Callable[[Planned, Life | None], Life]
Retire = Callable[[Life, float], None]
# Seconds that a life goes on when another has taken over: who has just asked for its URL may still come.
_LAST_CALLS = 0.5


class Slot:
    """A function's place among the others.

    Args:
        planned: what to run.
        begin: starts a life of it; told which one serves meanwhile.
        retire: ends a life, in so many seconds, without waiting for it.
        tasks: where a take-over is waited for.
        changed: called when another life serves.
        tell: says something of the function: a text, a level.
    """

    def __init__(
        self,
        planned: Planned,
        begin: Begin,
        retire: Retire,
        tasks: asyncio.TaskGroup,
        changed: Callable[[], None],
        tell: Callable[[str, str], None],
    ) -> None:
        self.planned = planned
        self._begin, self._retire, self._tasks = begin, retire, tasks
        self._changed, self._tell = changed, tell
        self._serving = begin(planned, None)
        self._next: Life | None = None
        self._taking_over: asyncio.Task[None] | None = None

    @property
    def url(self) -> str | None:
        """Where the function takes events now, or None."""
        return self._serving.url

    @property
    def first(self) -> asyncio.Future[bool]:
        """Whether the first process that was to serve became ready; set once that is known."""
        return self._serving.first

    def replace(self, planned: Planned) -> None:
        """Run this from now on.

        A process that serves goes on until the new one is ready, so that no event is refused, and for good
        where the new one does not start.
        """
        self.planned = planned
        self._give_up()
        if self._serving.url is None:
            self._retire(self._serving, 0)
            self._serving = self._begin(planned, None)
            return
        self._next = self._begin(planned, self._serving)
        self._taking_over = self._tasks.create_task(self._take_over(self._next))

    async def _take_over(self, coming: Life) -> None:
        started = await coming.first
        self._next = None
        if not started:
            self._tell("the new one does not start; the one before goes on", "error")
            self._retire(coming, 0)
            return
        before, self._serving = self._serving, coming
        self._changed()
        self._retire(before, _LAST_CALLS)

    def _give_up(self) -> None:
        """The one that was to come does not."""
        if self._next and self._taking_over:
            self._taking_over.cancel()
            self._retire(self._next, 0)
            self._next = None

    def leave(self) -> None:
        """The function is gone from functions.yaml."""
        self._give_up()
        self._retire(self._serving, 0)
