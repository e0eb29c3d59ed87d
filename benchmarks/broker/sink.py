"""A subscriber: answers 202, or with an event on /reply, and keeps how long each event was on its way.

`python -m benchmarks.broker.sink` prints its port, and on each line of standard input the latencies so far in
milliseconds as JSON; then it starts anew.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time

import httptools

ANSWER = b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n"
REPLY = (
    b"HTTP/1.1 200 OK\r\nce-specversion: 1.0\r\nce-id: r\r\nce-source: /bench\r\nce-type: bench.two\r\n"
    b"Content-Type: text/plain\r\nContent-Length: %d\r\n\r\n%s"
)


class Subscriber(asyncio.Protocol):
    """One connection of the broker's."""

    def __init__(self, latencies: list[float]) -> None:
        self.latencies = latencies
        self.parser = httptools.HttpRequestParser(self)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep it."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """Feed the parser."""
        self.parser.feed_data(data)

    def on_url(self, url: bytes) -> None:
        """A new request."""
        self.replies, self.body = url == b"/reply", b""

    def on_body(self, body: bytes) -> None:
        """The time when it was sent."""
        self.body += body

    def on_message_complete(self) -> None:
        """Answer."""
        if self.replies:
            self.transport.write(REPLY % (len(self.body), self.body))
            return
        self.latencies.append((time.monotonic_ns() - int(self.body)) / 1e6)
        self.transport.write(ANSWER)


async def main() -> None:
    """Serve until standard input ends."""
    latencies: list[float] = []
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Subscriber(latencies), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    while await asyncio.to_thread(sys.stdin.readline):
        print(json.dumps(latencies), flush=True)
        latencies.clear()


if __name__ == "__main__":
    asyncio.run(main())
