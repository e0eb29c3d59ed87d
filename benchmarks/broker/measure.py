"""Starts broker, subscriber and sender as processes, and prints a table."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SECONDS = 5
PLAIT = [sys.executable, "-m", "plait", "run"]
HEADING = (
    "store               hops  conns  accepted/s   p50    p99"
    "   end to end p50    p99  memory MB  CPU us/event"
)
OBJECTS = """
apiVersion: eventing.knative.dev/v1
kind: Broker
metadata: {{name: default, namespace: bench}}
---
apiVersion: eventing.knative.dev/v1
kind: Trigger
metadata: {{name: one, namespace: bench}}
spec:
  broker: default
  filters: [{{exact: {{type: bench.one}}}}]
  subscriber: {{uri: "http://127.0.0.1:{port}/{first}"}}
---
apiVersion: eventing.knative.dev/v1
kind: Trigger
metadata: {{name: two, namespace: bench}}
spec:
  broker: default
  filters: [{{exact: {{type: bench.two}}}}]
  subscriber: {{uri: "http://127.0.0.1:{port}/last"}}
"""


@dataclass
class Run:
    """One line of the table."""

    store: str
    hops: int
    connections: int
    options: Sequence[str]


RUNS = [
    *(Run("on disk", hops, connections, []) for hops in (1, 2) for connections in (1, 32)),
    *(Run("on disk, --durable", 1, connections, ["--durable"]) for connections in (1, 32)),
    *(Run("in memory", hops, connections, ["--memory"]) for hops in (1, 2) for connections in (1, 32)),
]


def main() -> None:
    """Measure and print."""
    print(f"\nlocal broker, {SECONDS} s a line, broker, subscriber and sender on this machine; times in ms")
    print(HEADING)
    for run in RUNS:
        with tempfile.TemporaryDirectory() as folder:
            print(_line(run, _measured(run, Path(folder))), flush=True)


def _line(run: Run, result: dict[str, Any]) -> str:
    rate = result["accepted"] / result["seconds"]
    sent, arrived = _quantiles(result["latencies"]), _quantiles(result["arrived"])
    memory, cpu = result["memory"] / 1024, result["cpu"] / result["accepted"] * 1e6
    return (
        f"{run.store:18} {run.hops:5} {run.connections:6} {rate:11.0f} {sent[0]:6.1f} {sent[1]:6.1f}"
        f" {arrived[0]:16.1f} {arrived[1]:6.1f} {memory:10.0f} {cpu:13.0f}"
    )


def _quantiles(values: Sequence[float]) -> tuple[float, float]:
    ordered = sorted(values)
    return ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.99)]


def _measured(run: Run, folder: Path) -> dict[str, Any]:
    with _process(sys.executable, "-m", "benchmarks.broker.sink") as sink:
        port = _read(sink)
        first = "reply" if run.hops == 2 else "last"
        (folder / "objects.yaml").write_text(OBJECTS.format(port=port, first=first))
        store = [] if "--memory" in run.options else ["--data", str(folder / "data")]
        arguments = ["-f", str(folder / "objects.yaml"), "--port", "0", *store, *run.options]
        with _process(*PLAIT, *arguments) as broker:
            url = _read(broker)
            _load(url, run.connections, 0.5)
            _drain(url, sink)
            before = _cpu_seconds(broker.pid)
            result = _load(url, run.connections, SECONDS)
            result["arrived"] = _drain(url, sink)
            result["cpu"] = _cpu_seconds(broker.pid) - before
            result["memory"] = _peak_memory(broker.pid)
    expected = result["accepted"]
    assert len(result["arrived"]) == expected, f"{len(result['arrived'])} of {expected} arrived"
    return result


def _load(url: str, connections: int, seconds: float) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.broker.load", url, str(connections), str(seconds)]
    result: dict[str, Any] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return result


def _drain(url: str, sink: subprocess.Popen[str]) -> list[float]:
    """Wait until all is delivered, and take what arrived."""
    from urllib.request import urlopen  # noqa: PLC0415

    root = "/".join(url.split("/")[:3])
    with urlopen(f"{root}/_plait/api/idle?timeout=60") as answer:  # noqa: S310 (our own URL)
        assert json.load(answer)["idle"]
    assert sink.stdin is not None
    sink.stdin.write("\n")
    sink.stdin.flush()
    arrived: list[float] = json.loads(_read(sink))
    return arrived


@contextmanager
def _process(*command: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.terminate()


def _read(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def _cpu_seconds(pid: int) -> float:
    """The time that the process has used, user's and system's."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _peak_memory(pid: int) -> int:
    """The most memory that the process had, in KiB."""
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert found is not None
    return int(found[1])
