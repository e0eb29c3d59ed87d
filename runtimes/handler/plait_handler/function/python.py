"""A function written in Python."""

from __future__ import annotations

import inspect
import os
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any

from plait_handler.codec import Event
from plait_handler.context import Context
from plait_handler.function.threads import Threads
from plait_handler.hooks import Hook

Invoke = Callable[[Event, Context], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class PythonFunction:
    """A function's module, as the server sees it (`interface.Function`).

    Attributes:
        name: of its folder.
        invoke: calls `handle`: in the event loop where it is `async def`, else in a thread.
        probing: the threads for probes, which may block: one asks a database.
        on_start, on_stop, liveness, readiness: the hooks of the module.
    """

    name: str
    invoke: Invoke
    probing: Threads
    on_start: tuple[Hook, ...] = ()
    on_stop: tuple[Hook, ...] = ()
    liveness: tuple[Hook, ...] = ()
    readiness: tuple[Hook, ...] = ()

    async def start(self) -> None:
        """All on_start hooks, in order."""
        for hook in self.on_start:
            await _in_loop(hook)

    async def stop(self) -> None:
        """All on_stop hooks, in order; one that fails does not keep the next from being called."""
        failures = []
        for hook in self.on_stop:
            try:
                await _in_loop(hook)
            except Exception as error:  # noqa: BLE001 - whatever the user's code raises
                failures.append(error)
        if failures:
            raise ExceptionGroup("on_stop failed", failures)

    async def is_alive(self) -> bool:
        """Whether no liveness hook says False."""
        return await self._all_true(self.liveness)

    async def is_ready(self) -> bool:
        """Whether no readiness hook says False."""
        return await self._all_true(self.readiness)

    async def _all_true(self, hooks: Iterable[Hook]) -> bool:
        for hook in hooks:
            result = await (hook() if inspect.iscoroutinefunction(hook) else self.probing.run(hook))
            if result is not None and not result:
                return False
        return True


async def _in_loop(hook: Hook) -> Any:
    result = hook()
    return await result if inspect.isawaitable(result) else result


def invoker(handle: Callable[..., Any], *, takes_context: bool, threads: Threads) -> Invoke:
    """How to call `handle`.

    Args:
        handle: the user's.
        takes_context: whether it takes the context as its second argument.
        threads: for a handle that is not `async def`.
    """
    if is_async(handle):
        return handle if takes_context else lambda event, _: handle(event)
    if takes_context:
        return lambda event, context: threads.run(_guarded, handle, event, context)
    return lambda event, _: threads.run(_guarded, handle, event)


def is_async(handle: Callable[..., Any]) -> bool:
    """Whether calling it gives a coroutine: `async def`, or an object with such a `__call__`."""
    called = getattr(handle, "__call__", None)  # noqa: B004 - not whether there is one, but of which kind
    return inspect.iscoroutinefunction(handle) or inspect.iscoroutinefunction(called)


def _guarded(handle: Callable[..., Any], *arguments: Any) -> Any:
    """Calls it. A child that the function forked must not come back here and answer a second time."""
    process = os.getpid()
    try:
        return handle(*arguments)
    finally:
        if os.getpid() != process:
            os._exit(0)
