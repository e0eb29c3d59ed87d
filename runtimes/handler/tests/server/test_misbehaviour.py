"""Functions that hang, exit, fork, print: the worker serves on, or another takes its place."""

from __future__ import annotations

import contextlib
import http.client
import json
import signal
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from ..conftest import Start
from ..serving import EVENT, PATIENCE, Server, eventually, requests


@pytest.mark.parametrize(
    ("function", "kind", "subject"),
    [
        ("waits", "sleep", "60"),
        ("waits", "swallow", "x"),
        ("many", "sleep", "60"),
        ("many", "spin", "x"),
    ],
)
def test_a_function_that_does_not_end(start: Start, function: str, kind: str, subject: str) -> None:
    """504 after its time, whether it waits, swallows its cancellation, blocks or spins."""
    server = start(function, PLAIT_TIMEOUT=0.5)
    answer = server.post(type=kind, subject=subject)
    assert (answer.status, answer.body) == (504, b"the function took longer than 0.5 s (PLAIT_TIMEOUT)\n")
    assert server.post(type="sleep", subject="0").status == 200
    assert b"plait_handler_in_flight 0" in server.get("/metrics").body


def test_a_thread_that_spins_is_stopped(start: Start) -> None:
    """DeadlineExceeded ends it: the worker does not burn on."""
    server = start("many", PLAIT_TIMEOUT=0.3)
    worker = server.workers()[0]
    assert server.post(type="spin").status == 504
    eventually(lambda: not burns(worker))


def burns(process: int) -> bool:
    """Whether a process uses the processor now."""
    before = ticks(process)
    time.sleep(0.3)
    return ticks(process) - before > 15


def ticks(process: int) -> int:
    """Hundredths of a second that a process has run."""
    with open(f"/proc/{process}/stat", encoding="ascii") as stat:  # noqa: PTH123
        fields = stat.read().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def test_threads_that_cannot_be_stopped(start: Start) -> None:
    """When as many hang as there may be, the worker is replaced, and the new one serves."""
    server = start("many", PLAIT_TIMEOUT=0.2, PLAIT_CONCURRENCY=2)
    first = server.workers()
    assert [server.post(type="sleep", subject="60").status for _ in range(2)] == [504, 504]
    wait_for_another(server, first)
    assert server.post(type="neighbour").status == 200
    assert "this worker is replaced" in str(server.stop())


def wait_for_another(server: Server, first: list[int]) -> None:
    """Until other workers than these are there, and they answer."""
    eventually(lambda: server.workers() and not set(server.workers()) & set(first))
    server.wait_until_ready()


@pytest.mark.parametrize("function", ["waits", "many"])
def test_a_function_that_ends_its_process(start: Start, function: str) -> None:
    """`os._exit`: the connection breaks, gunicorn starts another worker."""
    server = start(function)
    first = server.workers()
    with pytest.raises((ConnectionError, http.client.HTTPException)):
        server.post(type="die")
    wait_for_another(server, first)
    assert server.post(type="sleep", subject="0").status == 200


def test_a_worker_that_dies_while_others_serve(start: Start) -> None:
    """Two workers: one is killed, and what comes meanwhile is served by the other."""
    server = start("waits", PLAIT_WORKERS=2)
    eventually(lambda: len(server.workers()) == 2)
    first = server.workers()
    served = json.loads(server.post(type="pid").body)["pid"]
    with contextlib.suppress(ConnectionError, http.client.HTTPException):
        server.post(type="die")
    assert {server.post(type="pid").status for _ in range(20)} == {200}
    assert served in first
    eventually(lambda: len(server.workers()) == 2 and server.workers() != first)


@pytest.mark.parametrize("function", ["waits", "many"])
def test_sys_exit_is_a_failure(start: Start, function: str) -> None:
    """Not the end of the worker."""
    server = start(function)
    first = server.workers()
    assert server.post(type="exit").status == 500
    assert server.post(type="sleep", subject="0").status == 200
    assert server.workers() == first


@pytest.mark.parametrize("function", ["waits", "many"])
def test_a_function_that_forks(start: Start, function: str) -> None:
    """Its child does not answer a second time."""
    server = start(function)
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
    for _ in range(5):
        connection.request("POST", "/", b"", EVENT | {"ce-type": "fork"})
        answer = connection.getresponse()
        assert (answer.status, json.loads(answer.read())["pid"]) == (200, server.workers()[0])
    connection.close()


def test_a_function_that_starts_a_program(start: Start) -> None:
    """subprocess works as ever."""
    assert start("many").post(type="subprocess").body == b"hello\n"


def test_a_function_that_prints(start: Start) -> None:
    """stdout is the function's; stderr has whole lines of JSON beside it."""
    server = start("many")
    assert server.post(type="print").status == 200
    server.signal(signal.SIGTERM)
    out, err = server.output()
    assert out == "to stdout\n"
    others = [line for line in err.splitlines() if not line.startswith("{")]
    assert others == ["to stderr"]
    assert len(requests(json.loads(line) for line in err.splitlines() if line.startswith("{"))) == 1


def test_a_function_that_reads_stdin(start: Start) -> None:
    """It finds its end at once."""
    assert start("many").post(type="stdin").body == b'{"stdin":""}'


def test_a_function_that_blocks_the_event_loop(start: Start) -> None:
    """An async function that blocks: gunicorn kills the worker, and the next one serves."""
    server = start("waits", PLAIT_TIMEOUT=0.5)
    first = server.workers()
    with ThreadPoolExecutor(1) as pool:
        blocked = pool.submit(server.post, type="block", subject="60")
        with pytest.raises((ConnectionError, http.client.HTTPException)):
            blocked.result()
    wait_for_another(server, first)
    assert server.post(type="started").status == 200


def test_the_users_logging(start: Start) -> None:
    """Through the context's logger, with the event's id."""
    server = start("many")
    server.post(type="context", id="7", headers={"prefer": "reply"})
    line = next(line for line in server.stop() if line["logger"] == "function")
    assert {name: line[name] for name in line if name != "time"} == {
        "level": "info",
        "logger": "function",
        "message": "at work",
        "event_id": "7",
    }


def test_less_in_the_log(start: Start) -> None:
    """PLAIT_LOG_LEVEL."""
    server = start("many", PLAIT_LOG_LEVEL="error")
    server.post(type="neighbour")
    server.post(type="reject")
    server.post(type="raise")
    assert [line["message"] for line in server.stop()] == ["failed"]
