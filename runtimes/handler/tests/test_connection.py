"""A connection, seen from inside: what a look at it says at each moment."""

from __future__ import annotations

import asyncio
import sys
from types import SimpleNamespace
from typing import Any

from gunicorn.config import Config
from gunicorn.glogging import Logger
from runtimes.conformance.wire import posted

from plait_handler.serve.connection import Connection


class Watched(Connection):
    """Notes whether it says that it is idle when a request has just been read, before any task has run."""

    def connection_made(self, transport: Any) -> None:
        """Is idle once its task has begun to wait."""
        super().connection_made(transport)
        self.worker.loop.call_soon(self.worker.idle.put_nowait, self)

    def data_received(self, data: bytes) -> None:
        """Reads, and looks."""
        super().data_received(data)
        self.worker.looks.append(self.idle)


async def no_reply(_scope: Any, _receive: Any, send: Any) -> None:
    """An application."""
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body"})


def worker() -> Any:
    """What a connection needs of its worker."""
    config = Config()
    config.set("asgi_disconnect_grace_period", 0)
    return SimpleNamespace(
        cfg=config,
        log=Logger(Config()),
        asgi=no_reply,
        loop=asyncio.get_running_loop(),
        connections=set(),
        nr_conns=0,
        worker_connections=10,
        alive=True,
        nr=0,
        max_requests=sys.maxsize,
        looks=[],
        idle=asyncio.Queue(),
    )


def test_a_request_that_has_just_come_is_not_idle() -> None:
    """Neither one in the system's buffer nor one whose task has not run: closing either would lose it."""

    async def run() -> list[bool]:
        owner = worker()
        server = await owner.loop.create_server(lambda: Watched(owner), "127.0.0.1", 0)
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        connection = await owner.idle.get()
        looks = [connection.idle]
        writer.write(posted(b"x"))
        looks.append(connection.idle)
        await reader.readuntil(b"\r\n\r\n")
        looks += owner.looks
        writer.close()
        server.close()
        await connection._task  # noqa: SLF001
        return looks

    assert asyncio.run(run()) == [True, False, False]
