"""The server: listens, and closes what has been silent for too long."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from plait.local.http.connection import Connection
from plait.local.http.message import MAX_BODY, Request, Response

Handler = Callable[[Request], Awaitable[Response]]

MAX_CONNECTIONS = 1000
SWEEP_SECONDS = 5.0


class Server:
    """Listens and hands each request to `handler`.

    Args:
        handler: gives the answer; DropConnection closes without one.
        max_body: bytes of a body; a larger one is answered 413.
    """

    def __init__(self, handler: Handler, *, max_body: int = MAX_BODY) -> None:
        self.handler = handler
        self.max_body = max_body
        self.connections: set[Connection] = set()
        self._server: asyncio.Server | None = None
        self._sweeper: asyncio.TimerHandle | None = None

    async def start(self, host: str, port: int) -> int:
        """Listen, and give the port. Raises OSError where that cannot be."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: Connection(self), host, port, backlog=1024)
        self._sweep()
        bound: int = self._server.sockets[0].getsockname()[1]
        return bound

    @property
    def is_full(self) -> bool:
        """Whether there is one connection too many."""
        return len(self.connections) > MAX_CONNECTIONS

    async def stop(self) -> None:
        """Take no more requests; requests that are being answered have a second to end."""
        if self._server is None:
            return
        self._server.close()
        if self._sweeper:
            self._sweeper.cancel()
        for connection in tuple(self.connections):
            connection.finish()
        tasks = [connection.task for connection in self.connections if connection.task]
        if tasks:
            await asyncio.wait(tasks, timeout=1)
        for connection in tuple(self.connections):
            connection.abort()

    def _sweep(self) -> None:
        """Close what has been idle, or half a request, for too long."""
        now = asyncio.get_running_loop().time()
        for connection in tuple(self.connections):
            if connection.stale(now):
                connection.abort()
        self._sweeper = asyncio.get_running_loop().call_later(SWEEP_SECONDS, self._sweep)
