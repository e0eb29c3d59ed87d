"""The client: kept-alive connections by host, one request at a time on each."""

from __future__ import annotations

import asyncio
import ssl
from collections import defaultdict
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httptools

from plait.local.gostd import userinfo
from plait.local.http.message import MAX_BODY, MAX_HEADER, RawHeaders

IDLE_SECONDS = 1.0
MAX_IDLE = 100
MAX_TARGETS = 1000
FINAL = 200


class RequestFailedError(Exception):
    """No answer: refused, reset, closed, or not HTTP. The text says which, without the address."""


@dataclass(slots=True)
class Answer:
    """What a subscriber answered; header names as they came."""

    status: int
    headers: RawHeaders
    body: bytes


@dataclass(slots=True, frozen=True)
class Target:
    """Where a URL leads. `authorization` is the header for its user and password, if it has them."""

    host: str
    port: int
    tls: bool
    authority: str
    path: str
    authorization: bytes | None = field(default=None, repr=False)

    @classmethod
    def of(cls, url: str) -> Target:
        """The target of an http or https URL. Raises ValueError for others."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"not an http URL: {userinfo.without(url)}")
        port = parts.port or (443 if parts.scheme == "https" else 80)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        authority, tls = parts.netloc.rpartition("@")[2], parts.scheme == "https"
        return cls(parts.hostname, port, tls, authority, path, userinfo.authorization(url))


class Client:
    """Sends requests. It follows no redirects and repeats nothing."""

    def __init__(self) -> None:
        self._idle: dict[tuple[str, int, bool], list[Channel]] = defaultdict(list)
        self._tls: ssl.SSLContext | None = None
        self._targets: dict[str, Target] = {}

    def target(self, url: str) -> Target:
        """Target.of, remembered for the URLs that come again and again. Raises ValueError."""
        found = self._targets.get(url)
        if found is None:
            found = Target.of(url)
            if len(self._targets) < MAX_TARGETS:
                self._targets[url] = found
        return found

    async def send(self, target: Target, method: str, headers: RawHeaders, body: bytes) -> Answer:
        """One request and its answer.

        Raises:
            RequestFailedError: where no whole answer came.
        """
        channel = self._take(target) or await self._connect(target)
        try:
            answer = await channel.exchange(_request(target, method, headers, body))
        except BaseException:
            channel.close()
            raise
        self._give_back(target, channel)
        return answer

    def close(self) -> None:
        """Close the idle connections."""
        for channels in self._idle.values():
            for channel in channels:
                channel.close()
        self._idle.clear()

    def _take(self, target: Target) -> Channel | None:
        """An idle connection that the other side has not closed.

        An old one may be closed by the server just as the request leaves, so it is not used.
        """
        idle = self._idle[target.host, target.port, target.tls]
        now = asyncio.get_running_loop().time()
        while idle:
            channel = idle.pop()
            if channel.usable and now - channel.idle_since < IDLE_SECONDS:
                return channel
            channel.close()
        return None

    def _give_back(self, target: Target, channel: Channel) -> None:
        idle = self._idle[target.host, target.port, target.tls]
        if channel.usable and len(idle) < MAX_IDLE:
            channel.idle_since = asyncio.get_running_loop().time()
            idle.append(channel)
        else:
            channel.close()

    async def _connect(self, target: Target) -> Channel:
        loop = asyncio.get_running_loop()
        if target.tls and self._tls is None:
            self._tls = ssl.create_default_context()
        try:
            _, channel = await loop.create_connection(
                Channel, target.host, target.port, ssl=self._tls if target.tls else None
            )
        except OSError as error:
            refused = isinstance(error, ConnectionRefusedError)
            reason = "connect: connection refused" if refused else str(error.strerror or error)
            raise RequestFailedError(f"dial tcp {target.host}:{target.port}: {reason}") from None
        return channel


def _request(target: Target, method: str, headers: RawHeaders, body: bytes) -> bytes:
    lines = [f"{method} {target.path} HTTP/1.1\r\nHost: {target.authority}\r\nUser-Agent: plait".encode()]
    lines += [name + b": " + value for name, value in headers]
    if target.authorization:
        lines.append(b"Authorization: " + target.authorization)
    if body or method == "POST":
        lines.append(b"Content-Length: %d" % len(body))
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


class Channel(asyncio.Protocol):
    """One connection to a server."""

    idle_since = 0.0

    def __init__(self) -> None:
        self.usable = True
        self._answer: asyncio.Future[Answer] | None = None
        self._parser = httptools.HttpResponseParser(self)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ready to send."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    async def exchange(self, request: bytes) -> Answer:
        """Send a request and wait for its answer. Raises RequestFailedError."""
        self._headers, self._body = list[tuple[bytes, bytes]](), list[bytes]()
        self._size, self._whole_head = 0, False
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._answer

    def close(self) -> None:
        """Close at once."""
        self.usable = False
        self._transport.abort()

    def data_received(self, data: bytes) -> None:
        """Feed the parser; bytes that nobody asked for end the connection."""
        if self._answer is None or self._answer.done():
            self.close()
            return
        self._size += len(data)
        if self._size > MAX_BODY + MAX_HEADER:
            self._fail("the answer is too large")
            return
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as error:
            self._fail(f"malformed HTTP response: {error}")

    def eof_received(self) -> None:
        """Without a length, the end of the connection is the end of the body."""
        self._ended(None)

    def connection_lost(self, exc: Exception | None) -> None:
        """The other side is gone."""
        self._ended(exc)

    def _ended(self, error: Exception | None) -> None:
        self.usable = False
        fields = {name.lower() for name, _ in self._headers} if self._answer else set()
        open_ended = not fields & {b"content-length", b"transfer-encoding"}
        if self._answer and not self._answer.done() and self._whole_head and open_ended and error is None:
            self._complete()
        else:
            self._fail("EOF" if error is None else str(error))

    def _fail(self, reason: str) -> None:
        self.usable = False
        if self._answer and not self._answer.done():
            self._answer.set_exception(RequestFailedError(reason))

    # What the parser calls.

    def on_header(self, name: bytes, value: bytes) -> None:
        """One header, whole."""
        self._headers.append((name, value.strip(b" \t")))

    def on_headers_complete(self) -> None:
        """An interim answer (1xx) is not the one."""
        self._status = self._parser.get_status_code()
        self._whole_head = self._status >= FINAL

    def on_body(self, data: bytes) -> None:
        """A part of the body."""
        self._body.append(data)

    def on_message_complete(self) -> None:
        """The whole answer."""
        if self._whole_head:
            self.usable = self.usable and self._parser.should_keep_alive()
            self._complete()
        else:
            self._headers = []

    def _complete(self) -> None:
        if self._answer and not self._answer.done():
            self._answer.set_result(Answer(self._status, self._headers, b"".join(self._body)))
