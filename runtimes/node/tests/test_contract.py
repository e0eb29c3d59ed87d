"""The HTTP contract: which request has which answer."""

from __future__ import annotations

import json

import pytest

from .conftest import Start
from .serving import EVENT, FUNCTIONS, requests

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
WRAPPED = {"ce-specversion": "1.0", "ce-type": "reply", "ce-source": "many"}


@pytest.mark.parametrize(
    ("subject", "content_type", "body"),
    [
        ("object", "application/json", b'{"a":1}'),
        ("array", "application/json", b"[1]"),
        ("int", "application/json", b"5"),
        ("float", "application/json", b"1.5"),
        ("bool", "application/json", b"false"),
        ("zero", "application/json", b"0"),
        ("body", "application/json", b'{"body":"x","subject":"y"}'),
        ("string", "text/plain", "text \u20ac".encode()),
        ("bytes", "application/octet-stream", b"\x00\xff"),
        ("typed", "application/octet-stream", b"\x01\x02"),
    ],
)
def test_plain_data_is_wrapped(shared: Start, subject: str, content_type: str, body: bytes) -> None:
    """In an event of version 1.0, with an id of its own."""
    answer = shared("many").post(type="plain", subject=subject)
    assert (answer.status, answer.body) == (200, body)
    assert answer.event == WRAPPED | {"content-type": content_type}
    assert len(answer.headers["ce-id"]) == 36
    assert shared("many").post(type="plain", subject=subject).headers["ce-id"] != answer.headers["ce-id"]


@pytest.mark.parametrize("subject", ["null", "undefined"])
def test_nothing_is_no_reply(shared: Start, subject: str) -> None:
    """204, with neither body nor Content-Length."""
    answer = shared("many").post(type="plain", subject=subject)
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
    """Attributes and bytes; the version is not upgraded, and no attribute is added."""
    given = EVENT | {
        "ce-specversion": version,
        "ce-time": "2018-04-05T03:56:24.123456789Z",
        "ce-subject": "Euro%20%E2%82%AC",
        "ce-myext": "5",
        "content-type": "application/json; x=y",
    }
    answer = shared("echo").request("POST", "/", given, b'{"a":  1.00}')
    assert (answer.status, answer.body) == (200, b'{"a":  1.00}')
    assert {
        name: value for name, value in answer.headers.items() if name in given or name[:3] == "ce-"
    } == given


def test_structured_mode(shared: Start) -> None:
    """Taken in; the reply is in binary mode, with the data to the letter and nothing else."""
    body = b'{"specversion": "1.0", "id": "1", "source": "/s", "type": "t", "data": {"a":  1.0}}'
    headers = {"content-type": "application/cloudevents+json; charset=UTF-8"}
    answer = shared("echo").request("POST", "/", headers, body)
    assert answer.event == {
        "ce-specversion": "1.0",
        "ce-source": "/s",
        "ce-type": "t",
        "content-type": "application/json",
    }
    assert (answer.status, answer.headers["ce-id"], answer.body) == (200, "1", b'{"a":  1.0}')
    assert "ce-time" not in answer.headers


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
        (EVENT | {"ce-id": "a%0A"}, 400, "attribute 'id' has the forbidden character U+000A\n"),
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
        ("raise_nothing", "x", 500, "the function failed\n"),
        ("raise_text", "x", 500, "the function failed\n"),
        ("coded", "x", 500, "the function failed\n"),
        ("exit", "x", 500, "the function failed\n"),
        ("plain", "map", 500, "the function failed\n"),
        ("plain", "nan", 500, "the function failed\n"),
        ("plain", "bigint", 500, "the function failed\n"),
        ("plain", "circular", 500, "the function failed\n"),
        ("plain", "function", 500, "the function failed\n"),
        ("plain", "symbol", 500, "the function failed\n"),
        ("broken_event", "x", 500, "the function failed\n"),
        ("reject", "x", 400, "no order number\n"),
        ("reject_name", "x", 400, "by name: Reject\n"),
        ("reject_code", "x", 400, "by code\n"),
        ("retry", "x", 503, "the database is away\n"),
        ("retry_name", "x", 503, "by name: RetryLater\n"),
    ],
)
def test_what_a_function_throws(shared: Start, kind: str, subject: str, status: int, body: str) -> None:
    """500 tells nothing of the function's inside; Reject and RetryLater tell their reason."""
    answer = shared("many").post(type=kind, subject=subject)
    assert (answer.status, answer.body.decode()) == (status, body)
    assert answer.headers.get("retry-after") == {"retry": "3", "retry_name": "7"}.get(kind)


def test_data_that_is_not_what_it_says(shared: Start) -> None:
    """400 by event.data: Knative need not try again."""
    answer = shared("many").post(b"{", {"content-type": "application/json"}, type="data")
    assert answer.status == 400
    assert answer.body.startswith(b"the event's data is not JSON: ")


def test_the_log_of_a_failure(start: Start) -> None:
    """The stack begins in the function, with the event's id beside it."""
    server = start("many")
    server.post(type="raise", id="event-7")
    server.post(type="plain", subject="map", id="event-8")
    failed, nonsense = requests(server.stop())
    assert (failed["event_id"], failed["level"], failed["message"], failed["status"]) == (
        "event-7",
        "error",
        "failed",
        500,
    )
    first, second = failed["traceback"].splitlines()[:2]
    assert first == "Error: secret of the function"
    assert str(FUNCTIONS / "many" / "index.js") in second
    assert nonsense["reason"] == "the function returned a Map: return a CloudEvent or plain data"


def test_the_log_of_a_request(start: Start) -> None:
    """One line, with what one looks for."""
    server = start("echo")
    server.post(headers={"traceparent": TRACE}, id='a"b%0a')
    server.post(headers={"traceparent": TRACE}, id='a"b')
    malformed, line = requests(server.stop())
    assert {name: line[name] for name in line if name not in ("time", "duration_ms")} == {
        "level": "info",
        "logger": "plait_node",
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
    assert server.post(type="plain", subject="object").status == 500
    assert server.post(type="plain", subject="null").status == 204
    assert "PLAIT_REPLY_TYPE" in requests(server.stop())[0]["reason"]


def test_the_trace_goes_on(shared: Start) -> None:
    """With a reply and without; a malformed one is dropped."""
    trace = {"traceparent": TRACE, "tracestate": "a=b"}
    for subject in ("object", "null"):
        answer = shared("many").post(headers=trace, type="plain", subject=subject)
        assert {name: answer.headers.get(name) for name in trace} == trace
    broken = shared("many").post(headers={"traceparent": "00-x-y-01"}, type="plain", subject="object")
    assert (broken.status, broken.headers.get("traceparent")) == (200, None)


def test_the_source_of_a_reply(start: Start) -> None:
    """PLAIT_REPLY_SOURCE, in place of the folder's name."""
    answer = start("many", PLAIT_REPLY_SOURCE="/a b").post(type="plain", subject="object")
    assert json.loads(answer.body) == {"a": 1}
    assert answer.headers["ce-source"] == "/a%20b"
