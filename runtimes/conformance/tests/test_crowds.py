"""Crowds: many events and many connections at once."""

from __future__ import annotations

from collections import Counter

import pytest

from ..runtime import Runtime
from ..server import Start
from ..wire import Client, eventually, posted
from .conftest import Pool


def test_more_events_than_at_once(start: Start) -> None:
    """429 with Retry-After, and a line of the log; then there is room again."""
    server = start("waits", PLAIT_CONCURRENCY=2)
    with Client(server.port) as first, Client(server.port) as second:
        for client in (first, second):
            client.send(posted(type="wait"))
        eventually(lambda: server.in_flight() == 2)
        refused = server.post(type="slow")
    assert (refused.status, refused.headers["retry-after"]) == (429, "1")
    assert refused.body == b"2 events are in progress (PLAIT_CONCURRENCY)\n"
    eventually(lambda: server.in_flight() == 0)
    assert server.status("slow") == 200
    messages = ["full", "client_gone", "client_gone", "reply"]
    eventually(lambda: [line["message"] for line in server.log()] == messages)


@pytest.mark.parametrize("room", [100, 1000])
def test_a_thousand_connections(start: Start, room: int) -> None:
    """Each has its answer: 200 where there is room for all at once, else 200 or 429."""
    server = start("waits", PLAIT_CONCURRENCY=room)
    clients = [Client(server.port) for _ in range(1000)]
    for client in clients:
        client.send(posted(type="slow"))
    counts = Counter(client.read().status for client in clients)
    for client in clients:
        client.close()
    assert counts.total() == 1000
    assert counts[200] >= room
    assert set(counts) <= {200, 429}


def test_slow_clients_beside_quick_ones(start: Start) -> None:
    """Bodies that dribble in are not with the function yet, and take nobody's place."""
    server = start("echo", PLAIT_CONCURRENCY=1)
    slow = [Client(server.port) for _ in range(20)]
    for client in slow:
        client.send(posted(b"h", length=2))
    assert server.status("t") == 200
    answers = [client.exchange(b"i") for client in slow]
    for client in slow:
        client.close()
    assert [(answer.status, answer.body) for answer in answers] == [(200, b"hi")] * 20


def test_replies_have_ids_of_their_own(runtime: Runtime, pool: Pool) -> None:
    """Data that is wrapped, for events that are all alike."""
    server = pool.get(runtime, "acts", PLAIT_REPLY_SOURCE="my source", PLAIT_TIMEOUT="2")
    assert len({server.post(type="object").headers["ce-id"] for _ in range(20)}) == 20


def test_metrics(start: Start) -> None:
    """They count by the words of the log, and tell how long it took."""
    server = start("acts")
    kinds = ("object", "object", "fail", "reject", "nothing")
    assert [server.status(kind) for kind in kinds] == [200, 200, 500, 400, 204]
    assert server.post(specversion="7").status == 400
    metrics = server.metrics()
    outcomes = {"reply": 2, "failed": 1, "rejected": 1, "no_reply": 1, "malformed": 1}
    name = "plait_handler_requests_total"
    counted = {key: number for key, number in metrics.items() if key.startswith(name) and number}
    assert counted == {f'{name}{{outcome="{outcome}"}}': number for outcome, number in outcomes.items()}
    assert metrics["plait_handler_request_duration_seconds_count"] == 6
    assert metrics['plait_handler_request_duration_seconds_bucket{le="+Inf"}'] == 6
    assert metrics["plait_handler_in_flight"] == 0
