"""What goes back: a status, headers, a body, and the word for it in logs and metrics."""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from typing import Any, NamedTuple

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
_TEXT = (b"content-type", b"text/plain; charset=utf-8")
CLOSE = (b"connection", b"close")


class Outcome:
    """What became of a request with an event, or with none: the words that logs and metrics have for it."""

    REPLY = "reply"
    NO_REPLY = "no_reply"
    MALFORMED = "malformed"
    REJECTED = "rejected"
    INCOMPLETE = "incomplete"
    TOO_LARGE = "too_large"
    UNSUPPORTED = "unsupported"
    FULL = "full"
    FAILED = "failed"
    RETRY_LATER = "retry_later"
    TIMED_OUT = "timed_out"
    CLIENT_GONE = "client_gone"


class Answer(NamedTuple):
    """One answer.

    Attributes:
        outcome: of Outcome.
        status: of HTTP.
        headers: names in small letters; Content-Length is added when it is sent.
        body: of a 2xx, only an event's data.
        reason: for the log, where there is more to say than the status does.
        error: what the function raised, for the log.
    """

    outcome: str
    status: int
    headers: Sequence[tuple[bytes, bytes]]
    body: bytes = b""
    reason: str = ""
    error: BaseException | None = None


def text(
    outcome: str,
    status: int,
    message: str,
    *headers: tuple[bytes, bytes],
    error: BaseException | None = None,
) -> Answer:
    """An answer that is a sentence."""
    body = message.encode("utf-8", "replace") + b"\n"
    return Answer(outcome, status, [_TEXT, *headers], body, message, error)


def too_large(limit: int) -> Answer:
    """413. The connection ends: the rest of the body is not read."""
    return text(Outcome.TOO_LARGE, 413, f"the body is larger than {limit} bytes (PLAIT_MAX_BODY)", CLOSE)


def incomplete() -> Answer:
    """408: the body did not come, or not in time. Where the client has gone, nobody reads it."""
    return text(Outcome.INCOMPLETE, 408, "the body did not arrive in time (PLAIT_READ_TIMEOUT)", CLOSE)


def full(limit: int) -> Answer:
    """429: as many events as there may be are with the function."""
    return text(
        Outcome.FULL, 429, f"{limit} events are in progress (PLAIT_CONCURRENCY)", (b"retry-after", b"1")
    )


def failed(message: str = "the function failed", error: BaseException | None = None) -> Answer:
    """500. What went wrong is in the log, with the event's id, and not in the answer."""
    return Answer(Outcome.FAILED, 500, [_TEXT], b"the function failed\n", message, error)


def timed_out(seconds: float, *headers: tuple[bytes, bytes]) -> Answer:
    """504: the function's time is up."""
    message = f"the function took longer than {seconds:g} s (PLAIT_TIMEOUT)"
    return text(Outcome.TIMED_OUT, 504, message, *headers)


def retry_later(seconds: float, reason: str) -> Answer:
    """503, as the function asked for."""
    wait = max(0, math.ceil(seconds)) if math.isfinite(seconds) else 1
    return text(Outcome.RETRY_LATER, 503, reason, (b"retry-after", str(wait).encode("ascii")))


async def send(to: Send, answer: Answer) -> None:
    """Sends it, by ASGI."""
    await to({"type": "http.response.start", "status": answer.status, "headers": framed(answer)})
    await to({"type": "http.response.body", "body": answer.body})


def framed(answer: Answer) -> Sequence[tuple[bytes, bytes]]:
    """Its headers with Content-Length, which a 204 has none of (RFC 9110, section 15.3.5)."""
    if answer.status == 204:  # noqa: PLR2004
        return answer.headers
    return [*answer.headers, (b"content-length", b"%d" % len(answer.body))]
