"""Functions that hang, exit, throw where nobody catches: the worker serves on, or another takes its place."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from runtimes.conformance.server import Start
from runtimes.conformance.wire import Client, eventually, posted

LOST = "plait_handler_lost"


def test_functions_that_do_not_end(start: Start, tmp_path: Path) -> None:
    """504, and what one returns later is dropped; when as many are lost as may be, the worker is replaced."""
    server = start("many", PLAIT_TIMEOUT=2, PLAIT_CONCURRENCY=2)
    first = server.workers()
    assert server.status("until", subject=str(tmp_path / "there")) == 504
    assert server.metrics()[LOST] == 1
    (tmp_path / "there").touch()
    eventually(lambda: server.metrics()[LOST] == 0)
    assert server.workers() == first
    with ThreadPoolExecutor(2) as clients:
        posts = [clients.submit(server.status, "until", subject="/nowhere") for _ in range(2)]
        assert [each.result() for each in posts] == [504, 504]
    server.wait_for_another(first)
    assert server.status("neighbour") == 200
    assert "this worker is replaced" in server.stderr()
    eventually(lambda: [line["status"] for line in server.log()] == [504, 504, 504, 200])


@pytest.mark.parametrize(
    ("kind", "traceback"),
    [
        ("exit", "the function called process.exit(5)"),
        ("exit_later", "the function called process.exit(5)"),
        ("throw_later", "thrown in a timer"),
        ("unhandled", "nobody catches this"),
    ],
)
def test_what_ends_a_node_process(shared: Start, kind: str, traceback: str) -> None:
    """Is the failure of the event that it was done for, and not the end of the worker."""
    server = shared("many")
    first = server.workers()
    assert server.status(kind, id=kind) == 500
    assert server.status("neighbour") == 200
    assert server.workers() == first
    line = server.logged(kind)
    assert line["message"] == "failed"
    assert traceback in line["traceback"]


def test_a_rejection_after_the_answer(start: Start) -> None:
    """Is in the log, with the event's id."""
    server = start("many")
    assert server.status("floating", id="event-7") == 200
    message = "a rejection that nobody caught"
    eventually(lambda: message in server.stderr())
    server.stop()
    (line,) = (line for line in server.lines() if line["message"] == message)
    assert (line["level"], line["event_id"]) == ("error", "event-7")
    assert "after the answer" in line["traceback"]


def test_the_signal_of_a_client_that_leaves(start: Start) -> None:
    """context.signal tells the function."""
    server = start("many")
    with Client(server.port) as client:
        client.send(posted(type="signal"))
        eventually(lambda: server.in_flight() == 1)
    eventually(lambda: server.stdout() == "aborted\n")


def test_the_context(shared: Start) -> None:
    """Has what the request had, and a log that knows the event; warn is warning."""
    server = shared("many")
    event = {"ce-specversion": "1.0", "ce-id": "logs", "ce-source": "/s", "ce-type": "context"}
    answer = server.request("POST", "/?a=1&b=x%20y", {**event, "prefer": "reply"}, b"")
    assert json.loads(answer.body) == {
        "prefer": "reply",
        "method": "POST",
        "query": {"a": "1", "b": "x y"},
        "left": True,
    }
    server.logged("logs")
    lines = [line for line in server.lines() if line["logger"] == "function"]
    assert [{name: line[name] for name in line if name != "time"} for line in lines] == [
        {"level": "info", "logger": "function", "event_id": "logs", "message": "at work"},
        {"level": "warning", "logger": "function", "event_id": "logs", "order": 7, "message": "see there"},
    ]
