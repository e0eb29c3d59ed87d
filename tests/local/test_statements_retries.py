"""Statements 27 to 34 of the reference: retries and dead letters."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from tests.local.support.bench import ONLY_REPLY, REPLY, bench, dead, on_loop
from tests.local.support.wire import Reply

SLACK = 2.0  # seconds that a busy machine may add


def _between(gaps: list[float], wanted: list[float]) -> bool:
    """Whether each gap is as long as it should be, and not much longer."""
    return len(gaps) == len(wanted) and all(
        want - 0.02 <= gap < want + SLACK for gap, want in zip(gaps, wanted, strict=True)
    )


@pytest.mark.parametrize(
    ("status", "attempts"),
    [
        (500, 2),
        (501, 2),
        (503, 2),
        (599, 2),
        (404, 2),
        (408, 2),
        (409, 2),
        (429, 2),
        (400, 1),
        (401, 1),
        (410, 1),
        (413, 1),
        (422, 1),
        (425, 1),
        (302, 1),
        (304, 1),
    ],
)
@on_loop
async def test_s27_which_statuses_are_retried(status: int, attempts: int) -> None:
    """5xx, 404, 408, 409 and 429 are; other 4xx and 3xx are not."""
    async with bench({"a": dead(retry=1)}, {"a": [Reply(status)]}) as one:
        await one.send()
        assert (len(one.got("a")), len(one.got("dead"))) == (attempts, 1)


@on_loop
async def test_s27_no_answer_is_retried() -> None:
    """A connection that is closed without an answer is, and one that is refused."""
    refused = {**dead(retry=1), "subscriber": {"uri": "http://127.0.0.1:1/"}}
    async with bench({"a": dead(retry=2), "r": refused}, {"a": [Reply(0)]}) as one:
        await one.send()
        assert (len(one.got("a")), len(one.got("dead"))) == (3, 2)


@on_loop
async def test_s27_redirects_are_followed_first() -> None:
    """303 leads to a GET without data, 307 to the same request; what comes of it counts."""
    steps = [Reply(303, [("Location", "/s/moved")]), Reply(307, [("Location", "http://{HOST}/s/moved?x=1")])]
    async with bench({"a": dead()}, {"a": steps}) as one:
        await one.send()
        await one.send()
        first, second = one.got("moved")
        assert (first.method, first.message.body, second.method, second.message.body) == (
            "GET",
            b"",
            "POST",
            b"{}",
        )
        assert "content-type" not in first.names
        assert first.names["referer"] == one.subscribers.url("s/a")
        assert one.got("dead") == []


@pytest.mark.parametrize(
    ("delivery", "gaps"),
    [
        ({"backoffPolicy": "exponential", "backoffDelay": "PT0.2S"}, [0.2, 0.4, 0.8]),
        ({"backoffPolicy": "linear", "backoffDelay": "PT0.2S"}, [0.0, 0.2, 0.4]),
        ({"backoffPolicy": "linear"}, [0.0, 0.0, 0.0]),
        ({"backoffDelay": "PT5S"}, [0.0, 0.0, 0.0]),
        ({"backoffPolicy": "exponential", "backoffDelay": "PT0.09S"}, [0.0, 0.0, 0.0]),
    ],
    ids=str,
)
@on_loop
async def test_s28_waits(delivery: dict[str, str], gaps: list[float]) -> None:
    """Exponential d, 2d, 4d; linear 0, d, 2d; none without both fields; a delay keeps one decimal."""
    async with bench({"a": {"delivery": {"retry": 3, **delivery}}}, {"a": [Reply(500)]}) as one:
        await one.send()
        assert _between(one.gaps("a"), gaps)


@on_loop
async def test_s29_timeout_is_for_one_request() -> None:
    """Each attempt has the whole timeout; the dead letter then tells nothing of the error."""
    async with bench({"a": dead(retry=1, timeout="PT0.2S")}, {"a": [Reply(delay=60)]}) as one:
        await one.send()
        assert len(one.got("a")) == 2
        assert not [name for name in one.got("dead")[0].names if name.startswith("ce-knativeerror")]


@pytest.mark.parametrize(
    ("status", "header", "most", "wait"),
    [
        (429, "1", "PT0.4S", 0.4),
        (503, "1", "PT0.4S", 0.4),
        (500, "1", "PT0.4S", 0.0),
        (429, "1", None, 0.0),
        (429, "1", "PT0S", 0.0),
        (429, "soon", "PT5S", 0.0),
        (429, "Thu, 01 Jan 1970 00:00:00 GMT", "PT5S", 0.0),
    ],
)
@on_loop
async def test_s29_retry_after(status: int, header: str, most: str | None, wait: float) -> None:
    """Where retryAfterMax is set, a 429 or 503 makes the broker wait as asked, up to it."""
    delivery = {"retry": 1, **({"retryAfterMax": most} if most else {})}
    async with bench(
        {"a": {"delivery": delivery}}, {"a": [Reply(status, [("Retry-After", header)]), Reply()]}
    ) as one:
        await one.send()
        assert _between(one.gaps("a"), [wait])


@on_loop
async def test_s30_the_default() -> None:
    """Without any delivery: exponential from 0.2 s, ten times."""
    async with bench({"a": {}}, {"a": [Reply(500), Reply(500), Reply()]}) as one:
        await one.send()
        assert _between(one.gaps("a"), [0.2, 0.4])
        (trigger,) = one.service.broker.routes.triggers.values()
        assert trigger.policy.retry == 10


@on_loop
async def test_s31_a_trigger_s_delivery_replaces_the_broker_s() -> None:
    """Any delivery of a Trigger, an empty one too, replaces retry; the Broker's sink stays unless it has its own."""
    shared = {"delivery": {"retry": 2, "deadLetterSink": {"uri": "http://{HOST}/s/dead"}}}
    own = {"delivery": {"deadLetterSink": {"uri": "http://{HOST}/s/own"}}}
    specs: dict[str, dict[str, Any]] = {
        "none": {},
        "empty": {"delivery": {}},
        "one": {"delivery": {"retry": 1}},
        "sink": own,
    }
    async with bench(specs, {name: [Reply(500)] for name in specs}, shared) as one:
        await one.send()
        assert [len(one.got(name)) for name in specs] == [3, 1, 2, 1]
        assert (len(one.got("dead")), len(one.got("own"))) == (3, 1)


@on_loop
async def test_s32_the_dead_letter() -> None:
    """It is the original event with destination, status and the last body in base64, cut to 1024 characters."""
    steps = [Reply(500, body=b"first"), Reply(418, body=b"I am a teapot")]
    async with bench(
        {"a": dead(retry=1), "long": dead()}, {"a": steps, "long": [Reply(400, body=b"x" * 2000)]}
    ) as one:
        await one.send(b"data", subject="s", x="1")
        letters = {item.names["ce-knativeerrordest"]: item for item in one.got("dead")}
        letter, long = (letters[one.subscribers.url(f"s/{name}")] for name in ("a", "long"))
        assert letter.names["ce-knativeerrorcode"] == "418"
        assert base64.b64decode(letter.names["ce-knativeerrordata"]) == b"I am a teapot"
        assert (letter.names["ce-subject"], letter.names["ce-x"], letter.message.body) == ("s", "1", b"data")
        assert len(long.names["ce-knativeerrordata"]) == 1024


@on_loop
async def test_s32_no_connection() -> None:
    """A refused connection is told as code 500 and `dispatch error: ...`."""
    async with bench({"a": {**dead(), "subscriber": {"uri": "http://127.0.0.1:1/gone"}}}) as one:
        await one.send()
        names = one.got("dead")[0].names
        assert (names["ce-knativeerrordest"], names["ce-knativeerrorcode"]) == (
            "http://127.0.0.1:1/gone",
            "500",
        )
        assert base64.b64decode(names["ce-knativeerrordata"]).startswith(b"dispatch error: ")


@on_loop
async def test_s33_error_attributes_that_are_there_stay() -> None:
    """Those of an earlier dead letter are kept; an empty one counts as none."""
    async with bench({"a": dead()}, {"a": [Reply(400, body=b"new")]}) as one:
        await one.send(knativeerrordest="http://old/", knativeerrorcode="")
        names = one.got("dead")[0].names
        assert (names["ce-knativeerrordest"], names["ce-knativeerrorcode"]) == ("http://old/", "400")
        assert names["ce-knativeerrordata"] == base64.b64encode(b"new").decode()


@on_loop
async def test_s34_the_sink() -> None:
    """It sees the TTL and the sender's passing headers, no Prefer; its reply is dropped."""
    specs = {"a": {"filters": [{"exact": {"type": "t.one"}}], **dead()}, "b": ONLY_REPLY}
    async with bench(
        specs, {"a": [Reply(400, [("X-Request-Id", "answer")])], "dead": [Reply(200, REPLY, b"x")]}
    ) as one:
        await one.ask(
            "POST",
            "/s/default",
            [
                ("ce-specversion", "1.0"),
                ("ce-id", "e"),
                ("ce-source", "/s"),
                ("ce-type", "t.one"),
                ("x-request-id", "r"),
                ("ce-knativebrokerttl", "7"),
            ],
            b"",
        )
        await one.settle()
        names = one.got("dead")[0].names
        assert (names["ce-knativebrokerttl"], names["x-request-id"], names["kn-namespace"]) == ("6", "r", "s")
        assert "prefer" not in names
        assert one.got("b") == []


@pytest.mark.parametrize(
    ("answers", "attempts"),
    [
        ([Reply(500), Reply(500), Reply()], 3),
        ([Reply(200, [("content-type", "text/plain")], b"thanks")], 1),
        ([Reply(403)], 1),
    ],
    ids=["recovers", "answers with a text", "refuses"],
)
@on_loop
async def test_s34_the_sink_is_retried_by_the_same_policy(answers: list[Reply], attempts: int) -> None:
    """The sink gets as many attempts as the subscriber; any 2xx of it is the end."""
    async with bench({"a": dead(retry=3)}, {"a": [Reply(400)], "dead": answers}) as one:
        await one.send()
        assert (len(one.got("a")), len(one.got("dead"))) == (1, attempts)
