"""A server process, and the plainest of clients."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

FUNCTIONS = Path(__file__).parent / "functions"
PATIENCE = 60.0
EVENT = {"ce-specversion": "1.0", "ce-id": "1", "ce-source": "/s", "ce-type": "t"}
COMMAND = (sys.executable, "-m", "plait_node")
Headers = Mapping[str, str] | Iterable[tuple[str, str]]


@dataclass(frozen=True)
class Response:
    """What came back; header names in small letters."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def event(self) -> dict[str, str]:
        """The ce-* headers and Content-Type, without those that differ each time."""
        fresh = ("ce-id", "ce-time")
        names = [name for name in self.headers if name[:3] == "ce-" or name == "content-type"]
        return {name: self.headers[name] for name in names if name not in fresh}


class Server:
    """`plait-node DIR` as a process, on a free port.

    Args:
        directory: of the function.
        variables: of the environment, on top of those of the tests without PLAIT_*.
        err: for its stderr, instead of a file.
    """

    def __init__(self, directory: Path, variables: Mapping[str, object] = {}, err: int | None = None) -> None:
        self.port = free_port()
        environment = clean_environment() | {"PORT": str(self.port), "PLAIT_REPLY_TYPE": "reply"}
        environment |= {name: str(value) for name, value in variables.items()}
        # Files, not pipes: a pipe that nobody reads is full after a few hundred lines of log.
        self.out, self.err = tempfile.TemporaryFile(), tempfile.TemporaryFile()  # noqa: SIM115
        self.process = subprocess.Popen(
            [*COMMAND, str(directory)],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=self.out,
            stderr=self.err if err is None else err,
            start_new_session=True,
        )

    def wait_until_ready(self) -> None:
        """Until it answers."""
        end = time.monotonic() + PATIENCE
        while self.process.poll() is None and time.monotonic() < end:
            with contextlib.suppress(OSError, http.client.HTTPException):
                if self.request("GET", "/metrics").status == 200:
                    return
            time.sleep(0.02)
        error = self._written(self.err)
        self.kill()
        raise AssertionError(f"the server did not start: {error}")

    def request(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes | None = None
    ) -> Response:
        """One request on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(method, path, body, dict(headers or {}))
            return response(connection.getresponse())
        finally:
            connection.close()

    def get(self, path: str) -> Response:
        """GET."""
        return self.request("GET", path)

    def post(self, body: bytes = b"", headers: Mapping[str, str] | None = None, **event: str) -> Response:
        """Posts an event in binary mode: attributes on top of the required ones, or in place of them."""
        attributes = EVENT | {f"ce-{name}": value for name, value in event.items()}
        return self.request("POST", "/", {**attributes, **(headers or {})}, body)

    def exchange(self, request: bytes) -> Response:
        """One request of these bytes."""
        with self.connect() as connection:
            connection.sendall(request)
            return read_response(connection)

    def connect(self) -> socket.socket:
        """A socket to it."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)

    def output(self) -> tuple[str, str]:
        """What it wrote to stdout and stderr, once it has ended."""
        self.process.wait(PATIENCE)
        return self._written(self.out), self._written(self.err)

    def _written(self, file: IO[bytes]) -> str:
        file.seek(0)
        return file.read().decode()

    def stop(self) -> list[dict[str, Any]]:
        """Ends it as Kubernetes does, and gives the lines of its log."""
        self.process.send_signal(signal.SIGTERM)
        lines = [line for line in self.output()[1].splitlines() if line.startswith("{")]
        return [json.loads(line) for line in lines]

    def in_flight(self) -> int:
        """Events that are with the function now, by /metrics."""
        lines = self.get("/metrics").body.decode().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("plait_handler_in_flight "))

    def workers(self) -> list[int]:
        """The ids of the worker processes."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text("ascii")
        return [int(child) for child in children.split()]

    def kill(self) -> None:
        """Ends the process and its children at once."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        assert self.process.stdin is not None
        for stream in (self.process.stdin, self.out, self.err):
            stream.close()


def clean_environment() -> dict[str, str]:
    """The variables of the tests, without those that the runtime reads."""
    own = ("HOST", "PORT", "NODE_PATH")
    return {name: value for name, value in os.environ.items() if name not in own and name[:6] != "PLAIT_"}


def eventually(condition: Callable[[], object]) -> None:
    """Waits until the condition holds.

    Raises:
        AssertionError: it does not, after PATIENCE seconds.
    """
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "this did not come true"
        time.sleep(0.02)


def response(received: http.client.HTTPResponse) -> Response:
    """The response, read whole."""
    headers = {name.lower(): value for name, value in received.getheaders()}
    return Response(received.status, headers, received.read())


def read_response(connection: socket.socket) -> Response:
    """The next response on a socket."""
    received = http.client.HTTPResponse(connection)
    received.begin()
    return response(received)


def raw_event(
    body: bytes = b"", length: int | None = None, headers: Mapping[str, str] | None = None
) -> bytes:
    """A request with an event, as bytes."""
    lines = ["POST / HTTP/1.1", "host: x", f"content-length: {len(body) if length is None else length}"]
    lines += [f"{name}: {value}" for name, value in {**EVENT, **(headers or {})}.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


def requests(lines: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The lines of a log that are about requests."""
    return [line for line in lines if "status" in line]


def free_port() -> int:
    """A port that nobody listens on now, below those that the kernel gives to clients meanwhile."""
    while True:
        port = random.SystemRandom().randrange(10_000, 32_768)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
