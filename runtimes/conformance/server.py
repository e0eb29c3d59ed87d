"""A runtime that serves a function, as a process. The tests of each runtime have it from here."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, Self

from .ports import free_port
from .wire import PATIENCE, Client, Response, eventually, posted, request

Start = Callable[..., "Server"]
JSON = {"content-type": "application/json"}
_OURS = re.compile(r"PLAIT_.*|MODULE_PATH|FUNCTION_NAME|HOST|PORT|NODE_PATH")


def environment(port: int, variables: Mapping[str, object]) -> dict[str, str]:
    """That of a server: the tests' own without what a runtime reads, and these variables."""
    others = {name: value for name, value in os.environ.items() if not _OURS.fullmatch(name)}
    given = {"PORT": port, "HOST": "127.0.0.1", "PLAIT_REPLY_TYPE": "reply", **variables}
    return others | {name: str(value) for name, value in given.items()}


class Server:
    """A process on a free port.

    Args:
        command: its command line.
        variables: of its environment, on top of those of `environment`.
        err: a file descriptor for its stderr, in place of a file.

    Attributes:
        port: that it listens on.
        process: the first of its processes.
    """

    def __init__(
        self, command: Sequence[str], variables: Mapping[str, object] = {}, err: int | None = None
    ) -> None:
        self.port = free_port()
        # Files, not pipes: a pipe that nobody reads is full after a few hundred lines of log.
        self._out, self._err = tempfile.TemporaryFile(), tempfile.TemporaryFile()  # noqa: SIM115
        self.process = subprocess.Popen(
            command,
            env=environment(self.port, variables),
            stdin=subprocess.PIPE,
            stdout=self._out,
            stderr=self._err if err is None else err,
            start_new_session=True,
        )

    def wait_until_ready(self) -> Self:
        """Until it answers.

        Raises:
            AssertionError: it ended, or does not answer.
        """
        eventually(self._is_ready)
        return self

    def _is_ready(self) -> bool:
        assert self.process.poll() is None, f"the server did not start: {self.stderr()}"
        with contextlib.suppress(OSError):
            return self.get("/health/readiness").status == 200
        return False

    def exchange(self, given: bytes, method: str = "POST") -> Response:
        """One request of these bytes, on a connection of its own.

        Raises:
            ConnectionError: the connection ends without an answer.
        """
        with Client(self.port) as client:
            return client.exchange(given, method)

    def request(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes | None = None
    ) -> Response:
        """One request, as `exchange`."""
        return self.exchange(request(method, path, headers, body), method)

    def get(self, path: str) -> Response:
        """GET, as `exchange`."""
        return self.request("GET", path)

    def post(self, body: bytes = b"", headers: Mapping[str, str] | None = None, **event: str) -> Response:
        """Posts an event: see `posted` and `exchange`."""
        return self.exchange(posted(body, headers, length=None, **event))

    def post_json(self, data: object, **event: str) -> Response:
        """Posts an event whose data is JSON."""
        return self.post(json.dumps(data).encode(), JSON, **event)

    def status(self, kind: str, **event: str) -> int | None:
        """The status of the answer to an event of this type; None where there is none."""
        with contextlib.suppress(ConnectionError):
            return self.post(b"", None, type=kind, **event).status
        return None

    def metrics(self) -> dict[str, float]:
        """/metrics: the number of each name, with its labels."""
        lines = self.get("/metrics").body.decode().splitlines()
        pairs = [line.rpartition(" ") for line in lines if not line.startswith("#")]
        return {name: float(number) for name, _, number in pairs}

    def in_flight(self) -> int:
        """Events that are with the function now."""
        return int(self.metrics()["plait_handler_in_flight"])

    def stdout(self) -> str:
        """What it has written there."""
        return _written(self._out)

    def stderr(self) -> str:
        """What it has written there."""
        return _written(self._err)

    def lines(self) -> list[dict[str, Any]]:
        """The lines of its log, so far."""
        lines = self.stderr().splitlines(keepends=True)
        return [json.loads(line) for line in lines if line.startswith("{") and line.endswith("\n")]

    def log(self) -> list[dict[str, Any]]:
        """Those about requests."""
        return [line for line in self.lines() if "status" in line]

    def logged(self, number: str) -> dict[str, Any]:
        """The line about the event with this id, once it is there."""

        def found() -> list[dict[str, Any]]:
            return [line for line in self.log() if line.get("event_id") == number]

        eventually(found)
        return found()[0]

    def workers(self) -> list[int]:
        """The ids of the processes below the first."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text("ascii")
        return [int(child) for child in children.split()]

    def wait_for_another(self, before: Sequence[int]) -> None:
        """Until other workers than these are there, and they answer."""
        eventually(lambda: self.workers() and not set(self.workers()) & set(before))
        self.wait_until_ready()

    def terminate(self) -> None:
        """Asks it to end, as Kubernetes does: by a signal to the first process."""
        self.process.send_signal(signal.SIGTERM)

    def exit_code(self) -> int:
        """Once it has ended."""
        return self.process.wait(PATIENCE)

    def stop(self) -> int:
        """Asks it to end, and waits for that: its exit code."""
        self.terminate()
        return self.exit_code()

    def kill(self) -> None:
        """Ends all of its processes at once."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        assert self.process.stdin is not None
        for stream in (self.process.stdin, self._out, self._err):
            stream.close()


def _written(file: IO[bytes]) -> str:
    return os.pread(file.fileno(), os.fstat(file.fileno()).st_size, 0).decode()


class Servers:
    """Servers of one runtime, which end together.

    Args:
        command: the command line that serves a function.
        variables: that all of them have.
    """

    def __init__(self, command: Callable[[Any], Sequence[str]], variables: Mapping[str, object] = {}) -> None:
        self.command, self.variables = command, variables
        self._all: list[Server] = []
        self._shared: dict[str, Server] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends all."""
        for server in self._all:
            server.kill()

    def start(self, function: object, *, ready: bool = True, **variables: object) -> Server:
        """One more; `ready`: once it is so."""
        server = Server(self.command(function), {**self.variables, **variables})
        self._all.append(server)
        return server.wait_until_ready() if ready else server

    def shared(self, function: object, **variables: object) -> Server:
        """The one with this function and these variables, for tests that change nothing in it."""
        key = json.dumps([function, variables], sort_keys=True, default=str)
        if key not in self._shared:
            self._shared[key] = self.start(function, ready=True, **variables)
        return self._shared[key]
