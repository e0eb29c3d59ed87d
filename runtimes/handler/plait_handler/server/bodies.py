"""Bodies of requests: read whole, and no larger than they may be."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterable

from plait_handler.server.answers import Answer, Receive, full, incomplete, too_large

# After a refusal the rest of a body is read and dropped for a while: a connection that is closed with bytes
# unread is reset, and the client may lose the answer.
_LINGER_SECONDS = 2.0
_LINGER_BYTES = 16 * 1024 * 1024


class Refused(Exception):  # noqa: N818 - it is an answer, not a failure
    """A request whose body is not taken.

    Attributes:
        answer: what to answer instead.
    """

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.reason)
        self.answer = answer


class Bodies:
    """Reads the bodies of one worker, which together hold no more than `limit * concurrency` bytes.

    Args:
        limit: bytes of one body.
        concurrency: events that may be with the function at once.
    """

    def __init__(self, limit: int, concurrency: int) -> None:
        self.limit, self.concurrency = limit, concurrency
        self.held = 0

    async def read(self, headers: Iterable[tuple[bytes, bytes]], receive: Receive) -> bytes:
        """The whole body.

        Raises:
            Refused: too large (413), not there in time (408), or too much is being read already (429).
        """
        message = await receive()
        if message["type"] != "http.request":
            raise Refused(incomplete())
        body: bytes = message.get("body", b"")
        if not message.get("more_body", False):
            if len(body) > self.limit:
                raise Refused(too_large(self.limit))
            return body
        if _announced(headers) > self.limit:
            raise Refused(too_large(self.limit))
        return await self._rest(body, receive)

    async def _rest(self, first: bytes, receive: Receive) -> bytes:
        chunks, size, more = [first], len(first), True
        self.held += size
        try:
            while more:
                self._check(size)
                message = await receive()
                if message["type"] != "http.request":
                    raise Refused(incomplete())
                chunk = message.get("body", b"")
                more = message.get("more_body", False)
                chunks.append(chunk)
                size += len(chunk)
                self.held += len(chunk)
            self._check(size)
        finally:
            self.held -= size
        return b"".join(chunks)

    def _check(self, size: int) -> None:
        if size > self.limit:
            raise Refused(too_large(self.limit))
        if self.held > self.limit * self.concurrency:
            raise Refused(full(self.concurrency))


def _announced(headers: Iterable[tuple[bytes, bytes]]) -> int:
    """The Content-Length, which the server has checked; 0 where there is none."""
    for name, value in headers:
        if name == b"content-length":
            return int(value)
    return 0


async def linger(receive: Receive) -> None:
    """Reads and drops what is left of a body, within limits."""
    left = _LINGER_BYTES
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_LINGER_SECONDS):
            while left > 0:
                message = await receive()
                left -= len(message.get("body", b""))
                if not message.get("more_body", False):
                    return
