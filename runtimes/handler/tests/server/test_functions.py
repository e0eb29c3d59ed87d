"""Functions that block, or do not end: threads, and their number."""

from __future__ import annotations

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from runtimes.conformance.server import Start
from runtimes.conformance.wire import Client, eventually, posted


def test_a_thousand_functions_that_block(start: Start) -> None:
    """Each event has its answer, by a thread of its own."""
    server = start("many", PLAIT_CONCURRENCY=1000)
    clients = [Client(server.port) for _ in range(1000)]
    for client in clients:
        client.send(posted(type="sleep", subject="0.2"))
    counts = Counter(client.read().status for client in clients)
    for client in clients:
        client.close()
    assert counts == {200: 1000}


@pytest.mark.parametrize(
    ("function", "kind", "subject"),
    [("waits", "sleep", "3600"), ("waits", "swallow", "x"), ("many", "sleep", "3600"), ("many", "spin", "x")],
)
def test_a_function_that_does_not_end(shared: Start, function: str, kind: str, subject: str) -> None:
    """504 after its time, whether it waits, swallows its cancellation, blocks or spins."""
    server = shared(function, PLAIT_TIMEOUT=2)
    answer = server.post(type=kind, subject=subject)
    assert (answer.status, answer.body) == (504, b"the function took longer than 2 s (PLAIT_TIMEOUT)\n")
    assert server.status("sleep", subject="0") == 200
    assert server.in_flight() == 0


def test_a_thread_that_spins_is_stopped(start: Start) -> None:
    """DeadlineExceeded ends it: the worker does not burn on."""
    server = start("many", PLAIT_TIMEOUT=0.3)
    (worker,) = server.workers()
    assert server.status("spin") == 504
    eventually(lambda: not burns(worker))


def burns(process: int) -> bool:
    """Whether a process uses the processor now."""
    before = ticks(process)
    time.sleep(0.3)
    return ticks(process) - before > 3


def ticks(process: int) -> int:
    """Hundredths of a second that a process has run."""
    fields = Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def test_threads_that_cannot_be_stopped(start: Start) -> None:
    """When as many hang as there may be, the worker is replaced, and the new one serves."""
    server = start("many", PLAIT_TIMEOUT=2, PLAIT_CONCURRENCY=2)
    first = server.workers()
    with ThreadPoolExecutor(2) as clients:
        posts = [clients.submit(server.status, "sleep", subject="3600") for _ in range(2)]
        assert [each.result() for each in posts] == [504, 504]
    server.wait_for_another(first)
    assert server.status("neighbour") == 200
    assert "this worker is replaced" in server.stderr()


def test_sys_exit_in_a_coroutine(shared: Start) -> None:
    """Is a failure, and not the end of the worker."""
    server = shared("waits")
    before = server.workers()
    assert server.status("exit") == 500
    assert server.status("sleep", subject="0") == 200
    assert server.workers() == before


def test_a_coroutine_that_forks(start: Start) -> None:
    """Its child does not answer a second time, on the same connection."""
    server = start("waits")
    (worker,) = server.workers()
    with Client(server.port) as client:
        answers = [client.exchange(posted(type="fork")) for _ in range(5)]
    assert [(answer.status, answer.body) for answer in answers] == [(200, b'{"pid":%d}' % worker)] * 5


def test_a_coroutine_that_blocks_the_event_loop(start: Start) -> None:
    """gunicorn kills the worker, and the next one serves."""
    server = start("waits", PLAIT_TIMEOUT=1)
    first = server.workers()
    assert server.status("block", subject="3600") is None
    server.wait_for_another(first)
    eventually(lambda: server.status("started") == 200)
