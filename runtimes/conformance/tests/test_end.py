"""The end: SIGTERM comes, and no event that was taken is lost."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator

from ..server import Server, Start
from ..wire import Client, eventually, posted


def test_events_in_flight(start: Start) -> None:
    """Twenty events are with the function, on connections that were used before: each is answered."""
    server = start("waits")
    clients = [Client(server.port) for _ in range(20)]
    for client in clients:
        client.send(posted(type="slow"))
    assert [client.read().status for client in clients] == [200] * 20
    for client in clients:
        client.send(posted(type="slower"))
    eventually(lambda: server.in_flight() == 20)
    server.terminate()
    answers = [client.read() for client in clients]
    seen = [(answer.status, answer.body, answer.headers["connection"]) for answer in answers]
    assert seen == [(200, b"waited", "close")] * 20
    assert all(client.is_at_its_end() for client in clients)
    for client in clients:
        client.close()
    assert server.exit_code() == 0


def test_events_that_go_on_coming(start: Start) -> None:
    """Eight clients post until their connections are closed: each event in the log was answered."""
    server = start("echo")
    answered: list[str] = []
    numbers = itertools.count()
    clients = [
        threading.Thread(target=_post_until_closed, args=(server, numbers, answered)) for _ in range(8)
    ]
    for client in clients:
        client.start()
    eventually(lambda: len(answered) >= 200)
    server.terminate()
    for client in clients:
        client.join()
    assert server.exit_code() == 0
    lines = server.log()
    assert {line["status"] for line in lines} == {200}
    assert sorted(line["event_id"] for line in lines) == sorted(answered)


def _post_until_closed(server: Server, numbers: Iterator[int], answered: list[str]) -> None:
    """Notes the id of each event that was answered."""
    with Client(server.port) as client:
        for number in map(str, numbers):
            try:
                answer = client.exchange(posted(id=number))
            except ConnectionError:
                return
            assert (answer.status, answer.headers["ce-id"]) == (200, number)
            answered.append(number)


def test_a_function_that_holds_it_up(start: Start) -> None:
    """PLAIT_TIMEOUT answers for it; then the process ends."""
    server = start("waits", PLAIT_TIMEOUT=3)
    with Client(server.port) as client:
        client.send(posted(type="wait"))
        eventually(lambda: server.in_flight() == 1)
        server.terminate()
        assert client.read().status == 504
    assert server.exit_code() == 0


def test_idle_connections(start: Start) -> None:
    """Those of a Broker stay open between events; they do not hold up the end."""
    server = start("echo", PLAIT_TIMEOUT=300)
    with Client(server.port) as used, Client(server.port) as unused:
        assert used.exchange(posted()).status == 200
        server.terminate()
        assert server.exit_code() == 0
        assert used.is_at_its_end()
        assert unused.is_at_its_end()


def test_a_connection_that_was_just_made(start: Start) -> None:
    """Its first event is on the way, most likely: it has a second, and is answered."""
    server = start("echo")
    with Client(server.port) as client, Client(server.port) as used:
        assert used.exchange(posted()).status == 200
        server.terminate()
        assert used.is_at_its_end()
        assert client.exchange(posted()).status == 200
        assert server.exit_code() == 0


def test_half_a_request(start: Start) -> None:
    """Its client has no more time than ever."""
    server = start("echo", PLAIT_TIMEOUT=300, PLAIT_READ_TIMEOUT=0.5)
    with Client(server.port) as client:
        client.send(posted()[:30])
        server.terminate()
        assert server.exit_code() == 0
