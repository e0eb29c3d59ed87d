"""Subscribers that answer what they are told to, and note what they get."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import defaultdict
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from tests.local.support.wire import NO_BODY, Message, Reply, encode, receive


@dataclass
class Received:
    """One request to a subscriber: when (monotonic seconds), its method, target, headers, body."""

    at: float
    method: str
    path: str
    message: Message

    @property
    def names(self) -> dict[str, str]:
        """The headers by name in small letters; of a repeated one, the last."""
        return {name.lower(): value for name, value in self.message.headers}


class Subscribers:
    """One server for all of them: the first two segments of the path are the subscriber's name.

    Attributes:
        host: `127.0.0.1:PORT`.
        scripts: answers by `GROUP/NAME`, in order, the last one again and again; without one: 202.
        log: what came, by group.
    """

    def __init__(self) -> None:
        self.scripts: dict[str, list[Reply]] = {}
        self.log: dict[str, list[Received]] = defaultdict(list)
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=1 << 24)
        self.host = f"127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks)

    def url(self, name: str) -> str:
        """The address of `GROUP/NAME`."""
        return f"http://{self.host}/{name}"

    def got(self, name: str) -> list[Received]:
        """What one subscriber got."""
        group = name.partition("/")[0]
        return [item for item in self.log[group] if item.path.startswith(f"/{name}")]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while (message := await receive(reader)) and await self._answer(message, writer):
                pass
        writer.close()

    async def _answer(self, message: Message, writer: asyncio.StreamWriter) -> bool:
        method, path, _ = message.start.split(" ", 2)
        group, _, name = path.partition("?")[0].lstrip("/").partition("/")
        self.log[group].append(Received(time.monotonic(), method, path, message))
        script = self.scripts.get(f"{group}/{name.partition('/')[0]}") or [Reply()]
        reply = script.pop(0) if len(script) > 1 else script[0]
        await asyncio.sleep(reply.delay)
        if not reply.status:
            return False
        headers = [(key, value.replace("{HOST}", self.host)) for key, value in reply.headers]
        body = None if reply.status in NO_BODY else reply.body
        writer.write(encode(f"HTTP/1.1 {reply.status} -", headers, body))
        await writer.drain()
        return True
