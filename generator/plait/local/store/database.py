"""One SQLite connection on one thread, with group commit: whatever is waiting shares a transaction."""

from __future__ import annotations

import asyncio
import contextlib
import queue
import sqlite3
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

Work = Callable[[sqlite3.Connection], Any]

MAX_GROUP = 512
RETRY_SECONDS = 0.25


@dataclass(slots=True)
class Job:
    """One piece of work.

    Attributes:
        work: what to do with the connection.
        future: gets the result, or None where nobody waits.
        kept: tried again until it works: the record of something that has happened.
    """

    work: Work
    future: asyncio.Future[Any] | None
    kept: bool


class Database:
    """Runs jobs in order.

    Args:
        connection: used by the thread alone from now on.
        after: called after each group that wrote, for housekeeping, in the thread.
    """

    def __init__(self, connection: sqlite3.Connection, after: Work) -> None:
        self._connection = connection
        self._after = after
        self._loop = asyncio.get_running_loop()
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._held: list[Job] = []
        self._thread = threading.Thread(target=self._run, name="store", daemon=True)
        self._thread.start()

    def submit(self, work: Work) -> None:
        """Do it; where the disk is full, do it as soon as that is over."""
        self._jobs.put(Job(work, None, kept=True))

    async def run(self, work: Work, *, kept: bool = False) -> Any:
        """Do it, and give its result once it is committed.

        Raises:
            Exception: whatever `work` raised; an sqlite3.Error only where it is not `kept`.
        """
        future: asyncio.Future[Any] = self._loop.create_future()
        self._jobs.put(Job(work, future, kept))
        return await future

    @property
    def waiting(self) -> int:
        """Jobs that wait, about."""
        return self._jobs.qsize()

    async def close(self) -> None:
        """Finish what waits, and close the connection."""
        self._jobs.put(None)
        await asyncio.to_thread(self._thread.join)

    # In the thread.

    def _run(self) -> None:
        going_on = True
        while going_on:
            group, going_on = self._next_group()
            if group:
                self._finish(group, self._commit(group))
        self._connection.close()

    def _next_group(self) -> tuple[list[Job], bool]:
        group, self._held = self._held, []
        try:
            job = self._jobs.get(timeout=RETRY_SECONDS if group else None)
            while job is not None:
                group.append(job)
                if len(group) >= MAX_GROUP:
                    return group, True
                job = self._jobs.get_nowait()
        except queue.Empty:
            return group, True
        return group, False

    def _commit(self, group: Sequence[Job]) -> list[Any]:
        """The results, or the errors, of a group."""
        try:
            return self._transaction([job.work for job in group])
        except Exception:  # noqa: BLE001 (whatever it is, it is the fault of one of them)
            return [self._alone(job) for job in group]

    def _alone(self, job: Job) -> Any:
        """A member of a group that failed, in a transaction of its own."""
        try:
            return self._transaction([job.work])[0]
        except Exception as error:  # noqa: BLE001 (it goes to whoever asked)
            return error

    def _transaction(self, works: Sequence[Work]) -> list[Any]:
        self._connection.execute("BEGIN")
        try:
            results = [work(self._connection) for work in works]
            self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise
        return results

    def _finish(self, group: Sequence[Job], results: Sequence[Any]) -> None:
        finished = []
        for job, result in zip(group, results, strict=True):
            if isinstance(result, sqlite3.Error) and job.kept:
                self._held.append(job)
            elif job.future is not None:
                finished.append((job.future, result))
        if finished:
            self._loop.call_soon_threadsafe(_resolve, finished)
        with contextlib.suppress(sqlite3.Error):  # housekeeping can wait
            self._after(self._connection)


def _resolve(finished: Sequence[tuple[asyncio.Future[Any], Any]]) -> None:
    for future, result in finished:
        if future.done():
            continue
        if isinstance(result, Exception):
            future.set_exception(result)
        else:
            future.set_result(result)
