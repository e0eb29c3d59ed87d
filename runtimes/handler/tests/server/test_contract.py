"""The HTTP contract: which request has which answer."""

from __future__ import annotations

import json

import pytest

from ..conftest import Start
from ..serving import EVENT, FUNCTIONS, requests

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
WRAPPED = {"ce-specversion": "1.0", "ce-type": "reply", "ce-source": "many"}


@pytest.mark.parametrize(
    ("subject", "content_type", "body"),
    [
        ("dict", "application/json", b'{"a":1}'),
        ("list", "application/json", b"[1]"),
        ("tuple", "application/json", b"[1,2]"),
        ("int", "application/json", b"5"),
        ("float", "application/json", b"1.5"),
        ("bool", "application/json", b"false"),
        ("str", "text/plain", "text \u20ac".encode()),
        ("bytes", "application/octet-stream", b"\x00\xff"),
    ],
)
def test_plain_data_is_wrapped(shared: Start, subject: str, content_type: str, body: bytes) -> None:
    """In an event of version 1.0, with an id of its own."""
    answer = shared("many").post(type="plain", subject=subject)
    assert (answer.status, answer.body) == (200, body)
    assert answer.event == WRAPPED | {"content-type": content_type}
    assert len(answer.headers["ce-id"]) == 36
    assert shared("many").post(type="plain", subject=subject).headers["ce-id"] != answer.headers["ce-id"]


def test_none_is_no_reply(shared: Start) -> None:
    """204, with neither body nor Content-Length."""
    answer = shared("many").post(type="plain", subject="none")
    assert (answer.status, answer.body, answer.event) == (204, b"", {})
    assert "content-length" not in answer.headers


def test_an_event_goes_back_as_it_is(shared: Start) -> None:
    """In binary mode, with the function's own id."""
    answer = shared("many").post(b'{"x": 1}', {"content-type": "application/json"}, type="event")
    assert answer.status == 200
    assert answer.event == {
        "ce-specversion": "1.0",
        "ce-type": "made",
        "ce-source": "/made",
        "content-type": "application/json",
    }
    assert (answer.headers["ce-id"], answer.body) == ("7", b'{"got":{"x":1}}')


@pytest.mark.parametrize("version", ["1.0", "0.3"])
def test_an_event_comes_through_to_the_letter(shared: Start, version: str) -> None:
    """Attributes and bytes; the version is not upgraded."""
    given = EVENT | {
        "ce-specversion": version,
        "ce-time": "2018-04-05T03:56:24.123456789Z",
        "ce-subject": "Euro%20%E2%82%AC",
        "ce-myext": "5",
        "content-type": "application/json; x=y",
    }
    answer = shared("echo").request("POST", "/", given, b'{"a":  1.00}')
    assert (answer.status, answer.body) == (200, b'{"a":  1.00}')
    names = [*given]
    assert {name: answer.headers[name] for name in names} == given


def test_structured_mode(shared: Start) -> None:
    """Taken in; the reply is in binary mode."""
    event = {"specversion": "1.0", "id": "1", "source": "/s", "type": "t", "data": {"a": 1}}
    headers = {"content-type": "application/cloudevents+json; charset=UTF-8"}
    answer = shared("echo").request("POST", "/", headers, json.dumps(event).encode())
    assert answer.event == {
        "ce-specversion": "1.0",
        "ce-source": "/s",
        "ce-type": "t",
        "content-type": "application/json",
    }
    assert (answer.status, answer.headers["ce-id"], answer.body) == (200, "1", b'{"a": 1}')


@pytest.mark.parametrize(
    ("headers", "status", "message"),
    [
        ({}, 400, "not a CloudEvent: no specversion\n"),
        (
            {"content-type": "application/cloudevents-batch+json"},
            400,
            "batch mode is not taken: send each event in a request of its own\n",
        ),
        (
            {"content-type": "application/cloudevents+avro"},
            415,
            "event format 'application/cloudevents+avro' is not taken: application/cloudevents+json is\n",
        ),
        (EVENT | {"ce-specversion": "7"}, 400, "unknown specversion '7': known are '1.0' and '0.3'\n"),
        (EVENT | {"ce-time": "now"}, 400, "attribute 'time' is not an RFC 3339 timestamp: 'now'\n"),
    ],
)
def test_what_is_no_event(shared: Start, headers: dict[str, str], status: int, message: str) -> None:
    """400 or 415, and why."""
    answer = shared("echo").request("POST", "/", headers, b"x")
    assert (answer.status, answer.body.decode()) == (status, message)


@pytest.mark.parametrize(
    ("kind", "subject", "status", "body"),
    [
        ("raise", "x", 500, "the function failed\n"),
        ("exit", "x", 500, "the function failed\n"),
        ("stop_iteration", "x", 500, "the function failed\n"),
        ("keyboard_interrupt", "x", 500, "the function failed\n"),
        ("plain", "set", 500, "the function failed\n"),
        ("plain", "nan", 500, "the function failed\n"),
        ("broken_event", "x", 500, "the function failed\n"),
        ("reject", "x", 400, "no order number\n"),
        ("retry", "x", 503, "the database is away\n"),
    ],
)
def test_what_a_function_raises(shared: Start, kind: str, subject: str, status: int, body: str) -> None:
    """500 tells nothing of the function's inside; Reject and RetryLater tell their reason."""
    answer = shared("many").post(type=kind, subject=subject)
    assert (answer.status, answer.body.decode()) == (status, body)
    assert answer.headers.get("retry-after") == ("3" if kind == "retry" else None)


def test_data_that_is_not_what_it_says(shared: Start) -> None:
    """400 by get_data(): Knative need not try again."""
    answer = shared("many").post(b"{", {"content-type": "application/json"}, type="data")
    assert answer.status == 400
    assert answer.body.startswith(b"the event's data is not JSON: ")


def test_the_log_of_a_failure(start: Start) -> None:
    """The traceback begins in the function, with the event's id beside it."""
    server = start("many")
    server.post(type="raise", id="event-7")
    server.post(type="plain", subject="set", id="event-8")
    failed, nonsense = requests(server.stop())
    assert (failed["event_id"], failed["level"], failed["message"], failed["status"]) == (
        "event-7",
        "error",
        "failed",
        500,
    )
    first = failed["traceback"].splitlines()[1]
    assert first.startswith(f'  File "{FUNCTIONS / "many" / "function.py"}", line ')
    assert first.endswith(", in handle")
    assert failed["traceback"].endswith("ValueError: secret of the function\n")
    assert nonsense["reason"] == (
        "the function returned set: return a CloudEvent, a dict, list, str, bytes, number or bool, or None"
        " for no reply"
    )


def test_the_log_of_a_request(start: Start) -> None:
    """One line, with what one looks for."""
    server = start("echo")
    server.post(headers={"traceparent": TRACE}, id='a"b%0a')
    server.post(headers={"traceparent": TRACE}, id='a"b')
    malformed, line = requests(server.stop())
    assert {name: line[name] for name in line if name not in ("time", "duration_ms")} == {
        "level": "info",
        "logger": "plait_handler",
        "message": "reply",
        "status": 200,
        "event_id": 'a"b',
        "event_type": "t",
        "event_source": "/s",
        "trace_id": "0af7651916cd43dd8448eb211c80319c",
    }
    assert malformed["reason"] == "attribute 'id' has the forbidden character U+000A"


def test_plain_data_without_a_type_to_wrap_it_in(start: Start) -> None:
    """500, and the log says what to set."""
    server = start("many", PLAIT_REPLY_TYPE="")
    assert server.post(type="plain", subject="dict").status == 500
    assert server.post(type="plain", subject="none").status == 204
    assert "PLAIT_REPLY_TYPE" in requests(server.stop())[0]["reason"]
