"""Sends events, one after the other on each of some connections, and keeps how long each answer took.

`python -m benchmarks.broker.load URL CONNECTIONS SECONDS` prints {"accepted", "refused", "seconds",
"latencies" (milliseconds)} as JSON.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from urllib.parse import urlsplit

REQUEST = (
    b"POST %s HTTP/1.1\r\nHost: %s\r\nce-specversion: 1.0\r\nce-id: %d\r\nce-source: /bench\r\n"
    b"ce-type: bench.one\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n%s"
)


class Sender(asyncio.Protocol):
    """One connection: the next event goes out when the answer to the one before is there."""

    def __init__(self, path: bytes, host: bytes, end: float) -> None:
        self.path, self.host, self.end = path, host, end
        self.latencies: list[float] = []
        self.refused = self.number = 0
        self.done = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The first event."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.send()

    def send(self) -> None:
        """One event; its data is the time."""
        self.number += 1
        self.began = time.monotonic_ns()
        body = b"%d" % self.began
        self.transport.write(REQUEST % (self.path, self.host, self.number, len(body), body))

    def data_received(self, data: bytes) -> None:
        """An answer, which comes in one piece."""
        self.latencies.append((time.monotonic_ns() - self.began) / 1e6)
        self.refused += b" 202 " not in data[:20]
        if time.monotonic() < self.end:
            self.send()
        else:
            self.transport.close()

    def connection_lost(self, _: Exception | None) -> None:
        """The end."""
        if not self.done.done():
            self.done.set_result(None)


async def main(url: str, connections: int, seconds: float) -> None:
    """Send and tell."""
    parts, loop, began = urlsplit(url), asyncio.get_running_loop(), time.monotonic()
    assert parts.hostname
    assert parts.port
    senders = []
    for _ in range(connections):
        _, sender = await loop.create_connection(
            lambda: Sender(parts.path.encode(), parts.netloc.encode(), began + seconds),
            parts.hostname,
            parts.port,
        )
        senders.append(sender)
    await asyncio.gather(*(sender.done for sender in senders))
    refused = sum(sender.refused for sender in senders)
    latencies = sorted(value for sender in senders for value in sender.latencies)
    result = {"accepted": len(latencies) - refused, "refused": refused, "seconds": time.monotonic() - began}
    print(json.dumps({**result, "latencies": latencies}))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3])))
