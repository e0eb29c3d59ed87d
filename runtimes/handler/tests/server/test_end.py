"""SIGTERM: more of it than runtimes/conformance has for all runtimes."""

from __future__ import annotations

import http.client
import os
import signal
import threading
import time
from pathlib import Path

from runtimes.conformance.server import Server, Start
from runtimes.conformance.wire import Client, eventually, posted


def test_functions_that_block_come_to_their_end(start: Start, tmp_path: Path) -> None:
    """Fifty are in threads when SIGTERM comes: each event is answered, and the process ends."""
    server = start("many")
    clients = [Client(server.port) for _ in range(50)]
    for client in clients:
        client.send(posted(type="until", subject=str(tmp_path / "there")))
    eventually(lambda: server.in_flight() == 50)
    server.terminate()
    eventually(lambda: refuses(server))
    (tmp_path / "there").touch()
    answers = [client.read() for client in clients]
    assert [(answer.status, answer.headers["connection"]) for answer in answers] == [(200, "close")] * 50
    for client in clients:
        client.close()
    assert server.exit_code() == 0


def refuses(server: Server) -> bool:
    """Whether it takes no more connections: then all of its processes know of the end."""
    try:
        Client(server.port).close()
    except ConnectionRefusedError:
        return True
    return False


def test_under_load(start: Start) -> None:
    """Clients that go on until they are turned away: each event that was taken is answered."""
    server = start("echo")
    lost: list[Exception] = []
    served: list[int] = []
    clients = [threading.Thread(target=post_until_closed, args=(server, served, lost)) for _ in range(8)]
    for client in clients:
        client.start()
    eventually(lambda: len(served) >= 200)
    server.terminate()
    for client in clients:
        client.join()
    assert lost == []
    assert set(served) == {200}


def post_until_closed(server: Server, served: list[int], lost: list[Exception]) -> None:
    """Posts on a connection of its own, a new one each time, until none can be made."""
    while True:
        try:
            with Client(server.port) as client:
                client.socket.sendall(posted(b"x"))
                served.append(client.read().status)
        except (ConnectionRefusedError, ConnectionResetError) as error:
            # In the queue of the listening socket when it closed, or after: not taken. The one of http.client
            # is of a connection that was taken, and ended without an answer.
            if isinstance(error, http.client.RemoteDisconnected):
                lost.append(error)
            return
        except Exception as error:  # noqa: BLE001 - whatever it is
            lost.append(error)
            return


def test_what_waits_to_be_accepted(start: Start) -> None:
    """More connections than asyncio accepts at a time wait in the socket's queue: their events are answered.

    The worker stands still while they come and while SIGTERM does, so that its look at its state, once a
    second, is due as soon as it goes on.
    """
    server = start("echo")
    (worker,) = server.workers()
    os.kill(worker, signal.SIGSTOP)
    clients = [Client(server.port) for _ in range(250)]
    for client in clients:
        client.send(posted(b"x"))
    server.terminate()
    eventually(lambda: "Handling signal: term" in server.stderr())
    time.sleep(1.2)
    os.kill(worker, signal.SIGCONT)
    assert [client.read().status for client in clients] == [200] * 250
    for client in clients:
        client.close()
    assert server.exit_code() == 0
