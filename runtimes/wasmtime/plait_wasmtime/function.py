"""The module, as the server sees it (`plait_handler.function.interface.Function`)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any, NoReturn, Protocol

from plait_handler.codec import Event
from plait_handler.context import Context
from plait_handler.function.threads import Threads
from plait_wasmtime.errors import GuestError, Interrupted
from plait_wasmtime.guest.engine import Sandbox


class Guest(Protocol):
    """A module of some kind."""

    def run(self, event: Event, context: Context) -> Any:
        """The reply to one event: an event, plain data, or None. In a thread."""


@dataclass(frozen=True, slots=True)
class Absent:
    """In the place of a function that the module does not export: each event fails, and it is never ready.

    So a Deployment goes on with the Pods it has, and an event that comes all the same is one that failed.

    Attributes:
        reason: what there is, and what there should be.
    """

    reason: str

    def run(self, event: Event, context: Context) -> NoReturn:  # noqa: ARG002 - of all guests
        """Raises GuestError."""
        raise GuestError(self.reason)


@dataclass(frozen=True, slots=True)
class WasmFunction:
    """Runs a module in threads: it may compute for as long as it has time, and probes are answered meanwhile.

    Attributes:
        name: of the source folder.
        guest: the module.
        sandbox: whose epochs end with the server.
        threads: in which it runs.
    """

    name: str
    guest: Guest
    sandbox: Sandbox
    threads: Threads

    async def invoke(self, event: Event, context: Context) -> Any:
        """One event. When its time is up the server cancels this, and the module stops by itself."""
        try:
            return await self.threads.run(self.guest.run, event, context)
        except Interrupted:
            # The server's timer is late, and answers 504 in a moment.
            return await asyncio.get_running_loop().create_future()

    async def start(self) -> None:
        """Nothing: all that can fail has been done when it was loaded."""

    async def stop(self) -> None:
        """Ends the epochs."""
        self.sandbox.close()

    async def is_alive(self) -> bool:
        """It is: an instance lives for one event only."""
        return True

    async def is_ready(self) -> bool:
        """Unless there is nothing to call."""
        return not isinstance(self.guest, Absent)
