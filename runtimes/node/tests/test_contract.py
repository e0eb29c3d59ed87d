"""What a function of JavaScript gives: values and errors beyond those of runtimes/conformance."""

from __future__ import annotations

import pytest
from runtimes.conformance.server import Start
from runtimes.conformance.wire import posted

from .conftest import FUNCTIONS

FAILED = "the function failed\n"


@pytest.mark.parametrize(
    ("subject", "content_type", "body"),
    [
        ("float", "application/json", b"1.5"),
        ("zero", "application/json", b"0"),
        ("body", "application/json", b'{"body":"x","subject":"y"}'),
        ("typed", "application/octet-stream", b"\x01\x02"),
    ],
)
def test_plain_data_is_wrapped(shared: Start, subject: str, content_type: str, body: bytes) -> None:
    """A number that is false, an object that has more than a `body`, an array of bytes."""
    answer = shared("many").post(type="plain", subject=subject)
    assert (answer.status, answer.body) == (200, body)
    assert answer.same_each_time == {
        "ce-specversion": "1.0",
        "ce-type": "reply",
        "ce-source": "many",
        "content-type": content_type,
    }


@pytest.mark.parametrize("subject", ["null", "undefined"])
def test_nothing_is_no_reply(shared: Start, subject: str) -> None:
    """204."""
    assert shared("many").status("plain", subject=subject) == 204


@pytest.mark.parametrize(
    ("kind", "subject", "status", "body"),
    [
        ("raise_nothing", "x", 500, FAILED),
        ("raise_text", "x", 500, FAILED),
        ("coded", "x", 500, FAILED),
        ("plain", "nan", 500, FAILED),
        ("plain", "bigint", 500, FAILED),
        ("plain", "circular", 500, FAILED),
        ("plain", "function", 500, FAILED),
        ("plain", "symbol", 500, FAILED),
        ("reject_name", "x", 400, "by name: Reject\n"),
        ("reject_code", "x", 400, "by code\n"),
        ("retry", "x", 503, "the database is away\n"),
        ("retry_name", "x", 503, "by name: RetryLater\n"),
    ],
)
def test_what_a_function_throws(shared: Start, kind: str, subject: str, status: int, body: str) -> None:
    """500 for whatever is no answer; Reject and RetryLater by name too, its seconds rounded up."""
    answer = shared("many").post(type=kind, subject=subject)
    assert (answer.status, answer.body.decode()) == (status, body)
    assert answer.headers.get("retry-after") == {"retry": "3", "retry_name": "7"}.get(kind)


def test_data_that_is_not_what_it_says(shared: Start) -> None:
    """400 by event.data: Knative need not try again."""
    answer = shared("many").post(b"{", {"content-type": "application/json"}, type="data")
    assert answer.status == 400
    assert answer.body.startswith(b"the event's data is not JSON: ")


def test_the_log_of_a_failure(shared: Start) -> None:
    """The stack begins in the function; of a value that is no reply there is none."""
    server = shared("many")
    server.post(type="raise", id="raised")
    server.post(type="plain", subject="map", id="a map")
    failed = server.logged("raised")
    assert (failed["level"], failed["message"], failed["status"]) == ("error", "failed", 500)
    first, second = failed["traceback"].splitlines()[:2]
    assert first == "Error: secret of the function"
    assert str(FUNCTIONS / "many" / "index.js") in second
    reason = server.logged("a map")["reason"]
    assert reason == "the function returned a Map: return a CloudEvent or plain data"


def test_a_body_that_is_announced_as_too_large(shared: Start) -> None:
    """A client that waits to go on is not told to: 413 at once."""
    request = posted(headers={"Expect": "100-continue"}, length=2_000_000)
    assert shared("many").exchange(request).status == 413
