"""All functions of a plan as processes, and where the broker finds them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Self

from plait.local.processes.child import Tools
from plait.local.processes.keeper import Keeper
from plait.local.processes.life import Life
from plait.local.processes.output import Console
from plait.local.processes.plan import Plan, Planned
from plait.local.processes.ports import Ports
from plait.local.processes.slot import Slot
from plait.local.processes.tasks import background

_PATIENCE = 3.0
OnChange = Callable[[Mapping[str, str]], None]


class Supervisor:
    """Runs a plan, and another one when told; an async context manager that leaves no process behind.

    Args:
        console: takes what the functions print and what is said of them.
        on_change: called with `urls` whenever they have changed, in the event loop.
        port: gives a free port; None: Ports.
    """

    def __init__(
        self, console: Console, on_change: OnChange | None = None, port: Callable[[], int] | None = None
    ) -> None:
        self._console, self._on_change, self._port = console, on_change, port or Ports()
        self._plan = Plan()
        self._slots: dict[str, Slot] = {}
        self._lives: set[Life] = set()
        self._ending: set[asyncio.Task[None]] = set()
        self._told: Mapping[str, str] = {}
        self._all_ready = asyncio.Event()
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        self._keeper = self._stack.enter_context(Keeper())
        self._tasks = await self._stack.enter_async_context(background())
        self._stack.push_async_callback(self.stop)
        self._tools = Tools(self._keeper, self._console.line, self._console.tell, self._port)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool | None:
        return await self._stack.__aexit__(kind, error, trace)

    @property
    def urls(self) -> Mapping[str, str]:
        """Function to URL, of those that take events now."""
        running = {name: slot.url for name, slot in self._slots.items()}
        return {**self._plan.urls, **{name: url for name, url in running.items() if url}}

    @property
    def waiting(self) -> list[str]:
        """The functions that are not ready."""
        return [name for name, slot in self._slots.items() if slot.url is None]

    async def ready(self) -> None:
        """Wait until every function is ready. How long is the caller's to say (asyncio.timeout)."""
        await self._all_ready.wait()

    async def started(self) -> list[str]:
        """Wait until every function was ready once or ended before; those that are not ready then."""
        await asyncio.gather(*(asyncio.shield(slot.first) for slot in self._slots.values()))
        return self.waiting

    def apply(self, plan: Plan) -> None:
        """Run this plan: what is new starts, what is gone stops, what is changed is replaced."""
        self._plan = plan
        secrets = [value for item in plan.processes.values() for value in item.secrets]
        self._console.announce(plan.processes, secrets)
        for name in reversed(list(self._slots)):
            if name not in plan.processes:
                self._leave(name)
        for name, planned in plan.processes.items():
            if name not in self._slots:
                self._slots[name] = self._slot(planned)
            elif self._slots[name].planned != planned:
                self._slots[name].replace(planned)
        self._changed()

    def restart(self, name: str) -> None:
        """Run a function's code as it is now."""
        if slot := self._slots.get(name):
            slot.replace(slot.planned)

    def _slot(self, planned: Planned) -> Slot:
        def tell(text: str, level: str) -> None:
            self._console.tell(text, planned.name, level)

        return Slot(planned, self._begin, self._retire, self._tasks, self._changed, tell)

    def _begin(self, planned: Planned, before: Life | None) -> Life:
        life = Life(planned, self._tools, self._changed, before)
        self._lives.add(life)
        life.begin(self._tasks)
        return life

    def _leave(self, name: str) -> None:
        self._console.tell("stops", name)
        self._slots.pop(name).leave()

    def _retire(self, life: Life, seconds: float) -> None:
        task = asyncio.create_task(self._end(life, seconds))
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)

    async def _end(self, life: Life, seconds: float) -> None:
        await asyncio.sleep(seconds)
        await life.stop()
        self._lives.discard(life)

    def _changed(self) -> None:
        urls = self.urls
        (self._all_ready.clear if self.waiting else self._all_ready.set)()
        if urls != self._told:
            self._told = urls
            if self._on_change:
                self._on_change(urls)

    async def stop(self) -> None:
        """End all, the last one first; all at the same time, since each may take as long as an event does."""
        for name in reversed(list(self._slots)):
            self._leave(name)
        ending = asyncio.gather(*self._ending)
        if self._ending and not (await asyncio.wait([ending], timeout=_PATIENCE))[0]:
            self._console.tell("waits for events that are in flight; Ctrl-C again ends all at once")
        await ending

    def kill(self) -> None:
        """End all at once: those that `stop` waits for."""
        for life in self._lives:
            life.kill()
