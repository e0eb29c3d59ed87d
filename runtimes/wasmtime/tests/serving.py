"""A server process, and the plainest of clients."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

PATIENCE = 30.0
COMMAND = (sys.executable, "-m", "plait_wasmtime")
EVENT = {"ce-specversion": "1.0", "ce-id": "1", "ce-source": "/s", "ce-type": "t"}
_OURS = ("PLAIT_", "MODULE_PATH", "FUNCTION_NAME")


class Response(NamedTuple):
    """What came back; header names in small letters."""

    status: int
    body: bytes
    headers: dict[str, str]


def environment(variables: Mapping[str, Any]) -> dict[str, str]:
    """That of the tests without the runtime's own variables, and these."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
    return kept | {name: str(value) for name, value in variables.items()}


class Server:
    """`plait-wasmtime DIR` as a process, on a free port.

    Args:
        directory: of the module.
        variables: of the environment.
    """

    def __init__(self, directory: Path, variables: Mapping[str, Any]) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        defaults = {"PORT": self.port, "HOST": "127.0.0.1", "PLAIT_REPLY_TYPE": "reply"}
        self.err = tempfile.TemporaryFile()  # noqa: SIM115 - a pipe that nobody reads would be full some day
        self.process = subprocess.Popen(
            [*COMMAND, str(directory)],
            env=environment({**defaults, **variables}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self.err,
            start_new_session=True,
        )

    def wait_until_ready(self) -> None:
        """Until it answers."""
        end = time.monotonic() + PATIENCE
        while self.process.poll() is None and time.monotonic() < end:
            with contextlib.suppress(OSError):
                if self.get("/health/readiness").status == 200:
                    return
            time.sleep(0.02)
        written = self.written()
        self.kill()
        raise AssertionError(f"the server did not start: {written}")

    def get(self, path: str) -> Response:
        """GET."""
        return self._request("GET", path, b"", {})

    def post(self, data: Any = None, **event: str) -> Response:
        """Posts an event whose data is JSON: attributes on top of the required ones, or in place of them."""
        headers = EVENT | {f"ce-{name}": value for name, value in event.items()}
        body = b"" if data is None else json.dumps(data).encode()
        return self._request("POST", "/", body, headers | {"content-type": "application/json"})

    def _request(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Response:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(method, path, body, dict(headers))
            got = connection.getresponse()
            return Response(got.status, got.read(), {name.lower(): value for name, value in got.getheaders()})
        finally:
            connection.close()

    def in_flight(self) -> int:
        """Events that are with the module now, by /metrics."""
        lines = self.get("/metrics").body.decode().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("plait_handler_in_flight "))

    def workers(self) -> list[int]:
        """The ids of the worker processes."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text("ascii")
        return [int(child) for child in children.split()]

    def terminate(self) -> None:
        """SIGTERM, as Kubernetes does it."""
        self.process.send_signal(signal.SIGTERM)

    def stop(self) -> list[dict[str, Any]]:
        """Ends it, and gives the lines of its log."""
        self.terminate()
        self.process.wait(PATIENCE)
        return [json.loads(line) for line in self.written().splitlines() if line.startswith("{")]

    def written(self) -> str:
        """What it wrote to stderr."""
        self.err.seek(0)
        return self.err.read().decode()

    def kill(self) -> None:
        """Ends the process and its children at once."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.err.close()


def eventually(condition: Callable[[], object]) -> None:
    """Waits until the condition holds.

    Raises:
        AssertionError: it does not, after PATIENCE seconds.
    """
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "this did not come true"
        time.sleep(0.02)


def run(*arguments: str, **variables: str) -> tuple[int, str, str]:
    """The command, to its end: exit code, stdout, and stderr without the server's own log."""
    done = subprocess.run(
        [*COMMAND, *arguments],
        env=environment(variables),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    error = [line for line in done.stderr.splitlines(keepends=True) if not line.startswith("{")]
    return done.returncode, done.stdout, "".join(error)
