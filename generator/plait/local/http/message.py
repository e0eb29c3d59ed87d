"""Requests and answers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus

RawHeaders = Sequence[tuple[bytes, bytes]]

MAX_BODY = 8 * 1024 * 1024
MAX_HEADER = 64 * 1024


@dataclass(slots=True)
class Request:
    """What a client asked.

    Attributes:
        method, target: as they stand in the request line.
        headers: names as they came, values without the spaces around them.
        body: all of it.
    """

    method: str
    target: str
    headers: RawHeaders
    body: bytes

    def header(self, name: bytes) -> str | None:
        """The first value of a header (name in small letters), or None."""
        return next((value.decode("latin-1") for key, value in self.headers if key.lower() == name), None)


@dataclass(slots=True)
class Response:
    """An answer. `stream` is sent in chunks as it comes, after `body`."""

    status: int
    headers: RawHeaders = ()
    body: bytes = b""
    stream: AsyncIterator[bytes] | None = field(default=None, repr=False)


class DropConnection(Exception):  # noqa: N818 (an instruction)
    """Raised by a handler that wants the connection closed without an answer."""


def head(status: int, headers: Iterable[tuple[bytes, bytes]], length: int | None, *, close: bool) -> bytes:
    """The bytes before the body of an answer; `length` None for a body in chunks."""
    lines = [b"HTTP/1.1 %d %s" % (status, _phrase(status))]
    lines += [name + b": " + value for name, value in headers]
    lines.append(b"Transfer-Encoding: chunked" if length is None else b"Content-Length: %d" % length)
    if close:
        lines.append(b"Connection: close")
    return b"\r\n".join(lines) + b"\r\n\r\n"


def _phrase(status: int) -> bytes:
    try:
        return HTTPStatus(status).phrase.encode()
    except ValueError:
        return b"Status"
