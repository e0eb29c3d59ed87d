"""Misbehaviour: functions that fail in every way, and workers that die; the next event is answered."""

from __future__ import annotations

import contextlib
import os
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ..runtime import Runtime
from ..server import Server, Start
from ..wire import eventually
from .conftest import Pool


@pytest.mark.parametrize("kind", ["fail", "nonsense", "broken", "exit", "reject", "retry"])
def test_the_next_event(runtime: Runtime, pool: Pool, kind: str) -> None:
    """After a failure a good event is answered, by the same worker."""
    server = pool.get(runtime, "acts", PLAIT_REPLY_SOURCE="my source", PLAIT_TIMEOUT="2")
    before = server.workers()
    assert server.status(kind) in (400, 500, 503)
    assert server.status("object") == 200
    assert server.workers() == before


def test_a_function_that_hangs(start: Start) -> None:
    """A loop without end: 504, or a worker that is killed; and then a good event is answered."""
    server = start("acts", PLAIT_TIMEOUT=1)
    status = server.status("hang")
    assert status == 504 or (status is None and "stands still and is killed" in server.stderr())
    eventually(lambda: _answers(server))


def test_functions_that_wait_for_ever(start: Start) -> None:
    """When as many are left behind as there may be at once, the next events are answered all the same."""
    server = start("waits", PLAIT_TIMEOUT=2, PLAIT_CONCURRENCY=2)
    with ThreadPoolExecutor(2) as clients:
        assert [*clients.map(server.status, ["wait"] * 2)] == [504] * 2
    assert [server.status("slow") for _ in range(3)] == [200] * 3


@pytest.mark.not_for(wasm="a module cannot end the process: its exit is a failure of one event")
def test_a_function_that_ends_its_process(start: Start) -> None:
    """The connection breaks, another worker is started, and a good event is answered."""
    server = start("acts")
    before = server.workers()
    assert server.status("die") is None
    server.wait_for_another(before)
    assert server.status("object") == 200


@pytest.mark.not_for(wasm="a module cannot fork", node="Node has no fork(2)")
def test_a_function_that_forks(start: Start) -> None:
    """One answer, of the parent; the child serves nothing."""
    server = start("acts")
    before = server.workers()
    answers = [server.post(type="fork") for _ in range(5)]
    assert [(answer.status, answer.body) for answer in answers] == [(200, b"parent")] * 5
    assert server.status("object") == 200
    assert server.workers() == before
    eventually(lambda: [line["status"] for line in server.log()] == [200] * 6)


@pytest.mark.not_for(wasm="a command's stdin is the event")
def test_a_function_that_reads_stdin(runtime: Runtime, pool: Pool) -> None:
    """It finds its end at once."""
    server = pool.get(runtime, "acts", PLAIT_REPLY_SOURCE="my source", PLAIT_TIMEOUT="2")
    assert server.post(type="stdin").body == b"nothing"


def test_a_worker_that_is_killed(start: Start) -> None:
    """Of two workers one is killed: events are answered meanwhile, and there are two again."""
    server = start("echo", PLAIT_WORKERS=2)
    eventually(lambda: len(server.workers()) == 2)
    killed, other = server.workers()
    os.kill(killed, signal.SIGKILL)
    assert [server.status("t") for _ in range(50)] == [200] * 50
    eventually(lambda: len(server.workers()) == 2 and killed not in server.workers())
    assert other in server.workers()


def test_a_first_process_that_is_killed(start: Start) -> None:
    """Its workers do not live on."""
    server = start("echo")
    (worker,) = server.workers()
    server.process.kill()
    eventually(lambda: not _lives(worker))


@pytest.mark.not_for(wasm="a module lives for one event, and has nothing to say between events")
def test_a_function_that_is_not_ready(start: Start) -> None:
    """503 from the readiness probe, 200 from the other."""
    server = start("waits")
    assert server.status("unready") == 204
    assert server.get("/health/readiness").status == 503
    assert server.get("/health/liveness").status == 200


def _answers(server: Server) -> bool:
    with contextlib.suppress(OSError):
        return server.status("object") == 200
    return False


def _lives(process: int) -> bool:
    """Whether there is such a process, and it is no zombie."""
    try:
        return Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
