"""The store as the broker uses it."""

from __future__ import annotations

import contextlib
import fcntl
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Any, TypeVar

from plait.errors import PlaitError
from plait.local.store import read, write
from plait.local.store.database import Database
from plait.local.store.records import Attempt, Delivery, State, StoredEvent
from plait.local.store.schema import TABLES, VERSION

FILE = "events.sqlite3"
KEEP = 10_000
MOST_PRUNED = 200
VACUUM_PAGES = 256
MAX_WAITING = 20_000

T = TypeVar("T")


class StoreError(PlaitError):
    """A store that cannot be opened."""


class StoreFullError(Exception):
    """The event could not be kept: the disk is full, or too much waits to be written."""


class Store:
    """Events and deliveries.

    Args:
        folder: where the file is, made if need be; None keeps everything in memory.
        keep: how many events stay once they are delivered.
        durable: whether every commit is flushed to the disk itself, which outlasts a power cut. Without it
            what was committed outlasts the death of the process, not that of the machine.
        max_pages: the most pages of the file, for tests of a full disk; None for no limit.
    """

    def __init__(
        self, folder: Path | None, *, keep: int = KEEP, durable: bool = False, max_pages: int | None = None
    ) -> None:
        self.keep = max(keep, 1)
        self._batch = max(1, min(MOST_PRUNED, keep // 10))
        self._lock = _locked(folder) if folder else None
        try:
            connection = _opened(folder, durable=durable)
            if max_pages:
                connection.execute(f"PRAGMA max_page_count = {max_pages}")
            self.last_seq, self.last_delivery = read.last_numbers(connection)
            self.open_counts = read.open_counts(connection)
        except sqlite3.Error as error:
            self._unlock()
            raise _unreadable(folder, str(error)) from None
        except StoreError:
            self._unlock()
            raise
        self._oldest_wanted = 0
        self._database = Database(connection, self._housekeeping)

    def number(self) -> int:
        """A new seq."""
        self.last_seq += 1
        return self.last_seq

    def delivery_number(self) -> int:
        """A new delivery id."""
        self.last_delivery += 1
        return self.last_delivery

    async def accept(
        self,
        stored: StoredEvent,
        deliveries: Sequence[Delivery],
        closed: Delivery | None = None,
        attempts: Sequence[Attempt] = (),
    ) -> None:
        """Keep an event and its deliveries; with `closed`, the delivery that answered with it is done.

        Raises:
            StoreFullError: nothing was kept.
        """
        if self._database.waiting > MAX_WAITING:
            raise StoreFullError("too many events wait to be written")
        done = write.snapshot(closed) if closed else None

        def work(connection: sqlite3.Connection) -> None:
            write.accept(connection, stored, deliveries)
            if done:
                write.progress(connection, done, State.DONE, attempts)

        try:
            await self._database.run(work)
        except sqlite3.Error as error:
            raise StoreFullError(str(error)) from error

    def note(self, delivery: Delivery, state: State, attempts: Sequence[Attempt]) -> None:
        """Keep where a delivery stands, and the attempts since the last note."""
        row = write.snapshot(delivery)
        self._database.submit(lambda connection: write.progress(connection, row, state, attempts))

    async def query(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """What a reading function of `read` or `history` gives. Whatever was noted before is seen."""
        result: T = await self._database.run(work)
        return result

    async def close(self) -> None:
        """Write what waits, and close the file."""
        await self._database.close()
        self._unlock()

    def _unlock(self) -> None:
        if self._lock:
            self._lock.close()

    def _housekeeping(self, connection: sqlite3.Connection) -> None:
        """Once in a while, in the database's thread: delete what is too old, and give its pages back."""
        if self.last_seq - self._oldest_wanted < self.keep + self._batch:
            return
        connection.execute("BEGIN")
        try:
            gone = write.prune(connection, self.keep, 2 * self._batch)
        finally:
            connection.execute("COMMIT")
        if gone < 2 * self._batch:
            self._oldest_wanted = self.last_seq - self.keep
        connection.execute(f"PRAGMA incremental_vacuum({VACUUM_PAGES})").fetchall()


def _locked(folder: Path) -> IO[Any]:
    """The folder's lock, held until the process ends. Raises StoreError where another one has it."""
    try:
        if not folder.exists():
            folder.mkdir(parents=True)
            (folder / ".gitignore").write_text("*\n")  # events are nobody else's
        handle = (folder / "lock").open("w")
    except OSError as error:
        raise StoreError(f"cannot be written: {error.strerror}", where=str(folder), exit_code=1) from None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        handle.close()
        hint = "stop it, or give this one --data DIR of its own"
        raise StoreError("another plait run uses this folder", where=str(folder), hint=hint) from None
    return handle


def _opened(folder: Path | None, *, durable: bool) -> sqlite3.Connection:
    file = str(folder / FILE) if folder else ":memory:"
    connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    try:
        _prepare(connection, file, durable=durable)
    except BaseException:
        with contextlib.suppress(sqlite3.Error):
            connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection, file: str, *, durable: bool) -> None:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > VERSION:
        hint = "give --data DIR of its own, or run that plait"
        raise StoreError(f"written by a newer plait (version {version})", where=file, hint=hint)
    connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
    connection.execute("PRAGMA cache_size = -4096")
    connection.execute("PRAGMA journal_size_limit = 16777216")
    if version < VERSION:
        connection.executescript(f"BEGIN; {TABLES} PRAGMA user_version = {VERSION}; COMMIT;")


def _unreadable(folder: Path | None, reason: str) -> StoreError:
    where = str(folder / FILE) if folder else None
    hint = "delete it to start anew, or give --data DIR"
    return StoreError(f"cannot be read: {reason}", where=where, hint=hint)
