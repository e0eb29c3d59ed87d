"""Starting and ending: more of it."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from ..conftest import Start
from ..serving import COMMAND, FUNCTIONS, Server, eventually, free_port, raw_event, read_response


def run(*arguments: str, **variables: str) -> tuple[int, str]:
    """The command, to its end: exit code and stderr."""
    environment = os.environ | {"PORT": str(free_port())} | variables
    done = subprocess.run(
        [*COMMAND, *arguments], env=environment, capture_output=True, text=True, timeout=30, check=False
    )
    return done.returncode, "".join(
        line for line in done.stderr.splitlines(keepends=True) if not line.startswith("{")
    )


def test_sigterm_under_load(start: Start) -> None:
    """Clients that go on until they are turned away: each event that was taken is answered."""
    server = start("echo")
    lost: list[Exception] = []
    served: list[int] = []
    clients = [threading.Thread(target=post_until_closed, args=(server, served, lost)) for _ in range(8)]
    for client in clients:
        client.start()
    eventually(lambda: len(served) >= 200)
    server.signal(signal.SIGTERM)
    for client in clients:
        client.join()
    assert lost == []
    assert set(served) == {200}


def post_until_closed(server: Server, served: list[int], lost: list[Exception]) -> None:
    """Posts on a connection of its own, a new one each time, until none can be made."""
    while True:
        try:
            with server.connect() as connection:
                connection.sendall(raw_event(b"x"))
                served.append(read_response(connection).status)
        except http.client.RemoteDisconnected as error:
            lost.append(error)  # a ConnectionResetError too, but one that lost an event
            return
        except (ConnectionRefusedError, ConnectionResetError):
            return  # in the queue of the listening socket when it closed, or after: not taken
        except Exception as error:  # noqa: BLE001 - whatever it is
            lost.append(error)
            return


def test_sigterm_takes_what_waits_to_be_accepted(start: Start) -> None:
    """More connections than asyncio accepts at a time wait in the socket's queue: their events are answered.

    The worker stands still while they come and while SIGTERM does, so that its look at its state, once a
    second, is due as soon as it goes on.
    """
    server = start("echo")
    (worker,) = server.workers()
    os.kill(worker, signal.SIGSTOP)
    connections = [server.connect() for _ in range(250)]
    for connection in connections:
        connection.sendall(raw_event(b"x"))
    server.signal(signal.SIGTERM)
    eventually(lambda: "Handling signal: term" in server.log())
    time.sleep(1.2)
    os.kill(worker, signal.SIGCONT)
    assert [read_response(connection).status for connection in connections] == [200] * 250
    for connection in connections:
        connection.close()
    server.output()
    assert server.process.returncode == 0


def test_sigterm_ends_idle_connections(start: Start) -> None:
    """A broker keeps connections open: they do not hold up the end."""
    server = start("echo", PLAIT_TIMEOUT=300)
    with server.connect() as connection:
        connection.sendall(raw_event(b"x"))
        assert read_response(connection).status == 200
        server.signal(signal.SIGTERM)
        server.output()
        assert connection.recv(10) == b""
    assert server.process.returncode == 0


def test_sigterm_ends_connections_without_a_whole_request(start: Start) -> None:
    """One that was never used ends at once, one with half a request when its time is up."""
    server = start("echo", PLAIT_TIMEOUT=300, PLAIT_READ_TIMEOUT=1)
    with server.connect() as unused, server.connect() as half:
        half.sendall(b"POST / HTTP/1.1")
        server.signal(signal.SIGTERM)
        server.output()
        assert unused.recv(10) == b""
    assert server.process.returncode == 0


READ_ONLY = ("unshare", "--mount", "sh", "-c", 'mount -o remount,bind,ro / && exec "$@"', "sh")
ANY_USER = ("setpriv", "--reuid=12345", "--regid=0", "--clear-groups")


def test_a_read_only_root_and_any_user() -> None:
    """No file is written, and no user's name or home is needed.

    Really read-only, and another user, where this machine lets a test do so: as root, with a Python that
    others may read.
    """
    before = files()
    prefix: list[str] = []
    for part in (READ_ONLY, ANY_USER):
        probe = [*prefix, *part, sys.executable, "-c", "import plait_handler.main"]
        if works(probe):
            prefix += part
    variables = {"HOME": "/nonexistent", "PYTHONDONTWRITEBYTECODE": "1"}
    server = Server(FUNCTIONS / "echo", variables, command=[*prefix, *COMMAND, str(FUNCTIONS / "echo")])
    try:
        server.wait_until_ready()
        assert server.post(b"x").body == b"x"
        assert files() == before
    finally:
        server.kill()


def works(command: list[str]) -> bool:
    """Whether a command ends well."""
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def files() -> set[Path]:
    """Files of gunicorn's, where a server might write."""
    folders = (Path("/tmp"), Path("/dev/shm"), Path.cwd(), FUNCTIONS / "echo")  # noqa: S108
    return {path for folder in folders for path in folder.glob("*gunicorn*")}


def test_the_event_module_needs_no_server() -> None:
    """`import plait_handler` in a test of a function does not import gunicorn."""
    code = "import sys, plait_handler.codec; sys.exit('gunicorn' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_event_loop_is_asyncios(tmp_path: Path) -> None:
    """uvloop, which gunicorn takes where another package brought it, is not so much as imported."""
    (tmp_path / "uvloop.py").write_text("raise SystemExit('uvloop was imported')")
    server = Server(FUNCTIONS / "echo", {"PYTHONPATH": str(tmp_path)})
    try:
        server.wait_until_ready()
    finally:
        server.kill()
