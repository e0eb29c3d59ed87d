"""Connections: what takes more than a request and its reply."""

from __future__ import annotations

import re
import socket
import struct
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from ..runtime import Runtime
from ..server import Server, Start
from ..wire import PATIENCE, Client, eventually, posted
from .conftest import Pool


def test_a_client_that_waits_to_go_on(runtime: Runtime, pool: Pool) -> None:
    """`Expect: 100-continue`: it is told to."""
    with Client(pool.get(runtime, "echo").port) as client:
        client.send(posted(headers={"Expect": "100-continue"}, length=2))
        assert client.socket.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        assert client.exchange(b"ok").body == b"ok"


def test_requests_one_behind_the_other(runtime: Runtime, pool: Pool) -> None:
    """Ten in one packet: answered in order."""
    numbers = [str(number) for number in range(10)]
    with Client(pool.get(runtime, "echo").port) as client:
        client.send(b"".join(posted(number.encode(), id=number) for number in numbers))
        received = b""
        while received.count(b"\r\n\r\n") < len(numbers) or not received.endswith(b"\r\n\r\n9"):
            received += client.socket.recv(65536)
    assert re.findall(rb"(?im)^ce-id: (\d+)", received) == [number.encode() for number in numbers]
    assert re.findall(rb"\r\n\r\n(\d)", received) == [number.encode() for number in numbers]


def test_between_two_requests(runtime: Runtime, pool: Pool) -> None:
    """A connection may wait longer than PLAIT_READ_TIMEOUT; one without a first request ends by then."""
    server = pool.get(runtime, "echo", PLAIT_READ_TIMEOUT="2")
    with Client(server.port) as used, Client(server.port) as unused:
        assert used.exchange(posted()).status == 200
        assert unused.is_at_its_end()
        assert used.exchange(posted()).status == 200


def test_a_client_that_leaves(start: Start) -> None:
    """The place that its event took is free again."""
    server = start("waits", PLAIT_CONCURRENCY=2)
    with Client(server.port) as client:
        client.send(posted(type="wait"))
        eventually(lambda: server.in_flight() == 1)
        client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    eventually(lambda: server.in_flight() == 0)
    assert server.metrics()['plait_handler_requests_total{outcome="client_gone"}'] == 1
    with ThreadPoolExecutor(2) as clients:
        assert [*clients.map(server.status, ["slow"] * 2)] == [200] * 2


def test_a_client_that_does_not_take_its_answer(start: Start) -> None:
    """The connection is cut, and the reply is not kept for ever."""
    server = start("echo", PLAIT_MAX_BODY=64_000_000, PLAIT_READ_TIMEOUT=2)
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.settimeout(PATIENCE)
        connection.connect(("127.0.0.1", server.port))
        connection.sendall(posted(b"x" * 32_000_000))
        eventually(lambda: _connections(server) == 0)


def _connections(server: Server) -> int:
    """Those that are open at the server's end, by the kernel's list of sockets."""
    lines = [line.split() for line in Path("/proc/net/tcp").read_text("ascii").splitlines()]
    return sum(line[1].endswith(f":{server.port:04X}") and line[3] == "01" for line in lines)
