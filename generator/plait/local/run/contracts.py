"""Events that break their contracts, told while `plait run` goes on: a warning that stops nothing."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from plait.contracts.contracts import Contracts
from plait.contracts.payload import of_bytes
from plait.contracts.public import found
from plait.errors import PlaitError
from plait.flow import Flow
from plait.local.broker import LocalBroker
from plait.local.store import StoredEvent

MOST = 1000
_PATIENCE = 2.0  # seconds, for what waits at the end

Tell = Callable[[str], None]


@asynccontextmanager
async def watched(
    broker: LocalBroker, root: Path, flow: Callable[[], Flow | None], tell: Tell
) -> AsyncIterator[None]:
    """Hold each event that the broker takes against its contract, in the background.

    Args:
        broker: takes the events.
        root: the folder of functions.yaml.
        flow: gives that which applies; another one brings other contracts.
        tell: takes one line for each event that breaks its contract.
    """
    watch = _Watch(root, flow, tell)
    task = asyncio.create_task(watch.work())
    broker.on_event = watch.see
    try:
        yield
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(watch.waiting.join(), _PATIENCE)
    finally:
        broker.on_event = None
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


class _Watch:
    def __init__(self, root: Path, flow: Callable[[], Flow | None], tell: Tell) -> None:
        self.waiting: asyncio.Queue[tuple[Contracts, StoredEvent]] = asyncio.Queue(MOST)
        self._root, self._current, self._tell = root, flow, tell
        self._flow: Flow | None = None
        self._contracts: Contracts | None = None
        self._missed = 0

    def see(self, stored: StoredEvent) -> None:
        """The broker has taken an event. Quick: it is checked later, and by another thread."""
        flow = self._current()
        if flow is not self._flow:
            self._flow = flow
            self._contracts = Contracts(self._root, flow.body) if flow else None
        if self._contracts is not None and stored.event.type in self._contracts:
            try:
                self.waiting.put_nowait((self._contracts, stored))
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


def _line(contracts: Contracts, stored: StoredEvent) -> str | None:
    kind, attributes = stored.event.type, stored.event.attributes
    content_type = attributes.get("datacontenttype")
    try:
        broken = found(contracts, kind, lambda: of_bytes(content_type, stored.event.data))
    except PlaitError as error:
        return f"the contract of {kind} cannot be read: {error.where}: {error.message}"
    if not broken:
        return None
    more = f" (and {len(broken) - 1} more)" if len(broken) > 1 else ""
    return f"event {stored.seq} breaks the contract of {kind}: {broken[0]}{more}"
