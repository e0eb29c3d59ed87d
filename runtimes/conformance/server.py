"""A runtime that serves a function, as a process."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

from .runtime import Runtime
from .wire import PATIENCE, Client, Response, eventually, head, posted

# Seconds until a server has to answer: the first one of Node fetches its packages.
START_PATIENCE = 120.0
_OURS = re.compile(r"PLAIT_.*|MODULE_PATH|FUNCTION_NAME")


class Server:
    """A process on a free port.

    Args:
        runtime: whose command it is.
        function: of the suite.
        environment: variables on top of the runtime's own.

    Attributes:
        port: that it listens on.
        process: the first of its processes.
    """

    def __init__(self, runtime: Runtime, function: str, environment: Mapping[str, str] | None = None) -> None:
        self.port = _free_port()
        given = {"PORT": str(self.port), "HOST": "127.0.0.1", "PLAIT_REPLY_TYPE": "reply"}
        others = {name: value for name, value in os.environ.items() if not _OURS.fullmatch(name)}
        # Files, not pipes: a pipe that nobody reads is full after a few hundred lines of log.
        self.out, self.err = tempfile.TemporaryFile(), tempfile.TemporaryFile()  # noqa: SIM115
        self.process = subprocess.Popen(
            runtime.start(function),
            env={**others, **given, **runtime.environment, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=self.out,
            stderr=self.err,
            start_new_session=True,
        )
        try:
            eventually(self._is_ready, START_PATIENCE)
        except AssertionError:
            self.kill()
            raise

    def _is_ready(self) -> bool:
        assert self.process.poll() is None, f"the server did not start: {_written(self.err)}"
        with contextlib.suppress(OSError):
            response = self.get("/health/readiness")
            return response is not None and response.status == 200
        return False

    def get(self, path: str) -> Response | None:
        """GET, on a connection of its own."""
        with Client(self.port) as client:
            return client.exchange(head("GET", path, [("Host", b"conformance")]), "GET")

    def post(self, kind: str, number: str = "1") -> Response | None:
        """Posts an event of this type and id, on a connection of its own."""
        with Client(self.port) as client:
            return client.exchange(posted(kind, number))

    def status(self, kind: str) -> int | None:
        """The status of the answer to an event of this type; None where there is none."""
        response = self.post(kind)
        return response.status if response is not None else None

    def in_flight(self) -> int:
        """Events that are with the function now, by /metrics."""
        page = self.get("/metrics")
        assert page is not None
        found = re.search(rb"^plait_handler_in_flight (\d+)$", page.body, re.MULTILINE)
        assert found is not None, page.body
        return int(found[1])

    def log(self) -> list[dict[str, Any]]:
        """The lines of its log about requests, so far."""
        lines = _written(self.err).splitlines(keepends=True)
        whole = [json.loads(line) for line in lines if line.startswith("{") and line.endswith("\n")]
        return [line for line in whole if "status" in line]

    def written(self) -> tuple[str, str]:
        """What it has written to stdout and stderr."""
        return _written(self.out), _written(self.err)

    def workers(self) -> list[int]:
        """The ids of the processes below the first."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text("ascii")
        return [int(child) for child in children.split()]

    def terminate(self) -> None:
        """Asks it to end, as Kubernetes does: by a signal to the first process."""
        self.process.send_signal(signal.SIGTERM)

    def exit_code(self) -> int:
        """Once it has ended."""
        return self.process.wait(PATIENCE)

    def kill(self) -> None:
        """Ends all of its processes at once."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.out.close()
        self.err.close()


class Pool:
    """Servers that are shared: one for each function and environment, of one runtime at a time."""

    def __init__(self) -> None:
        self.runtime: Runtime | None = None
        self.servers: dict[str, Server] = {}

    def get(self, runtime: Runtime, function: str, environment: Mapping[str, str]) -> Server:
        """The server; started, if it is not there. Those of another runtime end."""
        if self.runtime != runtime:
            self.close()
            self.runtime = runtime
        key = json.dumps([function, environment], sort_keys=True)
        if key not in self.servers:
            self.servers[key] = Server(runtime, function, environment)
        return self.servers[key]

    def close(self) -> None:
        """Ends all."""
        for server in self.servers.values():
            server.kill()
        self.servers.clear()


def _written(file: IO[bytes]) -> str:
    return os.pread(file.fileno(), os.fstat(file.fileno()).st_size, 0).decode()


def _free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
