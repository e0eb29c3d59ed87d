"""Events that break their contracts, told and shown as `plait run` goes on: a warning that stops nothing."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from plait.contracts.contracts import Contracts
from plait.contracts.payload import of_bytes
from plait.contracts.public import found
from plait.errors import PlaitError
from plait.flow import Flow
from plait.local.service import Service
from plait.local.store import Store, StoredEvent, read

MOST = 1000
_PATIENCE = 2.0  # seconds, for what waits at the end

Tell = Callable[[str], None]


@asynccontextmanager
async def watched(
    service: Service, root: Path, flow: Callable[[], Flow | None], tell: Tell
) -> AsyncIterator[None]:
    """Hold each event that the broker takes against its contract, in the background.

    Args:
        service: takes the events, and shows which break theirs.
        root: the folder of functions.yaml.
        flow: gives that which applies; another one brings other contracts.
        tell: takes one line for each event that breaks its contract.
    """
    checks = Checks(root, flow, service.store)
    watch = _Watch(checks, tell)
    task = asyncio.create_task(watch.work())
    service.broker.on_event, service.api.marks.broken = watch.see, checks.broken
    try:
        yield
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(watch.waiting.join(), _PATIENCE)
    finally:
        service.broker.on_event = service.api.marks.broken = None
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


class Checks:
    """The contracts that apply.

    Args:
        root, flow: as for `watched`.
        store: has the events.
    """

    def __init__(self, root: Path, flow: Callable[[], Flow | None], store: Store) -> None:
        self._root, self._current, self._store = root, flow, store
        self._flow: Flow | None = None
        self._contracts: Contracts | None = None

    def of(self, kind: str) -> Contracts | None:
        """The contracts, where there is one for this type of events."""
        flow = self._current()
        if flow is not self._flow:
            self._flow = flow
            self._contracts = Contracts(self._root, flow.body) if flow else None
        return self._contracts if self._contracts is not None and kind in self._contracts else None

    async def broken(self, seq: int, kind: str) -> list[str]:
        """In what an event that is kept breaks the contract of its type, as that is now."""
        contracts = self.of(kind)
        stored = await self._store.query(partial(read.event, seq=seq)) if contracts else None
        if contracts is None or stored is None:
            return []
        try:
            return await asyncio.to_thread(_broken, contracts, stored)
        except PlaitError as error:
            return [f"cannot be told: {error.where}: {error.message}"]


class _Watch:
    def __init__(self, checks: Checks, tell: Tell) -> None:
        self.waiting: asyncio.Queue[tuple[Contracts, StoredEvent]] = asyncio.Queue(MOST)
        self._checks, self._tell = checks, tell
        self._missed = 0

    def see(self, stored: StoredEvent) -> None:
        """The broker has taken an event. Quick: it is checked later, and by another thread."""
        if contracts := self._checks.of(stored.event.type):
            try:
                self.waiting.put_nowait((contracts, stored))
            except asyncio.QueueFull:
                self._missed += 1

    async def work(self) -> None:
        """Check what comes, until it is cancelled."""
        while True:
            contracts, stored = await self.waiting.get()
            line = await asyncio.to_thread(_line, contracts, stored)
            if line:
                self._tell(line)
            if self._missed and self.waiting.empty():
                self._tell(f"{self._missed} events came too fast to be held against their contracts")
                self._missed = 0
            self.waiting.task_done()


def _broken(contracts: Contracts, stored: StoredEvent) -> list[str]:
    """Raises PlaitError where the contract cannot be read."""
    content_type = stored.event.attributes.get("datacontenttype")
    violations = found(contracts, stored.event.type, lambda: of_bytes(content_type, stored.event.data))
    return [str(one) for one in violations]


def _line(contracts: Contracts, stored: StoredEvent) -> str | None:
    kind = stored.event.type
    try:
        broken = _broken(contracts, stored)
    except PlaitError as error:
        return f"the contract of {kind} cannot be read: {error.where}: {error.message}"
    if not broken:
        return None
    more = f" (and {len(broken) - 1} more)" if len(broken) > 1 else ""
    return f"event {stored.seq} breaks the contract of {kind}: {broken[0]}{more}"
