"""Misbehaviour: functions that fail in every way, and workers that die; the next event is answered."""

from __future__ import annotations

import json
import os
import signal

import pytest

from ..runtime import Runtime
from ..server import Pool, Server
from ..wire import eventually
from .conftest import Start

TIME = {"PLAIT_REPLY_SOURCE": "my source", "PLAIT_TIMEOUT": "0.5"}


@pytest.mark.parametrize("kind", ["fail", "nonsense", "broken", "exit", "reject", "retry"])
def test_the_next_event(runtime: Runtime, pool: Pool, kind: str) -> None:
    """After a failure a good event is answered, by the same worker."""
    server = pool.get(runtime, "acts", TIME)
    before = server.workers()
    assert server.status(kind) in (400, 500, 503)
    assert server.status("object") == 200
    assert server.workers() == before


def test_a_function_that_hangs(start: Start) -> None:
    """A loop without end: 504, or a worker that is killed; and then a good event is answered."""
    server = start("acts", TIME)
    assert server.status("hang") in (504, None)
    _answers_again(server)


def test_functions_that_wait_for_ever(start: Start) -> None:
    """When as many are left behind as there may be at once, the next events are answered all the same."""
    server = start("waits", {"PLAIT_TIMEOUT": "0.5", "PLAIT_CONCURRENCY": "2"})
    assert [server.status("wait") for _ in range(2)] == [504] * 2
    assert [server.status("slow") for _ in range(3)] == [200] * 3


@pytest.mark.not_for(wasm="a module cannot end the process: its exit is a failure of one event")
def test_a_function_that_ends_its_process(start: Start) -> None:
    """The connection breaks, another worker is started, and a good event is answered."""
    server = start("acts")
    before = server.workers()
    assert server.status("die") is None
    _answers_again(server)
    assert not set(server.workers()) & set(before)


@pytest.mark.not_for(wasm="a module cannot fork", node="Node has no fork(2)")
def test_a_function_that_forks(start: Start) -> None:
    """One answer, of the parent; the child serves nothing."""
    server = start("acts")
    before = server.workers()
    for _ in range(5):
        answer = server.post("fork")
        assert answer is not None
        assert (answer.status, answer.body) == (200, b"parent")
    assert server.status("object") == 200
    assert server.workers() == before
    eventually(lambda: [line["status"] for line in server.log()] == [200] * 6)


@pytest.mark.not_for(wasm="a command's stdout is its answer")
def test_a_function_that_prints(start: Start) -> None:
    """stdout is the function's own; stderr has lines of JSON and nothing else."""
    server = start("acts")
    assert server.status("print") == 200
    server.terminate()
    assert server.exit_code() == 0
    out, err = server.written()
    assert out == "to stdout\n"
    assert all(isinstance(json.loads(line), dict) for line in err.splitlines())


def test_a_worker_that_is_killed(start: Start) -> None:
    """Of two workers one is killed: events are answered meanwhile, and there are two again."""
    server = start("echo", {"PLAIT_WORKERS": "2"})
    eventually(lambda: len(server.workers()) == 2)
    killed, other = server.workers()
    os.kill(killed, signal.SIGKILL)
    assert [server.status("t") for _ in range(50)] == [200] * 50
    eventually(lambda: len(server.workers()) == 2 and killed not in server.workers())
    assert other in server.workers()


@pytest.mark.not_for(wasm="a module lives for one event, and has nothing to say between events")
def test_a_function_that_is_not_ready(start: Start) -> None:
    """503 from the readiness probe, 200 from the other."""
    server = start("waits")
    assert server.status("unready") == 204
    pages = [server.get(path) for path in ("/health/readiness", "/health/liveness")]
    assert [page.status for page in pages if page is not None] == [503, 200]


def _answers_again(server: Server) -> None:
    eventually(lambda: _answers(server))


def _answers(server: Server) -> bool:
    try:
        return server.status("object") == 200
    except OSError:
        return False
