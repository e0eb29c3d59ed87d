"""One planned function kept alive: started, told ready, started again with growing pauses when it ends."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import time
from collections.abc import Callable

from plait.local.processes.backoff import Backoff
from plait.local.processes.child import Child, Tools
from plait.local.processes.plan import Planned

PATIENCE = 30.0  # seconds that it may take to be ready before something is said


class Life:
    """Keeps a function alive from `begin` until `stop`.

    Args:
        planned: what to run.
        tools: what all processes share.
        changed: called when `url` has changed.
        before: the life that serves meanwhile; then a first process that ends before it was ready is the end
            of this one.

    Attributes:
        url: where the function takes events now, or None.
        first: whether the first process became ready; set once that is known.
    """

    def __init__(
        self, planned: Planned, tools: Tools, changed: Callable[[], None], before: Life | None = None
    ) -> None:
        self.planned = planned
        self.url: str | None = None
        self.first: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._tools, self._changed, self._replaces = tools, changed, before is not None
        self._child: Child | None = None
        self._task: asyncio.Task[None] | None = None

    def begin(self, tasks: asyncio.TaskGroup) -> None:
        """Start it, in a task of the group."""
        self._task = tasks.create_task(self._run())

    async def _run(self) -> None:
        backoff = Backoff()
        while True:
            pause = backoff.after(await self._once())
            if self._replaces and not self.first.result():
                return
            self._tell(f"starts again in {pause:g} s", "warning")
            await asyncio.sleep(pause)

    async def _once(self) -> float:
        """One process, from its start to its end; for how many seconds it was ready."""
        self._child = child = Child(self.planned, self._tools, self._tools.port())
        try:
            await child.start()
        except (OSError, ValueError) as error:
            self._tell(f"cannot be started: {error}", "error")
            self._settle(ready=False)
            return 0.0
        stood = await self._serve(child)
        code = await child.finished()
        self._settle(ready=False)
        self._tell(_ended(code), "error")
        return stood

    async def _serve(self, child: Child) -> float:
        began = time.monotonic()
        if not await self._ready(child):
            return 0.0
        ready = time.monotonic()
        self._tell(f"ready at {child.url} after {ready - began:.1f} s")
        self._go(child.url)
        self._settle(ready=True)
        await child.ended.wait()
        self._go(None)
        return time.monotonic() - ready

    async def _ready(self, child: Child) -> bool:
        """Wait, however long it takes: packages may be on their way. Say so now and then."""
        waiting = asyncio.create_task(child.ready())
        try:
            while not (await asyncio.wait([waiting], timeout=PATIENCE))[0]:
                hint = f"{child.url}/health/readiness answers {child.answer}"
                self._tell(f"still not ready: {hint}", "warning")
            return waiting.result()
        finally:
            waiting.cancel()

    async def stop(self) -> None:
        """End it and its process, in peace."""
        self._go(None)
        if self._task:
            self._task.cancel()
        if self._child:
            await self._child.stop()
        self._settle(ready=False)

    def kill(self) -> None:
        """End its process at once; `stop` is still to come, or on its way."""
        if self._child:
            self._child.kill()

    def _go(self, url: str | None) -> None:
        if url != self.url:
            self.url = url
            self._changed()

    def _settle(self, *, ready: bool) -> None:
        with contextlib.suppress(asyncio.InvalidStateError):
            self.first.set_result(ready)

    def _tell(self, text: str, level: str = "info") -> None:
        self._tools.tell(text, self.planned.name, level)


def _ended(code: int) -> str:
    """How a process ended, in words."""
    if code >= 0:
        return f"ended with exit code {code}"
    with contextlib.suppress(ValueError):
        return f"ended by {signal.Signals(-code).name}"
    return f"ended by signal {-code}"
