"""Threads for functions that block, so that the event loop does not.

One thread is enough for functions that are quick, and is the quickest: each more fights for the interpreter
lock. So a thread is added only when a job has waited for a whole TICK in the queue.

A thread cannot be killed. When a job's time is up, `DeadlineExceeded` is raised in its thread, which stops
Python code; a thread that waits in C (a socket without timeout, `time.sleep`) hears of it when that returns.
A thread that has not stopped GRACE seconds later is given up: another takes its place, and it ends with its
job. When as many as there may be threads are given up, `exhausted` is called: the worker should be replaced.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import threading
from collections import deque
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any

TICK = 0.005
GRACE = 1.0


class DeadlineExceeded(BaseException):
    """Raised in the thread of a function whose time is up; not an Exception, so that the function ends."""


class Job:
    """One call of a function in a thread.

    Attributes:
        future: of the event loop; has the result.
        over: the thread is done with it.
    """

    __slots__ = ("arguments", "function", "future", "outcome", "over", "thread")

    def __init__(
        self, function: Callable[..., Any], arguments: tuple[Any, ...], future: asyncio.Future[Any]
    ) -> None:
        self.function, self.arguments, self.future = function, arguments, future
        self.thread: _Thread | None = None
        self.over = False
        self.outcome: tuple[Any, BaseException | None] = (None, None)

    def run(self) -> None:
        """Calls the function, unless nobody waits for the result any more."""
        if self.future.cancelled():
            return
        try:
            self.outcome = (self.function(*self.arguments), None)
        except BaseException as error:  # noqa: BLE001 - SystemExit too is the function's failure, not ours
            self.outcome = (None, error)

    def settle(self) -> None:
        """Gives the outcome to the future. In the event loop."""
        self.over = True
        if self.future.done():
            return
        result, error = self.outcome
        if error is None:
            self.future.set_result(result)
        else:
            self.future.set_exception(_raisable(error))


def _raisable(error: BaseException) -> BaseException:
    """The error, in a form that a future takes and that does not end the event loop."""
    if isinstance(error, Exception) and not isinstance(error, StopIteration):
        return error
    wrapped = RuntimeError(f"the function raised {type(error).__name__}: {error}")
    wrapped.__cause__ = error
    return wrapped


class Threads:
    """Runs jobs in threads: one, and more when jobs wait.

    Args:
        limit: most threads at once.
        exhausted: called when as many threads as that have been given up.
        raising: whether `DeadlineExceeded` is raised in a thread whose time is up. Not where the job calls C
            code that calls back: an exception on the way into a ctypes callback leaves its result undefined.
    """

    loop: asyncio.AbstractEventLoop

    def __init__(self, limit: int, exhausted: Callable[[], None], *, raising: bool = True) -> None:
        self.limit = limit
        self.exhausted = exhausted
        self.raising = raising
        self.queue: SimpleQueue[Job] = SimpleQueue()
        self.done: deque[Job] = deque()
        self.threads: set[_Thread] = set()
        self.lost: set[_Thread] = set()
        self.submitted = 0
        self.submitted_at_tick = 0
        self.ticking = False
        self.waking = False
        self.numbers = itertools.count(1)

    async def run(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """The result of `function(*arguments)`. On cancellation the thread is told to stop.

        Raises:
            Exception: what the function raised.
        """
        self.loop = loop = asyncio.get_running_loop()
        job = Job(function, arguments, loop.create_future())
        self.submitted += 1
        self.queue.put(job)
        if not self.threads:
            self._add_thread()
        elif not self.ticking:
            self._tick_later()
        try:
            return await job.future
        except asyncio.CancelledError:
            self._interrupt(job)
            raise

    def _add_thread(self) -> None:
        thread = _Thread(self, f"function-{next(self.numbers)}")
        self.threads.add(thread)
        thread.start()

    def _tick_later(self) -> None:
        self.ticking = True
        self.submitted_at_tick = self.submitted
        self.loop.call_later(TICK, self._tick)

    def _tick(self) -> None:
        """Adds a thread for each job that was there a tick ago and still waits."""
        self.ticking = False
        waiting = self.queue.qsize()
        if not waiting:
            return
        stale = self.submitted_at_tick - (self.submitted - waiting)
        for _ in range(min(stale, self.limit - len(self.threads))):
            self._add_thread()
        self._tick_later()

    def finished(self, job: Job) -> None:
        """Called in a thread: the event loop wakes up once for all jobs that are done by then."""
        self.done.append(job)
        if not self.waking:
            self.waking = True
            with contextlib.suppress(RuntimeError):  # the loop is closed: the worker is on its way out
                self.loop.call_soon_threadsafe(self._settle)

    def _settle(self) -> None:
        self.waking = False
        while self.done:
            self.done.popleft().settle()

    def _interrupt(self, job: Job) -> None:
        if not job.over and job.thread is not None and job.thread.interrupt(job):
            self.loop.call_later(GRACE, self._give_up, job)

    def _give_up(self, job: Job) -> None:
        thread = job.thread
        if thread is None or not thread.leave_after(job):
            return
        self.threads.discard(thread)
        self.lost = {other for other in self.lost if other.is_alive()} | {thread}
        if self.queue.qsize():
            self._add_thread()
        if len(self.lost) >= self.limit:
            self.exhausted()


class _Thread(threading.Thread):
    """Takes jobs from the queue until it is told to leave. A daemon: it does not hold up the process."""

    def __init__(self, pool: Threads, name: str) -> None:
        super().__init__(name=name, daemon=True)
        self.pool = pool
        self.lock = threading.Lock()
        self.job: Job | None = None
        self.leaving = False

    def run(self) -> None:
        """The loop. An interrupt may arrive anywhere in it, as its job ends."""
        while not self.leaving:
            try:
                self._one(self.pool.queue.get())
            except DeadlineExceeded:
                self.job = None

    def _one(self, job: Job) -> None:
        job.thread = self
        self.job = job
        try:
            job.run()
        finally:
            with self.lock:
                self.job = None
            self.pool.finished(job)

    def interrupt(self, job: Job) -> bool:
        """Raises DeadlineExceeded in this thread, if it is at `job`; whether it is. In the event loop."""
        import ctypes  # noqa: PLC0415 - not needed by functions that are in time

        with self.lock:
            if self.job is not job or self.ident is None:
                return False
            if self.pool.raising:
                error = ctypes.py_object(DeadlineExceeded)
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(self.ident), error)
            return True

    def leave_after(self, job: Job) -> bool:
        """The thread ends when it is done with `job`. False where it already is."""
        with self.lock:
            if self.job is not job:
                return False
            self.leaving = True
            return True
