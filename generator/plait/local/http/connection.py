"""One client's connection: requests in, answers out, one after the other."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from typing import TYPE_CHECKING

import httptools

from plait.local.http.message import MAX_HEADER, DropConnection, Request, Response, head

if TYPE_CHECKING:
    from plait.local.http.server import Server

MAX_QUEUED = 16
IDLE_SECONDS = 75.0
REQUEST_SECONDS = 30.0
REFUSED_SECONDS = 2.0
NO_BODY = (204, 304)


class _TooLargeError(Exception):
    """Ends the parsing of a request."""


class Connection(asyncio.Protocol):
    """One client's connection."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.task: asyncio.Task[None] | None = None
        self._refusal: int | None = None
        self._parser = httptools.HttpRequestParser(self)
        self._queue: deque[Request | Response] = deque()
        self._paused: asyncio.Event | None = None
        self._closing = False
        self._since = 0.0
        self._reset()

    def _reset(self) -> None:
        self._target, self._headers, self._body = b"", list[tuple[bytes, bytes]](), list[bytes]()
        self._size, self._head_size, self._reading, self._in_head = 0, 0, False, False

    # What asyncio calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Refuse one connection too many."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._since = asyncio.get_running_loop().time()
        self.server.connections.add(self)
        if self.server.is_full:
            self._refuse(503)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        """Nobody waits for the answer any more; what was accepted stays accepted."""
        self.server.connections.discard(self)
        self._closing = True
        if self._paused:
            self._paused.set()

    def data_received(self, data: bytes) -> None:
        """Feed the parser."""
        if self._closing:
            return
        self._since = asyncio.get_running_loop().time()
        try:
            self._parser.feed_data(data)
            if self._in_head:
                self._count_head(len(data))
        except httptools.HttpParserInvalidMethodError:
            self._refuse(405)
        except httptools.HttpParserUpgrade:
            self._refuse(400)
        except (httptools.HttpParserError, _TooLargeError):
            self._refuse(self._refusal or 400)

    def pause_writing(self) -> None:
        """The client reads slowly."""
        self._paused = asyncio.Event()

    def resume_writing(self) -> None:
        """It has caught up."""
        if self._paused:
            self._paused.set()
            self._paused = None

    # What the parser calls.

    def on_message_begin(self) -> None:
        """A new request."""
        self._reset()
        self._reading = self._in_head = True

    def on_url(self, url: bytes) -> None:
        """A part of the target."""
        self._target += url
        self._count_head(len(url))

    def on_header(self, name: bytes, value: bytes) -> None:
        """One header, whole."""
        self._count_head(len(name) + len(value))
        self._headers.append((name, value.strip(b" \t")))

    def on_headers_complete(self) -> None:
        """Tell a client that waits for it to go on."""
        self._in_head = False
        fields = {name.lower(): value for name, value in self._headers}
        length = fields.get(b"content-length", b"")
        if length.isdigit() and int(length) > self.server.max_body:
            self._stop_reading(413)
        if fields.get(b"expect", b"").lower() == b"100-continue":
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def on_body(self, data: bytes) -> None:
        """A part of the body."""
        self._size += len(data)
        if self._size > self.server.max_body:
            self._stop_reading(413)
        self._body.append(data)

    def on_message_complete(self) -> None:
        """A whole request: answer it, or queue it behind the one before."""
        method = self._parser.get_method().decode("latin-1")
        request = Request(method, self._target.decode("latin-1"), self._headers, b"".join(self._body))
        self._enqueue(request)
        self._reset()
        if not self._parser.should_keep_alive():
            self._closing = True

    def _count_head(self, size: int) -> None:
        self._head_size += size
        if self._head_size > MAX_HEADER:
            self._stop_reading(431)

    def _stop_reading(self, status: int) -> None:
        """Leave the parser; data_received answers."""
        self._refusal = status
        raise _TooLargeError

    # Answers.

    def _refuse(self, status: int) -> None:
        self._refusal = status
        self._enqueue(Response(status, [(b"Allow", b"POST, OPTIONS")]))
        self._closing = True

    def _enqueue(self, item: Request | Response) -> None:
        self._queue.append(item)
        if len(self._queue) >= MAX_QUEUED:
            self._transport.pause_reading()
        if self.task is None:
            self.task = asyncio.get_running_loop().create_task(self._work())

    async def _work(self) -> None:
        try:
            while self._queue:
                await self._answer(self._queue.popleft())
                if len(self._queue) < MAX_QUEUED:
                    self._transport.resume_reading()
        except (DropConnection, OSError):
            self.abort()
        finally:
            self.task = None
            if self._closing:
                self._end()

    async def _answer(self, item: Request | Response) -> None:
        response = item if isinstance(item, Response) else await self._handled(item)
        is_head = isinstance(item, Request) and item.method == "HEAD"
        close = self._closing and not self._queue
        if response.stream is not None:
            await self._send_stream(response)
            return
        length = 0 if response.status in NO_BODY else len(response.body)
        start = head(response.status, response.headers, length, close=close)
        self._transport.write(start if is_head else start + response.body)

    async def _handled(self, request: Request) -> Response:
        try:
            return await self.server.handler(request)
        except DropConnection:
            raise
        except Exception as error:  # noqa: BLE001 (one request must not end the others)
            told = {"message": f"{request.method} {request.target} failed", "exception": error}
            asyncio.get_running_loop().call_exception_handler(told)
            return Response(500)

    async def _send_stream(self, response: Response) -> None:
        assert response.stream is not None
        self._transport.write(head(response.status, response.headers, None, close=False))
        async with contextlib.aclosing(response.stream) as stream:  # type: ignore[type-var]
            async for part in stream:
                if self._transport.is_closing():
                    return
                self._transport.write(b"%x\r\n%s\r\n" % (len(part), part))
                if self._paused:
                    await self._paused.wait()
        self._transport.write(b"0\r\n\r\n")

    # Ends.

    def _end(self) -> None:
        """Close; a client that is still sending what was refused gets to read why before that."""
        if self._refusal and not self._transport.is_closing():
            self._transport.write_eof()
        else:
            self._transport.close()

    def stale(self, now: float) -> bool:
        """Whether the client has been silent for too long."""
        limit = REFUSED_SECONDS if self._refusal else REQUEST_SECONDS if self._reading else IDLE_SECONDS
        return self.task is None and now - self._since > limit

    def finish(self) -> None:
        """Close after what is queued."""
        self._closing = True
        if self.task is None:
            self._transport.close()

    def abort(self) -> None:
        """Close at once."""
        self._closing = True
        self._transport.abort()
