"""What the server needs of a function. The WASM runtime has one of its own."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any, Protocol

from plait_handler.codec import Event
from plait_handler.context import Context


class Function(Protocol):
    """Handles events. All methods are called in the event loop of one worker process."""

    @property
    def name(self) -> str:
        """The name, as logs and the default reply source have it."""

    def invoke(self, event: Event, context: Context) -> Awaitable[Any]:
        """Handles one event: an event of the SDK, plain data, or None. Cancelled when its time is up.

        Raises:
            Reject: the event is wrong: 400.
            RetryLater: not now: 503.
            Exception: the function failed: 500.
        """

    async def start(self) -> None:
        """Before the first event. Where it raises, the server does not start."""

    async def stop(self) -> None:
        """After the last event."""

    async def is_alive(self) -> bool:
        """For `/health/liveness`; an exception is False."""

    async def is_ready(self) -> bool:
        """For `/health/readiness`; an exception is False."""
