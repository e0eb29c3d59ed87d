"""gunicorn's asgi worker, with our connections, and an end that nothing can hold up."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import sys
from collections.abc import Iterable, Iterator
from typing import Any

from gunicorn.asgi.protocol import ASGIProtocol
from gunicorn.workers import gasgi

from plait_handler.serve.connection import Connection

_CANCEL_SECONDS = 1.0
# Where the application is wrapped in another, which does not tell.
_READ_SECONDS = 10.0


class Worker(gasgi.ASGIWorker):
    """A worker process.

    Attributes:
        connections: all that are open.
        listening: whether the listening sockets have the queue that they should have.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.connections: set[Connection] = set()
        self.listening = False

    def init_process(self) -> None:
        """In the new process. gunicorn's worker finds its class of connections by this name.

        The check for gunicorn-h1c keeps what it found in the class it is called on, and looks for it in
        ASGIProtocol: it must be called on that, or a subclass never gets the fast parser.
        """
        ASGIProtocol._check_h1c_protocol_available()  # noqa: SLF001
        gasgi.ASGIProtocol = Connection
        if sys.stdout is not None:
            sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr] # print() shows at once
        super().init_process()

    def notify(self) -> None:
        """Called once a second: the worker lives; clients that are too slow do not."""
        super().notify()
        if not self.listening:
            self._listen()
        self._sweep()

    def _sweep(self) -> None:
        oldest = self.loop.time() - getattr(self.asgi, "read_timeout", _READ_SECONDS)
        for connection in list(self.connections):
            connection.sweep(oldest)

    def _listen(self) -> None:
        """Gives the socket its queue back: asyncio shortens it to 100, and a crowd waits for seconds."""
        self.listening = True
        for sock in self.sockets:
            sock.sock.listen(self.cfg.backlog)

    async def _shutdown(self) -> None:
        """Idle connections end at once, new ones without a request a second later; the rest are waited for.

        A new one has its request on the way, most likely. Slow clients have no more time than ever.
        """
        await self._stop_listening()
        self._hang_up(connection for connection in self.connections if not connection.unused)
        sweeping = self.loop.create_task(self._go_on_sweeping())
        await super()._shutdown()
        sweeping.cancel()

    async def _stop_listening(self) -> None:
        """Closes the listening sockets, and takes what waits in their queues: the close would reset it."""
        waiting = [accepted for sock in self.sockets for accepted in _waiting(sock.sock)]
        for server in self.servers:
            server.close()
        context = self._get_ssl_context()
        for accepted in waiting:
            await self.loop.connect_accepted_socket(lambda: Connection(self), accepted, ssl=context)

    async def _go_on_sweeping(self) -> None:
        while True:
            await asyncio.sleep(1.0)
            self._sweep()
            self._hang_up(self.connections)

    def _hang_up(self, connections: Iterable[Connection]) -> None:
        for connection in list(connections):
            if connection.idle:
                connection.hang_up()

    def _cleanup(self) -> None:
        """Cancels what still runs, and waits for it a while: it may not care."""
        tasks = asyncio.all_tasks(self.loop)
        for task in tasks:
            task.cancel()
        if tasks:
            self.loop.run_until_complete(asyncio.wait(tasks, timeout=_CANCEL_SECONDS))
        self.loop.close()
        for sock in self.sockets:
            sock.close()


def _waiting(listening: socket.socket) -> Iterator[socket.socket]:
    """The connections that the system has made and nobody has accepted yet."""
    with contextlib.suppress(OSError):  # BlockingIOError: there is no other
        while True:
            yield listening.accept()[0]
