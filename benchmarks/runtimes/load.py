"""A load generator of our own: keep-alive connections, one request at a time on each.

It is run as a process apart from the server (`python -m benchmarks.runtimes.load`), so that its own CPU time
does not count, and prints one JSON object.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from dataclasses import dataclass, field

_HEAD_END = b"\r\n\r\n"
_LENGTH = b"content-length:"


@dataclass(slots=True)
class Tally:
    """What came back.

    Attributes:
        statuses: count of answers by status, as in `{"200": 10}`.
        latencies: nanoseconds from the write of a request to the last byte of its answer.
    """

    statuses: dict[str, int] = field(default_factory=dict)
    latencies: list[int] = field(default_factory=list)


class Client(asyncio.Protocol):
    """One connection: writes the request again as soon as its answer is whole, until `stop`."""

    def __init__(self, request: bytes, tally: Tally, stop: float) -> None:
        self.request, self.tally, self.stop = request, tally, stop
        self.received = b""
        self.sent = 0
        self.done = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The first request."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._send()

    def _send(self) -> None:
        self.sent = time.perf_counter_ns()
        self.transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        """Some bytes of an answer."""
        self.received += data
        end = self.received.find(_HEAD_END)
        if end < 0 or len(self.received) < end + 4 + _body_length(self.received[:end]):
            return
        now = time.perf_counter_ns()
        self.tally.latencies.append(now - self.sent)
        status = self.received[9:12].decode()
        self.tally.statuses[status] = self.tally.statuses.get(status, 0) + 1
        self.received = b""
        if now / 1e9 < self.stop:
            self._send()
        else:
            self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Over, or broken."""
        if exc is not None:
            self.tally.statuses["lost"] = self.tally.statuses.get("lost", 0) + 1
        if not self.done.done():
            self.done.set_result(None)


def _body_length(head: bytes) -> int:
    lowered = head.lower()
    start = lowered.find(_LENGTH)
    if start < 0:
        return 0
    return int(lowered[start + len(_LENGTH) :].split(b"\r\n", 1)[0])


async def load(port: int, request: bytes, connections: int, seconds: float) -> Tally:
    """Requests for `seconds` over `connections` connections to a server on loopback."""
    loop = asyncio.get_running_loop()
    tally = Tally()
    stop = time.perf_counter() + seconds
    made = [
        await loop.create_connection(lambda: Client(request, tally, stop), "127.0.0.1", port)
        for _ in range(connections)
    ]
    await asyncio.gather(*(client.done for _, client in made))
    return tally


def main() -> None:
    """Arguments: port, connections, seconds; the request on stdin."""
    port, connections, seconds = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    started = time.perf_counter()
    tally = asyncio.run(load(port, sys.stdin.buffer.read(), connections, seconds))
    elapsed = time.perf_counter() - started
    ordered = sorted(tally.latencies)
    print(
        json.dumps(
            {
                "requests": len(ordered),
                "seconds": elapsed,
                "statuses": tally.statuses,
                "p50_ms": ordered[len(ordered) // 2] / 1e6,
                "p99_ms": ordered[int(len(ordered) * 0.99)] / 1e6,
            }
        )
    )


if __name__ == "__main__":
    main()
