"""Crowds: many events and many connections at once."""

from __future__ import annotations

import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from ..wire import Client, eventually, posted
from .conftest import Start


def test_more_events_than_at_once(start: Start) -> None:
    """429 with Retry-After, while those with the function are served; then there is room again."""
    server = start("waits", {"PLAIT_CONCURRENCY": "2"})
    with ThreadPoolExecutor(2) as pool:
        first = [pool.submit(server.status, "slower") for _ in range(2)]
        eventually(lambda: server.in_flight() == 2)
        refused = server.post("slow")
        assert [call.result() for call in first] == [200, 200]
    assert refused is not None
    assert (refused.status, refused.header("retry-after")) == (429, "1")
    assert refused.body == b"2 events are in progress (PLAIT_CONCURRENCY)\n"
    assert server.status("slow") == 200
    messages = ["full", "reply", "reply", "reply"]
    eventually(lambda: sorted(line["message"] for line in server.log()) == messages)


@pytest.mark.parametrize("room", [100, 1000])
def test_a_thousand_connections(start: Start, room: int) -> None:
    """Each has its answer: 200 where there is room for all at once, else 200 or 429."""
    server = start("waits", {"PLAIT_CONCURRENCY": str(room)})
    clients = [Client(server.port) for _ in range(1000)]
    for client in clients:
        client.send(posted("slow"))
    answers = [client.read() for client in clients]
    for client in clients:
        client.close()
    counts = Counter(answer.status if answer is not None else None for answer in answers)
    assert counts.total() == 1000
    assert counts[200] >= room
    assert set(counts) <= {200, 429}


def test_slow_clients_beside_quick_ones(start: Start) -> None:
    """Bodies that dribble in are not with the function yet, and take nobody's place."""
    server = start("echo", {"PLAIT_CONCURRENCY": "1"})
    request = posted("t").replace(b"Content-Length: 0", b"Content-Length: 2")
    slow = [Client(server.port) for _ in range(20)]
    for client in slow:
        client.send(request + b"h")
    assert server.status("t") == 200
    answers = [client.exchange(b"i") for client in slow]
    for client in slow:
        client.close()
    assert [(answer.status, answer.body) for answer in answers if answer] == [(200, b"hi")] * 20


def test_requests_one_behind_the_other(start: Start) -> None:
    """Ten in one packet: answered in order."""
    server = start("echo")
    numbers = [str(number) for number in range(10)]
    with Client(server.port) as client:
        client.send(b"".join(posted("t", number) for number in numbers))
        received = b""
        while received.count(b"\r\n\r\n") < len(numbers):
            received += client.socket.recv(65536)
    assert re.findall(rb"(?im)^ce-id: (\d+)", received) == [number.encode() for number in numbers]


def test_metrics(start: Start) -> None:
    """They count by the words of the log."""
    server = start("acts")
    assert [server.status(kind) for kind in ("object", "object", "fail", "reject", "nothing")] == [
        200,
        200,
        500,
        400,
        204,
    ]
    page = server.get("/metrics")
    assert page is not None
    counts = dict(re.findall(r'requests_total\{outcome="(\w+)"\} ([1-9]\d*)', page.body.decode()))
    assert counts == {"reply": "2", "failed": "1", "rejected": "1", "no_reply": "1"}
