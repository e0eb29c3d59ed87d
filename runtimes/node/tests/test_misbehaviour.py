"""Functions that hang, exit, throw where nobody catches: the worker serves on, or another takes its place."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from .conftest import Start
from .serving import FUNCTIONS, Server, eventually, requests


def wait_for_another(server: Server, first: list[int]) -> None:
    """Until other workers than these are there, and they answer."""
    eventually(lambda: server.workers() and not set(server.workers()) & set(first))
    server.wait_until_ready()


def test_a_function_that_does_not_end(start: Start) -> None:
    """504 after its time, and what it returns later is dropped."""
    server = start("many", PLAIT_TIMEOUT=0.5)
    answer = server.post(type="sleep", subject="1")
    assert (answer.status, answer.body) == (504, b"the function took longer than 0.5 s (PLAIT_TIMEOUT)\n")
    assert b"plait_handler_lost 1" in server.get("/metrics").body
    assert server.post(type="sleep", subject="0").status == 200
    eventually(lambda: b"plait_handler_lost 0" in server.get("/metrics").body)
    assert [line["status"] for line in requests(server.stop())] == [504, 200]


def test_as_many_that_do_not_end_as_there_may_be(start: Start) -> None:
    """The worker is replaced, and the new one serves."""
    server = start("many", PLAIT_TIMEOUT=0.2, PLAIT_CONCURRENCY=2)
    first = server.workers()
    assert [server.post(type="sleep", subject="60").status for _ in range(2)] == [504, 504]
    wait_for_another(server, first)
    assert server.post(type="neighbour").status == 200
    assert "this worker is replaced" in str(server.stop())


@pytest.mark.parametrize("kind", ["die", "abort"])
def test_a_function_that_ends_its_process(start: Start, kind: str) -> None:
    """The connection breaks, and another worker is started."""
    server = start("many")
    first = server.workers()
    with pytest.raises((ConnectionError, http.client.HTTPException)):
        server.post(type=kind)
    wait_for_another(server, first)
    assert server.post(type="sleep", subject="0").status == 200


def test_a_worker_that_dies_while_others_serve(start: Start) -> None:
    """Two workers: one is killed, and what comes meanwhile is served by the other."""
    server = start("many", PLAIT_WORKERS=2)
    eventually(lambda: len(server.workers()) == 2)
    first = server.workers()
    assert json.loads(server.post(type="pid").body)["pid"] in first
    with contextlib.suppress(ConnectionError, http.client.HTTPException):
        server.post(type="die")
    assert {server.post(type="pid").status for _ in range(20)} == {200}
    eventually(lambda: len(server.workers()) == 2 and server.workers() != first)


@pytest.mark.parametrize(
    ("kind", "traceback"),
    [
        ("exit", "the function called process.exit(5)"),
        ("exit_later", "the function called process.exit(5)"),
        ("throw_later", "thrown in a timer"),
        ("unhandled", "nobody catches this"),
    ],
)
def test_what_ends_a_node_process(start: Start, kind: str, traceback: str) -> None:
    """Is the failure of the event that it was done for, and not the end of the worker."""
    server = start("many")
    first = server.workers()
    assert server.post(type=kind, id="event-7").status == 500
    assert server.post(type="sleep", subject="0").status == 200
    assert server.workers() == first
    line = requests(server.stop())[0]
    assert (line["event_id"], line["message"]) == ("event-7", "failed")
    assert traceback in line["traceback"]


def test_a_rejection_after_the_answer(start: Start) -> None:
    """Is in the log, with the event's id."""
    server = start("many")
    assert server.post(type="floating", id="event-7").status == 200
    assert server.post(type="sleep", subject="0.2").status == 200
    line = next(line for line in server.stop() if line["message"] == "a rejection that nobody caught")
    assert (line["level"], line["event_id"]) == ("error", "event-7")
    assert "after the answer" in line["traceback"]


def test_a_function_that_prints(start: Start) -> None:
    """stdout is the function's; stderr has whole lines of JSON beside it."""
    server = start("many")
    assert server.post(type="print").status == 200
    server.process.send_signal(signal.SIGTERM)
    out, err = server.output()
    assert out == "to stdout\n"
    others = [line for line in err.splitlines() if not line.startswith("{")]
    assert others == ["to stderr"]


def test_a_function_that_reads_stdin(start: Start) -> None:
    """It finds its end at once."""
    assert start("many").post(type="stdin").body == b'{"stdin":""}'


def test_a_function_that_blocks_the_event_loop(start: Start) -> None:
    """A loop without end: the worker is killed, and the next one serves."""
    server = start("many", PLAIT_TIMEOUT=0.5)
    first = server.workers()
    with ThreadPoolExecutor(1) as pool:
        blocked = pool.submit(server.post, type="spin")
        with pytest.raises((ConnectionError, http.client.HTTPException)):
            blocked.result()
    wait_for_another(server, first)
    assert server.post(type="neighbour").status == 200
    assert "stands still and is killed" in str(server.stop())


def test_a_parent_that_is_killed(start: Start) -> None:
    """Its worker does not live on."""
    server = start("many")
    worker = server.workers()[0]
    server.process.kill()
    eventually(lambda: not is_alive(worker))


def is_alive(process: int) -> bool:
    """Whether there is such a process, and it is no zombie."""
    try:
        with open(f"/proc/{process}/stat", encoding="ascii") as stat:  # noqa: PTH123
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_the_users_logging(start: Start) -> None:
    """Through context.log, with the event's id; warn is warning."""
    server = start("many")
    answer = server.request("POST", "/?a=1&b=x%20y", {**HEADERS, "prefer": "reply"}, b"")
    assert json.loads(answer.body) == {
        "prefer": "reply",
        "method": "POST",
        "query": {"a": "1", "b": "x y"},
        "left": True,
    }
    lines = [line for line in server.stop() if line["logger"] == "function"]
    assert [{name: line[name] for name in line if name != "time"} for line in lines] == [
        {"level": "info", "logger": "function", "event_id": "7", "message": "at work"},
        {"level": "warning", "logger": "function", "event_id": "7", "order": 7, "message": "see there"},
    ]


HEADERS = {"ce-specversion": "1.0", "ce-id": "7", "ce-source": "/s", "ce-type": "context"}


def test_less_in_the_log(start: Start) -> None:
    """PLAIT_LOG_LEVEL."""
    server = start("many", PLAIT_LOG_LEVEL="error")
    server.post(type="neighbour")
    server.post(type="reject")
    server.post(type="raise")
    assert [line["message"] for line in server.stop()] == ["failed"]


def test_a_log_that_nobody_can_take(packages: Path) -> None:
    """A stderr that nobody reads any more stops no event."""
    assert packages.is_dir()
    reading, writing = os.pipe()
    server = Server(FUNCTIONS / "many", err=writing)
    os.close(writing)
    try:
        server.wait_until_ready()
        os.close(reading)
        assert {server.post(type="neighbour").status for _ in range(5)} == {200}
        assert server.post(type="throw_later").status == 500
    finally:
        server.kill()
