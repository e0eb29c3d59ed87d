"""One HTTP request with the standard library: no proxy, no redirect, no second try."""

from __future__ import annotations

import http.client
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from plait.errors import PlaitError

PATIENCE = 600.0  # seconds: as long as Knative lets a function take
MOST = 64 * 1024 * 1024


class UnreachableError(PlaitError):
    """Nobody answered."""


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Sequence[tuple[str, str]]
    body: bytes = field(repr=False)

    def header(self, name: str) -> str | None:
        """The first header of a name in small letters, or None."""
        return next((value for key, value in self.headers if key.lower() == name), None)

    @property
    def attributes(self) -> Mapping[str, str]:
        """Those of an event in binary mode that it holds, as the headers say them; {} where there is none."""
        named = {key.lower(): value for key, value in self.headers}
        found = {key.removeprefix("ce-"): value for key, value in named.items() if key.startswith("ce-")}
        kind = named.get("content-type")
        return {**found, **({"datacontenttype": kind} if kind else {})} if found else {}

    @property
    def text(self) -> str:
        """The body; U+FFFD for what is not UTF-8."""
        return self.body.decode("utf-8", "replace")


def request(method: str, url: str, headers: Mapping[str, str] | None = None, body: bytes = b"") -> Answer:
    """Send a request and read the whole answer.

    Raises:
        UnreachableError: no connection, or no whole HTTP answer within PATIENCE.
        PlaitError: not an http or https URL. Exit code 2.
    """
    with opened(method, url, headers, body) as response:
        return Answer(response.status, response.getheaders(), response.read(MOST))


@contextmanager
def opened(
    method: str, url: str, headers: Mapping[str, str] | None = None, body: bytes = b""
) -> Iterator[http.client.HTTPResponse]:
    """Send a request; the answer's body is the caller's to read, line by line for one that has no end.

    Raises: as `request`.
    """
    connection, target = _connection(url)
    try:
        connection.request(method, target, body, dict(headers or {}))
        yield connection.getresponse()
    except (OSError, http.client.HTTPException) as error:
        raise UnreachableError(_reason(error), where=url) from None
    finally:
        connection.close()


def _connection(url: str) -> tuple[http.client.HTTPConnection, str]:
    try:
        parts = urlsplit(url)
        kind = {"http": http.client.HTTPConnection, "https": http.client.HTTPSConnection}[parts.scheme]
        host, port = parts.hostname or "", parts.port
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        f"{host}{target}".encode("ascii")
        if host:
            return kind(host, port, timeout=PATIENCE), target
    except (ValueError, KeyError, http.client.InvalidURL):
        pass
    hint = "as http://127.0.0.1:8080/shop/default"
    raise PlaitError("not an http or https URL", where=url, hint=hint, exit_code=2)


def _reason(error: Exception) -> str:
    if isinstance(error, ConnectionRefusedError):
        return "connection refused: nobody listens there"
    if isinstance(error, TimeoutError):
        return f"no answer within {PATIENCE:g} s"
    if isinstance(error, OSError):
        return f"no connection: {error.strerror or error}"
    return f"no HTTP answer: {type(error).__name__}"
