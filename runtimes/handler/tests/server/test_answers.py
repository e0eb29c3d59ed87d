"""What a function of Python gives and gets: the values, the errors, the context, the hooks."""

from __future__ import annotations

import json

import pytest
from runtimes.conformance.server import Start

from ..conftest import FUNCTIONS

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
FAILED = "the function failed\n"


@pytest.mark.parametrize(("subject", "body"), [("tuple", b"[1,2]"), ("float", b"1.5")])
def test_data_beyond_json(shared: Start, subject: str, body: bytes) -> None:
    """What json.dumps takes besides; the rest is in runtimes/conformance."""
    answer = shared("many").post(type="plain", subject=subject)
    assert (answer.status, answer.headers["content-type"], answer.body) == (200, "application/json", body)


@pytest.mark.parametrize(
    ("kind", "subject", "status", "body"),
    [
        ("stop_iteration", "x", 500, FAILED),
        ("keyboard_interrupt", "x", 500, FAILED),
        ("plain", "nan", 500, FAILED),
        ("retry", "x", 503, "the database is away\n"),
    ],
)
def test_what_a_function_raises(shared: Start, kind: str, subject: str, status: int, body: str) -> None:
    """500 for whatever is no answer; the seconds of RetryLater are rounded up."""
    answer = shared("many").post(type=kind, subject=subject)
    assert (answer.status, answer.body.decode()) == (status, body)
    assert answer.headers.get("retry-after") == ("3" if kind == "retry" else None)


def test_data_that_is_not_what_it_says(shared: Start) -> None:
    """400 by get_data(): Knative need not try again."""
    answer = shared("many").post(b"{", {"content-type": "application/json"}, type="data")
    assert answer.status == 400
    assert answer.body.startswith(b"the event's data is not JSON: ")


def test_the_log_of_a_failure(shared: Start) -> None:
    """The traceback begins in the function; of a value that is no reply there is none."""
    server = shared("many")
    server.post(type="raise", id="raised")
    server.post(type="plain", subject="set", id="a set")
    failed = server.logged("raised")
    assert (failed["level"], failed["message"], failed["status"]) == ("error", "failed", 500)
    first = failed["traceback"].splitlines()[1]
    assert first.startswith(f'  File "{FUNCTIONS / "many" / "function.py"}", line ')
    assert first.endswith(", in handle")
    assert failed["traceback"].endswith("ValueError: secret of the function\n")
    assert server.logged("a set")["reason"] == (
        "the function returned set: return a CloudEvent, a dict, list, str, bytes, number or bool, or None"
        " for no reply"
    )


def test_the_context(shared: Start) -> None:
    """Has the request's headers, its trace, the time that is left, and a logger that knows the event."""
    server = shared("many")
    headers = {"traceparent": TRACE, "tracestate": "a=1", "prefer": "reply"}
    answer = server.post(headers=headers, type="context", id="of the context")
    assert json.loads(answer.body) == {
        "id": "of the context",
        "prefer": "reply",
        "traceparent": TRACE,
        "tracestate": "a=1",
        "trace_id": "0af7651916cd43dd8448eb211c80319c",
        "in time": True,
    }
    server.logged("of the context")
    line = next(line for line in server.lines() if line["logger"] == "function")
    assert {name: line[name] for name in line if name != "time"} == {
        "level": "info",
        "logger": "function",
        "message": "at work",
        "event_id": "of the context",
        "trace_id": "0af7651916cd43dd8448eb211c80319c",
    }


def test_hooks(start: Start) -> None:
    """on_start before the first event, probes by the function, on_stop at the end."""
    server = start("waits")
    assert server.post(type="started").body == b"true"

    def probes() -> tuple[int, int]:
        return server.get("/health/liveness").status, server.get("/health/readiness").status

    seen = [probes()]
    for subject in ("live=False", "ready=False", "live=True", "ready=raises"):
        assert server.post(type="set", subject=subject).status == 204
        seen.append(probes())
    assert seen == [(200, 200), (503, 200), (503, 503), (200, 503), (200, 503)]
    server.stop()
    assert server.stdout() == "stopped\n"
