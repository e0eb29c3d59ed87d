"""`plait run -f` as a user runs it."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.local.support.bench import BINARY
from tests.local.support.wire import request

OBJECTS = """
apiVersion: eventing.knative.dev/v1
kind: Broker
metadata: {name: default, namespace: shop}
---
apiVersion: eventing.knative.dev/v1
kind: Trigger
metadata: {name: t, namespace: shop}
spec:
  broker: default
  subscriber: {ref: {apiVersion: v1, kind: Service, name: orders}}
  delivery: {retry: 0}
"""
MAP = "orders=http://127.0.0.1:1/"


def plait(folder: Path, *arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
    """A run that ends by itself."""
    command = [sys.executable, "-m", "plait", "run", *arguments]
    return subprocess.run(
        command, cwd=folder, input=text, capture_output=True, text=True, timeout=30, check=False
    )


@contextmanager
def started(folder: Path, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A run that goes on: the process and the URL that it prints."""
    (folder / "k.yaml").write_text(OBJECTS)
    command = [sys.executable, "-m", "plait", "run", "-f", "k.yaml", "--map", MAP, "--port", "0", *arguments]
    with subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            yield process, process.stdout.readline().strip()
        finally:
            process.kill()


def post(url: str) -> int:
    """The status of an event."""
    answer = asyncio.run(request("POST", url, list(BINARY.items())))
    assert answer is not None
    return answer.status


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_prints_the_url_and_stops_when_asked(tmp_path: Path, number: signal.Signals) -> None:
    """The URL is on standard output once events are taken; a signal ends it with 0, and the data stay."""
    with started(tmp_path) as (process, url):
        assert url.endswith("/shop/default")
        assert post(url) == 202
        process.send_signal(number)
        assert process.wait(20) == 0
        assert process.stderr is not None
        refused = "failed: connection refused; given up"
        assert process.stderr.read() in ("", f"shop/t | event 1 {refused}\n")
    assert (tmp_path / ".plait" / "events.sqlite3").exists()


def test_memory_leaves_nothing(tmp_path: Path) -> None:
    """--memory writes no file."""
    with started(tmp_path, "--memory") as (process, url):
        assert post(url) == 202
        process.terminate()
        assert process.wait(20) == 0
    assert [file.name for file in tmp_path.iterdir()] == ["k.yaml"]


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    """It is told, with a way out, and exit code 1."""
    with started(tmp_path) as (_, url):
        port = url.split(":")[2].split("/")[0]
        done = plait(tmp_path, "-f", "k.yaml", "--map", MAP, "--port", port, "--memory")
    assert done.returncode == 1
    assert f"127.0.0.1:{port}: cannot listen" in done.stderr
    assert "--port 0" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["-f", "none.yaml"], "none.yaml: no such file"),
        (["-f", "k.yaml"], "--map orders="),
        (["-f", "k.yaml", "--map", "orders"], "not SERVICE=URL"),
        (["-f", "k.yaml", "--map", "orders=http://[::1"], "not SERVICE=URL"),
        (["-f", "k.yaml", "--map", MAP, "--memory", "--data", "d"], "exclude each other"),
        (["-f", "k.yaml", "--map", MAP, "--port", "99999"], "99999"),
        (["-f", "k.yaml", "--map", MAP, "--keep", "0"], "0"),
    ],
)
def test_mistakes_end_with_2(tmp_path: Path, arguments: list[str], told: str) -> None:
    """Usage and bad objects: exit code 2, one message, nothing written."""
    (tmp_path / "k.yaml").write_text(OBJECTS)
    done = plait(tmp_path, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert [file.name for file in tmp_path.iterdir()] == ["k.yaml"]


def test_standard_input(tmp_path: Path) -> None:
    """`-f -` takes what kustomize build gives."""
    done = plait(tmp_path, "-f", "-", "--memory", text=OBJECTS.replace("retry: 0", "retry: -1"))
    assert done.returncode == 2
    assert "(standard input):12:21" in done.stderr


def test_a_damaged_store_is_told(tmp_path: Path) -> None:
    """No traceback, and a hint."""
    (tmp_path / "k.yaml").write_text(OBJECTS)
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "events.sqlite3").write_bytes(b"x" * 9000)
    done = plait(tmp_path, "-f", "k.yaml", "--map", MAP, "--port", "0", "--data", "d")
    assert done.returncode == 1
    assert "cannot be read" in done.stderr
    assert "Traceback" not in done.stderr


def test_json_of_the_api(tmp_path: Path) -> None:
    """The same port answers plait's commands."""
    with started(tmp_path, "--memory") as (_, url):
        post(url)
        root = url.removesuffix("/shop/default")
        answer = asyncio.run(request("GET", f"{root}/_plait/api/events?type=t.*"))
        assert answer is not None
        assert json.loads(answer.body)["events"][0]["attributes"]["id"] == "e"
