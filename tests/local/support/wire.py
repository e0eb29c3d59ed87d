"""HTTP/1.1 by hand, so that the tests see the bytes and not what a library makes of them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from urllib.parse import urlsplit

Pairs = list[tuple[str, str]]
NO_BODY = (204, 304)
LIMIT = 1 << 24


@dataclass
class Message:
    """A request or an answer: the first line, headers as latin-1 texts, the body."""

    start: str
    headers: Pairs
    body: bytes

    @property
    def status(self) -> int:
        """The status of an answer."""
        return int(self.start.split()[1])

    def header(self, name: str) -> str | None:
        """The first value of a header."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


@dataclass
class Reply:
    """What a subscriber answers. Status 0 closes the connection without an answer."""

    status: int = 202
    headers: Pairs = field(default_factory=list)
    body: bytes = b""
    delay: float = 0.0


async def receive(reader: asyncio.StreamReader, *, has_body: bool = True) -> Message | None:
    """The next message, None at the end of the connection."""
    try:
        text = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except asyncio.IncompleteReadError:
        return None
    start, *lines = text.rstrip("\r\n").split("\r\n")
    headers = [(name.strip(), value.strip()) for name, _, value in (line.partition(":") for line in lines)]
    fields = {name.lower(): value for name, value in headers}
    body = b""
    if "chunked" in fields.get("transfer-encoding", ""):
        body = await _chunks(reader)
    elif has_body and "content-length" in fields:
        body = await reader.readexactly(int(fields["content-length"]))
    return Message(start, headers, body)


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    body = b""
    while size := int(await reader.readline(), 16):
        body += await reader.readexactly(size)
        await reader.readline()
    await reader.readline()
    return body


def encode(start: str, headers: Pairs, body: bytes | None) -> bytes:
    """The bytes of a message; no Content-Length where `body` is None."""
    lines = [start, *(f"{name}: {value}" for name, value in headers)]
    if body is not None:
        lines.append(f"Content-Length: {len(body)}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + (body or b"")


async def request(
    method: str, url: str, headers: Pairs | None = None, body: bytes = b"", path: str | None = None
) -> Message | None:
    """Send one request on a connection of its own; None where no answer came.

    Args:
        method, url, headers, body: as they are sent.
        path: the request's target as it stands in the first line; that of `url` where it is None.
    """
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port, limit=LIMIT)
    target = path if path is not None else (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    named = [] if any(name.lower() == "host" for name, _ in headers or []) else [("Host", parts.netloc)]
    sent = body if body or method in ("POST", "PUT", "PATCH") else None
    writer.write(
        encode(f"{method} {target} HTTP/1.1", [*named, ("Connection", "close"), *(headers or [])], sent)
    )
    try:
        await writer.drain()
        return await receive(reader, has_body=method != "HEAD")
    except OSError:
        return None
    finally:
        writer.close()
