"""The log: lines of JSON on stderr, beside what the function writes."""

from __future__ import annotations

import os

import pytest

from ..runtime import Runtime
from ..server import Server, Start
from .conftest import Pool

TRACE = "0af7651916cd43dd8448eb211c80319c"


def test_all_that_a_line_says(runtime: Runtime, pool: Pool) -> None:
    """What one looks for, and nothing else."""
    server = pool.get(runtime, "echo")
    server.post(headers={"traceparent": f"00-{TRACE}-b7ad6b7169203331-01"}, id='a"b', type="of.a.line")
    line = server.logged('a"b')
    own = {name: line.pop(name) for name in ("time", "duration_ms", "logger")}
    assert all(own.values())
    assert line == {
        "level": "info",
        "message": "reply",
        "status": 200,
        "event_id": 'a"b',
        "event_type": "of.a.line",
        "event_source": "/s",
        "trace_id": TRACE,
    }


def test_less_of_it(start: Start) -> None:
    """PLAIT_LOG_LEVEL."""
    server = start("acts", PLAIT_LOG_LEVEL="error")
    assert [server.status(kind) for kind in ("nothing", "reject", "fail")] == [204, 400, 500]
    assert server.stop() == 0
    assert [line["message"] for line in server.lines()] == ["failed"]


@pytest.mark.not_for(wasm="a command's stdout is its answer")
def test_a_function_that_prints(start: Start) -> None:
    """stdout is the function's own; on stderr its lines stand between those of the log."""
    server = start("acts")
    assert server.status("print") == 200
    assert server.stop() == 0
    assert server.stdout() == "to stdout\n"
    assert [line for line in server.stderr().splitlines() if not line.startswith("{")] == ["to stderr"]
    assert [line["message"] for line in server.log()] == ["reply"]


def test_a_log_that_nobody_takes(runtime: Runtime) -> None:
    """A stderr that nobody reads any more stops no event."""
    reading, writing = os.pipe()
    server = Server(runtime.line("acts"), runtime.environment, err=writing)
    os.close(writing)
    try:
        server.wait_until_ready()
        os.close(reading)
        assert {server.status("object") for _ in range(5)} == {200}
        assert server.status("fail") == 500
    finally:
        server.kill()
