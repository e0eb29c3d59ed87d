"""Measures one worker process: `python -m benchmarks [--seconds 5] [--connections 8] [--rounds 3]`.

A binary event goes in and one comes out, over keep-alive connections from another process. CPU time is that
of all processes of the server, by /proc. Rounds are interleaved, and the best of each is taken: whatever else
the machine does only adds.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path

HERE = Path(__file__).parent
TICK = 1 / os.sysconf("SC_CLK_TCK")
BODY = b'{"message":"hello"}'
REQUEST = (
    b"POST / HTTP/1.1\r\nhost: localhost\r\nuser-agent: bench\r\nce-specversion: 1.0\r\nce-id: 1234-5678\r\n"
    b"ce-source: /mycontext/sub\r\nce-type: com.example.someevent\r\nce-time: 2018-04-05T03:56:24Z\r\n"
    b"content-type: application/json\r\nprefer: reply\r\ncontent-length: 19\r\n\r\n" + BODY
)


@dataclass(frozen=True)
class Contender:
    """One server to measure."""

    name: str
    command: tuple[str, ...]


@dataclass(frozen=True)
class Result:
    """One measurement: microseconds of CPU a request, requests/s, milliseconds, megabytes."""

    cpu: float
    rate: float
    p50: float
    p99: float
    cold: float
    worker_rss: float
    total_pss: float


def contenders() -> list[Contender]:
    """The functions in functions/, and the application by hand."""
    byhand = [sys.executable, "-m", "gunicorn", "-k", "asgi", "--keep-alive", "120", "--no-control-socket"]
    byhand += ["--http-parser", "fast", "benchmarks.byhand:app"]
    handler = (sys.executable, "-m", "plait_handler")
    return [
        Contender("ASGI by hand, gunicorn", tuple(byhand)),
        *(
            Contender(path.name.replace("_", ", "), (*handler, str(path)))
            for path in sorted((HERE / "functions").iterdir())
        ),
    ]


class Running:
    """A server process, with its log in a file."""

    def __init__(self, contender: Contender) -> None:
        self.port = free_port()
        environment = os.environ | {"PORT": str(self.port), "PLAIT_REPLY_TYPE": "reply"}
        environment["GUNICORN_CMD_ARGS"] = f"--bind 127.0.0.1:{self.port}"
        self.log = tempfile.TemporaryFile()  # noqa: SIM115
        started = time.perf_counter()
        self.process = subprocess.Popen(contender.command, env=environment, cwd=HERE.parent, stderr=self.log)
        self._first_answer()
        self.cold = (time.perf_counter() - started) * 1000

    def _first_answer(self) -> None:
        for _ in range(10_000):
            with (
                contextlib.suppress(ConnectionRefusedError),
                socket.create_connection(("127.0.0.1", self.port)) as connection,
            ):
                connection.sendall(REQUEST)
                assert connection.recv(12) == b"HTTP/1.1 200"
                return
            time.sleep(0.001)
        raise AssertionError("the server does not answer")

    def processes(self) -> list[int]:
        """The first process and its workers."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text("ascii")
        return [self.process.pid, *map(int, children.split())]

    def cpu(self) -> float:
        """Seconds that all processes have run."""
        stats = [Path(f"/proc/{process}/stat").read_text("ascii") for process in self.processes()]
        fields = [stat.rpartition(")")[2].split() for stat in stats]
        return sum(int(each[11]) + int(each[12]) for each in fields) * TICK

    def memory(self, process: int, name: str) -> float:
        """Megabytes."""
        lines = Path(f"/proc/{process}/smaps_rollup").read_text("ascii").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:")) / 1024

    def stop(self) -> None:
        """At once."""
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait()
        self.log.close()


def measure(contender: Contender, seconds: float, connections: int) -> Result:
    """One round."""
    running = Running(contender)
    try:
        before = running.cpu()
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.load", str(running.port), str(connections), str(seconds)],
            input=REQUEST,
            stdout=subprocess.PIPE,
            check=True,
            cwd=HERE.parent,
        )
        spent = running.cpu() - before
        found = json.loads(done.stdout)
        assert found["statuses"] == {"200": found["requests"]}, found["statuses"]
        processes = running.processes()
        return Result(
            cpu=spent / found["requests"] * 1e6,
            rate=found["requests"] / found["seconds"],
            p50=found["p50_ms"],
            p99=found["p99_ms"],
            cold=running.cold,
            worker_rss=running.memory(processes[-1], "Rss"),
            total_pss=sum(running.memory(process, "Pss") for process in processes),
        )
    finally:
        running.stop()


def best(results: Sequence[Result]) -> Result:
    """The best of each figure."""
    lowest = {field.name: min(getattr(each, field.name) for each in results) for field in fields(Result)}
    return replace(Result(**lowest), rate=max(each.rate for each in results))


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main() -> None:
    """Prints a table."""
    parser = argparse.ArgumentParser("python -m benchmarks")
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    everyone = contenders()
    rounds = [
        [measure(each, arguments.seconds, arguments.connections) for each in everyone]
        for _ in range(arguments.rounds)
    ]
    print("| function | CPU us/request | requests/s | p50 ms | p99 ms | cold ms | worker MB | all MB |")
    print("|---|---|---|---|---|---|---|---|")
    for index, each in enumerate(everyone):
        b = best([one[index] for one in rounds])
        print(
            f"| {each.name} | {b.cpu:.0f} | {b.rate:.0f} | {b.p50:.2f} | {b.p99:.2f} | {b.cold:.0f} |"
            f" {b.worker_rss:.0f} | {b.total_pss:.0f} |"
        )


if __name__ == "__main__":
    main()
