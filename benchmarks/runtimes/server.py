"""A server process on one core, and what /proc says of it."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.runtimes.contenders import Contender

BODY = b'{"message":"hello"}'
REQUEST = (
    b"POST / HTTP/1.1\r\nhost: localhost\r\nuser-agent: bench\r\nce-specversion: 1.0\r\nce-id: 1234-5678\r\n"
    b"ce-source: /mycontext/sub\r\nce-type: com.example.someevent\r\nce-time: 2018-04-05T03:56:24Z\r\n"
    b"content-type: application/json\r\nprefer: reply\r\ncontent-length: 19\r\n\r\n" + BODY
)
_TICK = 1 / os.sysconf("SC_CLK_TCK")
_PATIENCE = 60.0


class Server:
    """A running contender.

    Args:
        contender: which.
        core: that all its processes are held to.

    Attributes:
        cold: milliseconds from the start of the command to the first answer.
        cold_cpu: milliseconds that all its processes ran for it.
    """

    def __init__(self, contender: Contender, core: int) -> None:
        self.name = contender.name
        self.port = free_port()
        words = [word.format(port=self.port) for word in contender.command]
        variables = {name: value.format(port=self.port) for name, value in contender.variables.items()}
        self.log = tempfile.TemporaryFile()  # noqa: SIM115 - closed by stop()
        with on_core(core):
            started = time.perf_counter()
            self.process = subprocess.Popen(
                words,
                env=os.environ | variables,
                cwd=contender.folder,
                stdout=self.log,
                stderr=self.log,
                start_new_session=True,
            )
        try:
            self._first_answer()
        except BaseException:
            self.stop()
            raise
        self.cold = (time.perf_counter() - started) * 1000
        self.cold_cpu = self.cpu() * 1000

    def _first_answer(self) -> None:
        end = time.monotonic() + _PATIENCE
        while self.process.poll() is None and time.monotonic() < end:
            with contextlib.suppress(ConnectionError):
                head = self._ask()
                if head.startswith(b"HTTP/1.1 200 ") and b"\r\nce-id: " in head.lower():
                    return
                raise RuntimeError(f"{self.name} answers no event: {head!r}")
            time.sleep(0.001)
        self.log.seek(0)
        raise RuntimeError(f"{self.name} does not answer: {self.log.read().decode(errors='replace')}")

    def _ask(self) -> bytes:
        with socket.create_connection(("127.0.0.1", self.port), timeout=_PATIENCE) as connection:
            connection.sendall(REQUEST)
            head = b""
            while b"\r\n\r\n" not in head:
                received = connection.recv(65536)
                if not received:
                    raise ConnectionResetError
                head += received
            return head

    def processes(self) -> list[int]:
        """The first process and all below it, workers last."""
        found = [self.process.pid]
        for process in found:
            children = Path(f"/proc/{process}/task/{process}/children").read_text("ascii")
            found += map(int, children.split())
        return found

    def cpu(self) -> float:
        """Seconds that all processes have run, threads included."""
        stats = [Path(f"/proc/{process}/stat").read_text("ascii") for process in self.processes()]
        fields = [stat.rpartition(")")[2].split() for stat in stats]
        return sum(int(each[11]) + int(each[12]) for each in fields) * _TICK

    def worker_rss(self) -> float:
        """Megabytes of the process that holds the function, shared pages included."""
        return _memory(self.processes()[-1], "Rss")

    def total_pss(self) -> float:
        """Megabytes of all processes, a shared page counted once."""
        return sum(_memory(process, "Pss") for process in self.processes())

    def stop(self) -> None:
        """At once, with all below it."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.log.close()


def _memory(process: int, name: str) -> float:
    lines = Path(f"/proc/{process}/smaps_rollup").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:")) * 1024 / 1e6


@contextlib.contextmanager
def on_core(core: int) -> Iterator[None]:
    """Whatever is started meanwhile stays on this core."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
