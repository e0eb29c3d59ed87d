"""HTTP to the byte: requests as a case writes them, and what came back."""

from __future__ import annotations

import contextlib
import http.client
import select
import socket
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Self

from .model import REQUIRED, Request, Slow, content

# Seconds until something that should happen counts as not happening; a busy machine is slow.
PATIENCE = 30.0


@dataclass(frozen=True)
class Response:
    """What came back.

    Attributes:
        status: of HTTP.
        headers: name, in small letters, and value, in order; bytes beyond ASCII as Latin-1.
        body: its bytes.
    """

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str | None:
        """The value of a header; those of a header that is there twice with a comma."""
        values = [value for found, value in self.headers if found == name]
        return ", ".join(values) if values else None

    def event(self) -> dict[str, str]:
        """The ce-* headers and Content-Type."""
        names = {name for name, _ in self.headers if name[:3] == "ce-" or name == "content-type"}
        return {name: self.header(name) or "" for name in names}


def encoded(request: Request) -> bytes:
    """The bytes of a request."""
    if request.raw is not None:
        return content(request.raw)
    body = content(request.body)
    pairs = [("Host", b"conformance")]
    pairs += [(name, content(value)) for name, value in request.attributes().items()]
    pairs += [(name, content(value)) for name, value in request.headers]
    pairs += [(f"X-{number}", b"x") for number in range(request.padding)]
    if request.chunks is not None:
        pairs.append(("Transfer-Encoding", b"chunked"))
        body = _chunked(body, request.chunks)
    elif not any(name.lower() == "content-length" for name, _ in pairs) and (
        body or request.method == "POST"
    ):
        pairs.append(("Content-Length", b"%d" % len(body)))
    return head(request.method, request.path, pairs) + body


def head(method: str, path: str, pairs: Iterable[tuple[str, bytes]]) -> bytes:
    """The bytes of a request before its body."""
    lines = [
        f"{method} {path} HTTP/1.1".encode(),
        *(b"%s: %s" % (name.encode(), value) for name, value in pairs),
    ]
    return b"\r\n".join([*lines, b"", b""])


def posted(kind: str, number: str = "1") -> bytes:
    """An event of this type and id, without data."""
    attributes = REQUIRED | {"type": kind, "id": number}
    return encoded(Request(event={**attributes}))


def _chunked(body: bytes, size: int) -> bytes:
    chunks = [body[start : start + size] for start in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks) + b"0\r\n\r\n"


class Client:
    """One connection to a server.

    Args:
        port: on the loopback interface.
    """

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends it."""
        self.socket.close()

    def send(self, request: bytes, slow: Slow | None = None) -> None:
        """Sends a request; stops where the server closes the connection meanwhile, as it may."""
        with contextlib.suppress(ConnectionError):
            if slow is None:
                self.socket.sendall(request)
                return
            self.socket.sendall(request[: slow.after])
            if slow.drip is not None:
                self._drip(request[slow.after :], slow.drip)

    def _drip(self, rest: bytes, seconds: float) -> None:
        """A byte at a time, until the server says something."""
        for byte in rest:
            if select.select([self.socket], [], [], seconds)[0]:
                return
            self.socket.sendall(bytes([byte]))

    def read(self, method: str = "POST") -> Response | None:
        """The next response; None where the connection ends without one."""
        received = http.client.HTTPResponse(self.socket, method=method)
        try:
            received.begin()
            headers = [(name.lower(), value) for name, value in received.getheaders()]
            return Response(received.status, headers, received.read())
        except (ConnectionError, http.client.RemoteDisconnected, http.client.BadStatusLine):
            return None
        finally:
            received.close()

    def exchange(self, request: bytes, method: str = "POST", slow: Slow | None = None) -> Response | None:
        """Sends a request, reads the response."""
        self.send(request, slow)
        return self.read(method)

    def is_at_its_end(self) -> bool:
        """Whether the server closes it; waits for that, but not for ever."""
        self.socket.settimeout(PATIENCE / 3)
        try:
            return self.socket.recv(1) == b""
        except TimeoutError:
            return False
        except ConnectionError:
            return True


def eventually(condition: Callable[[], object], patience: float = PATIENCE) -> None:
    """Waits until a condition holds.

    Raises:
        AssertionError: it does not, for as many seconds.
    """
    end = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < end, "this did not come true"
        time.sleep(0.01)
