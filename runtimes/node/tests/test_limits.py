"""Sizes, numbers and slow clients."""

from __future__ import annotations

import contextlib
import http.client
import socket
import struct
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from .conftest import Start
from .serving import EVENT, PATIENCE, Server, eventually, raw_event, read_response

LIMIT = 1000


def limited(start: Start) -> Server:
    """A server that takes bodies of LIMIT bytes and waits a second for them."""
    return start("echo", PLAIT_MAX_BODY=LIMIT, PLAIT_READ_TIMEOUT=1)


def test_a_body_at_the_limit(shared: Start) -> None:
    """At the limit it is taken, one byte more is not; the rest is read, so that the answer arrives."""
    server = limited(shared)
    assert server.post(b"x" * LIMIT).body == b"x" * LIMIT
    for size in (LIMIT + 1, 1_000_000, 10_000_000):
        answer = server.post(b"x" * size)
        assert (answer.status, answer.body, answer.headers["connection"]) == (
            413,
            b"the body is larger than 1000 bytes (PLAIT_MAX_BODY)\n",
            "close",
        )


def chunked(chunks: list[bytes]) -> bytes:
    """A request in chunks."""
    head = raw_event(headers={"transfer-encoding": "chunked"}).replace(b"content-length: 0\r\n", b"")
    body = b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks)
    return head + body + b"0\r\n\r\n"


def test_chunks(shared: Start) -> None:
    """A body without Content-Length counts as it comes."""
    server = limited(shared)
    assert server.exchange(chunked([b"ab", b"c"])).body == b"abc"
    assert server.exchange(chunked([b"x" * 500, b"y" * 500])).status == 200
    assert server.exchange(chunked([b"x" * 500, b"y" * 501])).status == 413


def test_expect_100_continue(shared: Start) -> None:
    """The client is told to go on, unless its body is too large."""
    with limited(shared).connect() as connection:
        connection.sendall(raw_event(length=2, headers={"expect": "100-continue"}))
        assert connection.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b"ok")
        assert read_response(connection).body == b"ok"
    assert limited(shared).exchange(raw_event(length=2000, headers={"expect": "100-continue"})).status == 413


def test_a_body_that_does_not_come(shared: Start) -> None:
    """408, and the connection ends."""
    with limited(shared).connect() as connection:
        connection.sendall(raw_event(b"half", length=8))
        answer = read_response(connection)
        assert (answer.status, answer.headers["connection"]) == (408, "close")
        assert connection.recv(10) == b""


def test_headers_that_do_not_come(shared: Start) -> None:
    """Each byte of them in time is not enough: it is the whole that has its time."""
    server = limited(shared)
    with server.connect() as connection:
        with contextlib.suppress(OSError):
            for byte in raw_event():
                connection.sendall(bytes([byte]))
                time.sleep(0.05)
        with contextlib.suppress(ConnectionError):
            assert connection.recv(12) == b"HTTP/1.1 408"
    assert server.post().status == 200


def test_a_connection_without_a_request(shared: Start) -> None:
    """It ends; one that has had an answer stays open for the next request."""
    server = limited(shared)
    used = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
    used.request("POST", "/", b"", EVENT)
    used.getresponse().read()
    with server.connect() as connection:
        assert connection.recv(200) == b""
    assert used.sock is not None
    used.request("POST", "/", b"", EVENT)
    assert used.getresponse().status == 200
    used.close()


def test_a_client_that_does_not_take_its_answer(start: Start) -> None:
    """The connection is cut, and the reply is not kept for ever."""
    server = start("echo", PLAIT_MAX_BODY=64_000_000, PLAIT_READ_TIMEOUT=1)
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.settimeout(PATIENCE)
        connection.connect(("127.0.0.1", server.port))
        connection.sendall(raw_event(b"x" * 32_000_000))
        eventually(lambda: open_connections(server) == 0)


def open_connections(server: Server) -> int:
    """Connections of the worker, by the kernel's list of sockets."""
    with open("/proc/net/tcp", encoding="ascii") as table:  # noqa: PTH123
        local = f":{server.port:04X}"
        return sum(1 for line in table if line.split()[1].endswith(local) and line.split()[3] == "01")


def test_long_headers(shared: Start) -> None:
    """Up to 16 KiB a header and 100 headers; more is 431."""
    server = limited(shared)
    assert server.post(x="y" * 16_000).status == 200
    assert server.post(x="y" * 17_000).status == 431
    assert server.post(x="y" * 2_000_000).status == 431
    assert server.post(headers={f"h{number}": "x" for number in range(90)}).status == 200
    assert server.post(headers={f"h{number}": "x" for number in range(110)}).status == 431


@pytest.mark.parametrize(
    "request_line", [b"GARBAGE\r\n\r\n", b"POST / HTTP/9.9\r\n\r\n", b"\x00\x01\x02\r\n\r\n"]
)
def test_what_is_not_http(shared: Start, request_line: bytes) -> None:
    """400, and others are served."""
    server = limited(shared)
    assert server.exchange(request_line).status == 400
    assert server.post().status == 200


def test_requests_one_behind_the_other(shared: Start) -> None:
    """Pipelined: answered in order."""
    with limited(shared).connect() as connection:
        connection.sendall(raw_event(b"1") + raw_event(b"2") + raw_event(b"3"))
        received = b""
        while received.count(b"HTTP/1.1 200") < 3 or b"\r\n\r\n3" not in received:
            received += connection.recv(65536)
    bodies = [part.split(b"\r\n\r\n")[1] for part in received.split(b"HTTP/1.1 200 OK")[1:]]
    assert bodies == [b"1", b"2", b"3"]


def test_more_events_than_at_once(start: Start) -> None:
    """429 with Retry-After, while those that are with the function are served; then there is room again."""
    server = start("many", PLAIT_CONCURRENCY=2)
    with ThreadPoolExecutor(2) as pool:
        first = [pool.submit(server.post, type="sleep", subject="3") for _ in range(2)]
        eventually(lambda: server.in_flight() == 2)
        refused = server.post(type="sleep", subject="0")
        assert (refused.status, refused.headers["retry-after"], refused.body) == (
            429,
            "1",
            b"2 events are in progress (PLAIT_CONCURRENCY)\n",
        )
        assert [call.result().status for call in first] == [200, 200]
    assert server.post(type="sleep", subject="0").status == 200


@pytest.mark.parametrize(("room", "expected"), [(1000, {200}), (100, {200, 429})])
def test_a_thousand_connections_at_once(start: Start, room: int, expected: set[int]) -> None:
    """Each has its answer; what does not fit is told to come again."""
    server = start("many", PLAIT_CONCURRENCY=room)
    request = raw_event(headers={"ce-type": "sleep", "ce-subject": "0.5"})
    connections = [server.connect() for _ in range(1000)]
    try:
        for connection in connections:
            connection.sendall(request)
        statuses = Counter(read_response(connection).status for connection in connections)
    finally:
        for connection in connections:
            connection.close()
    assert set(statuses) == expected
    assert statuses[200] >= room


def test_a_client_that_leaves(start: Start) -> None:
    """The room it took is free again."""
    server = start("many", PLAIT_CONCURRENCY=1)
    connection = server.connect()
    connection.sendall(raw_event(headers={"ce-type": "sleep", "ce-subject": "20"}))
    eventually(lambda: server.in_flight() == 1)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()
    eventually(lambda: server.in_flight() == 0)
    assert b'outcome="client_gone"} 1' in server.get("/metrics").body
    assert server.post(type="neighbour").status == 200


def test_the_signal_of_a_client_that_leaves(start: Start) -> None:
    """context.signal tells the function."""
    server = start("many")
    connection = server.connect()
    connection.sendall(raw_event(headers={"ce-type": "signal"}))
    eventually(lambda: server.in_flight() == 1)
    connection.close()
    eventually(lambda: server.in_flight() == 0)
    server.stop()
    assert server.output()[0] == "aborted\n"


def test_slow_clients_do_not_take_the_place_of_others(start: Start) -> None:
    """Bodies that dribble in are not with the function yet."""
    server = start("echo", PLAIT_CONCURRENCY=1)
    slow = [server.connect() for _ in range(20)]
    for connection in slow:
        connection.sendall(raw_event(b"h", length=2))
    assert server.post(b"quick").status == 200
    for connection in slow:
        connection.sendall(b"i")
    assert [read_response(connection).body for connection in slow] == [b"hi"] * 20
    for connection in slow:
        connection.close()
