"""One Trigger's deliveries: some at a time, the rest in the store.

A lane holds at most WINDOW deliveries in memory. What does not fit is read back from the store when there is
room, so a slow subscriber costs disk and not memory. A delivery that waits for its next attempt keeps its
number and no event.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from plait.local.delivery.advance import Next, advance
from plait.local.delivery.courier import Courier
from plait.local.delivery.failed import Failed
from plait.local.delivery.result import Result
from plait.local.routes import Trigger
from plait.local.store import Attempt, Delivery, Stage, State, Store, read

WINDOW = 128
WINDOW_BYTES = 4 * 1024 * 1024
CONCURRENCY = 100
MAX_WAITING = 10_000
SHORT_WAIT = 0.5


class Replies(Protocol):
    """Where replies go."""

    def __call__(
        self, delivery: Delivery, trigger: Trigger, result: Result, attempts: list[Attempt]
    ) -> Awaitable[Result]:
        """Route the reply and close its delivery, or tell why that failed."""
        ...


@dataclass(slots=True)
class Surroundings:
    """What all lanes share.

    Attributes:
        store, courier: as named.
        post_reply: routes a reply.
        closed: called with each delivery that has come to its end, and how.
        failed: called with each attempt after which the delivery waits, or is lost.
    """

    store: Store
    courier: Courier
    post_reply: Replies
    closed: Callable[[Delivery, State], None]
    failed: Callable[[Failed], None]


class Lane:
    """The deliveries of one Trigger."""

    def __init__(self, trigger: Trigger, around: Surroundings, *, backlog: bool) -> None:
        self.trigger = trigger
        self._around = around
        self._ready: deque[Delivery] = deque()
        self._bytes = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._timers: dict[int, asyncio.TimerHandle] = {}
        self._backlog = backlog
        self._refilling = self._missed = False
        self._loaded = 0
        self._stopped = False
        self._pump()

    def push(self, delivery: Delivery) -> None:
        """Take a new delivery, which is in the store already."""
        size = len(delivery.stored.event.data) if delivery.stored else 0
        if self._backlog or len(self._ready) >= WINDOW or self._bytes + size > WINDOW_BYTES:
            self._backlog = self._missed = True
        else:
            self._loaded = max(self._loaded, delivery.id)
            self._add(delivery)
        self._pump()

    def pause(self) -> None:
        """Start nothing new, for good; what is under way goes on. The rest stays open in the store."""
        self._stopped = True
        for timer in self._timers.values():
            timer.cancel()

    async def stop(self, grace: float) -> None:
        """Pause; what is under way has `grace` seconds."""
        self.pause()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=grace)
            for task in late:
                task.cancel()

    def _add(self, delivery: Delivery) -> None:
        self._ready.append(delivery)
        self._bytes += len(delivery.stored.event.data) if delivery.stored else 0

    def _pump(self) -> None:
        """Start what may start."""
        while self._ready and len(self._tasks) < CONCURRENCY and not self._stopped:
            delivery = self._ready.popleft()
            self._bytes -= len(delivery.stored.event.data) if delivery.stored else 0
            self._start(self._run(delivery))
        idle = not self._ready and not self._refilling and not self._stopped
        if self._backlog and idle and len(self._timers) < MAX_WAITING:
            self._refilling = True
            self._start(self._refill())

    def _start(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception():
            asyncio.get_running_loop().call_exception_handler(
                {"message": f"delivery of {self.trigger.key} failed", "exception": task.exception()}
            )
        self._pump()

    async def _refill(self) -> None:
        """Read the next deliveries back. New ones that come meanwhile are read after."""
        self._missed = False
        select = partial(read.open_deliveries, trigger=self.trigger.key, after=self._loaded, limit=WINDOW)
        try:
            found = await self._around.store.query(select)
        finally:
            self._refilling = False
        self._backlog = self._missed or len(found) == WINDOW
        for delivery in found:
            self._loaded = max(self._loaded, delivery.id)
            self._later(delivery, delivery.due / 1000 - time.time())

    def _later(self, delivery: Delivery, wait: float) -> None:
        if wait <= 0:
            self._add(delivery)
            return
        if wait > SHORT_WAIT:
            delivery.stored = None
        timer = asyncio.get_running_loop().call_later(wait, self._wake, delivery)
        self._timers[delivery.id] = timer

    def _wake(self, delivery: Delivery) -> None:
        self._timers.pop(delivery.id, None)
        self._add(delivery)
        self._pump()

    async def _run(self, delivery: Delivery) -> None:
        """Attempt after attempt, until one has to wait or the delivery is closed."""
        if delivery.stored is None:
            found = await self._around.store.query(partial(read.open_delivery, identity=delivery.id))
            if found is None:
                return
            delivery.stored = found.stored
        following = await self._attempt(delivery)
        while following.state is State.OPEN and not following.wait and not self._stopped:
            following = await self._attempt(delivery)
        if following.wait and not self._stopped:
            self._later(delivery, following.wait)

    async def _attempt(self, delivery: Delivery) -> Next:
        attempt, began = self._begin(delivery), time.perf_counter()
        result = await self._around.courier.attempt(delivery, self.trigger)
        attempts = [_ended(attempt, result, began)]
        if result.reply is not None:
            result = await self._around.post_reply(delivery, self.trigger, result, attempts)
            if result.ok:
                self._around.closed(delivery, State.DONE)
                return Next(State.DONE, delivery.stage)
            attempts.append(self._refused(delivery, result))
        following = advance(delivery, self.trigger, result)
        failed = Failed(delivery.seq, self.trigger, delivery.stage, delivery.tries, result, following)
        self._follow(delivery, following, attempts)
        if failed.waits or failed.lost:
            self._around.failed(failed)
        return following

    def _refused(self, delivery: Delivery, result: Result) -> Attempt:
        """The ingress refused the reply: no attempt is left, neither of the post nor of the delivery."""
        delivery.stage, delivery.tries = Stage.REPLY, self.trigger.policy.retry + 1
        delivery.attempts += 1
        url, now = result.failure.dest or "", int(time.time() * 1000)
        return Attempt(delivery.attempts, Stage.REPLY, url, now, result.status, result.error, 0.0)

    def _begin(self, delivery: Delivery) -> Attempt:
        delivery.tries += 1
        delivery.attempts += 1
        to_sink = delivery.stage is Stage.DEAD_LETTER
        url = (self.trigger.shown_dead_letter or "") if to_sink else self.trigger.shown_subscriber
        return Attempt(delivery.attempts, delivery.stage, url, int(time.time() * 1000), None, "", 0.0)

    def _follow(self, delivery: Delivery, following: Next, attempts: list[Attempt]) -> None:
        if following.stage is not delivery.stage:
            delivery.tries = 0
        delivery.stage, delivery.failure = following.stage, following.failure
        if following.wait is not None:
            attempts[-1].wait = following.wait * 1000
            delivery.due = int((time.time() + following.wait) * 1000)
        self._around.store.note(delivery, following.state, attempts)
        if following.state is not State.OPEN:
            self._around.closed(delivery, following.state)


def _ended(attempt: Attempt, result: Result, began: float) -> Attempt:
    attempt.status, attempt.error = result.seen, result.error
    attempt.took = (time.perf_counter() - began) * 1000
    return attempt
