"""HTTP to the byte: what is sent, and what came back."""

from __future__ import annotations

import contextlib
import http.client
import select
import socket
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Self

# Seconds until something that should happen counts as not happening; a busy machine is slow.
PATIENCE = 60.0
REQUIRED = {"specversion": "1.0", "id": "1", "source": "/s", "type": "t"}
EVENT = {f"ce-{name}": value for name, value in REQUIRED.items()}
_FRESH = ("ce-id", "ce-time")


@dataclass(frozen=True)
class Response:
    """What came back.

    Attributes:
        status: of HTTP.
        headers: value by name, in small letters; bytes beyond ASCII as Latin-1. The values of a header that
            is there twice, with a comma between them.
        body: its bytes.
    """

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def event(self) -> dict[str, str]:
        """The ce-* headers and Content-Type."""
        names = [name for name in self.headers if name[:3] == "ce-" or name == "content-type"]
        return {name: self.headers[name] for name in names}

    @property
    def same_each_time(self) -> dict[str, str]:
        """The event without its id and its time, which a runtime makes up."""
        return {name: value for name, value in self.event.items() if name not in _FRESH}


def head(method: str, path: str, pairs: Iterable[tuple[str, bytes]]) -> bytes:
    """The bytes of a request before its body."""
    lines = [
        f"{method} {path} HTTP/1.1".encode(),
        *(b"%s: %s" % (name.encode(), value) for name, value in pairs),
    ]
    return b"\r\n".join([*lines, b"", b""])


def request(
    method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes | None = None
) -> bytes:
    """The bytes of a request; with Content-Length where there is a body, be it empty."""
    pairs = [("Host", b"localhost"), *((name, value.encode()) for name, value in (headers or {}).items())]
    if body is not None:
        pairs.append(("Content-Length", b"%d" % len(body)))
    return head(method, path, pairs) + (body or b"")


def posted(
    body: bytes = b"", headers: Mapping[str, str] | None = None, *, length: int | None = None, **event: str
) -> bytes:
    """The bytes of a request with an event in binary mode.

    Args:
        body: the event's data.
        headers: more of them.
        length: that is announced, in place of the body's own.
        event: attributes on top of REQUIRED, or in place of them.
    """
    attributes = EVENT | {f"ce-{name}": value for name, value in event.items()}
    announced = {"Content-Length": str(len(body) if length is None else length)}
    return request("POST", "/", {**attributes, **(headers or {}), **announced}) + body


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

    def send(self, given: bytes) -> None:
        """Sends bytes; stops where the server closes the connection meanwhile, as it may."""
        with contextlib.suppress(ConnectionError):
            self.socket.sendall(given)

    def drip(self, given: bytes, seconds: float) -> None:
        """Sends a byte at a time, until the server says something.

        Args:
            given: the bytes.
            seconds: between one and the next.
        """
        with contextlib.suppress(ConnectionError):
            for byte in given:
                if select.select([self.socket], [], [], seconds)[0]:
                    return
                self.socket.sendall(bytes([byte]))

    def read(self, method: str = "POST") -> Response:
        """The next response.

        Raises:
            ConnectionError: the connection ends without one.
        """
        received = http.client.HTTPResponse(self.socket, method=method)
        try:
            received.begin()
            names = {name.lower() for name, _ in received.getheaders()}
            headers = {name: received.getheader(name) or "" for name in names}
            return Response(received.status, headers, received.read())
        except http.client.RemoteDisconnected:
            raise
        except http.client.HTTPException as error:
            raise ConnectionError(f"no whole response: {error!r}") from error
        finally:
            received.close()

    def exchange(self, given: bytes, method: str = "POST") -> Response:
        """Sends a request, reads the response.

        Raises:
            ConnectionError: the connection ends without one.
        """
        self.send(given)
        return self.read(method)

    def is_at_its_end(self) -> bool:
        """Whether the server closes it; waits for that, but not for ever."""
        try:
            return self.socket.recv(1) == b""
        except TimeoutError:
            return False
        except ConnectionError:
            return True


def eventually(condition: Callable[[], object]) -> None:
    """Waits until a condition holds.

    Raises:
        AssertionError: it does not, for PATIENCE seconds.
    """
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "this did not come true"
        time.sleep(0.01)
