"""Statements 22 to 26 of the reference: replies."""

from __future__ import annotations

from typing import Any

import pytest

from plait.local.store import StoreFullError
from tests.local.support.bench import FORMAT, ONLY_ONE, ONLY_REPLY, REPLY, bench, dead, on_loop
from tests.local.support.wire import Reply

PAIR = {"a": ONLY_ONE, "b": ONLY_REPLY}
STRUCTURED = b'{"specversion":"1.0","id":"r","source":"/fn","type":"t.reply","data":"x","datacontenttype":"text/plain"}'


@pytest.mark.parametrize(
    "reply",
    [
        Reply(200, [*REPLY, ("content-type", "text/plain")], b"x"),
        Reply(200, list(FORMAT.items()), STRUCTURED),
    ],
    ids=["binary", "structured"],
)
@on_loop
async def test_s22_a_reply_is_routed(reply: Reply) -> None:
    """A reply in either mode goes to every Trigger that it matches, with an arrival time of its own."""
    async with bench({**PAIR, "c": {}}, {"a": [reply]}) as one:
        await one.send()
        assert [item.names["ce-id"] for item in one.got("b")] == ["r"]
        assert (one.got("b")[0].message.body, one.got("b")[0].names["content-type"]) == (b"x", "text/plain")
        assert [item.names["ce-id"] for item in one.got("c")] == ["e", "r"]


@on_loop
async def test_s22_the_ttl_ends_a_loop() -> None:
    """A reply that its own Trigger matches goes round with one less each time; the last is dead-lettered."""
    async with bench({"a": dead()}, {"a": [Reply(200, REPLY)]}) as one:
        await one.send(knativebrokerttl="4")
        assert [item.names["ce-id"] for item in one.got("a")] == ["e", "r", "r"]
        (letter,) = one.got("dead")
        assert (letter.names["ce-knativebrokerttl"], letter.names["ce-knativeerrorcode"]) == ("1", "400")


@on_loop
async def test_s22_headers_of_the_answer() -> None:
    """Passing headers come from the answer, the trace from the event."""
    more = [("X-Request-Id", "answer"), ("X-Custom", "c"), ("traceparent", f"00-{'3' * 32}-{'4' * 16}-01")]
    async with bench(PAIR, {"a": [Reply(200, [*REPLY, *more])]}) as one:
        headers = {"x-request-id": "sender", "traceparent": f"00-{'1' * 32}-{'2' * 16}-01"}
        await one.post(
            {"ce-specversion": "1.0", "ce-id": "e", "ce-source": "/s", "ce-type": "t.one", **headers}
        )
        await one.settle()
        names = one.got("b")[0].names
        assert names["x-request-id"] == "answer"
        assert names["traceparent"].split("-")[1] == "1" * 32
        assert "x-custom" not in names


@pytest.mark.parametrize("status", [200, 201, 202, 204])
@on_loop
async def test_s23_an_empty_answer_ends_it(status: int) -> None:
    """2xx without a body and without an event: delivered, once."""
    async with bench({"a": dead(retry=2)}, {"a": [Reply(status)]}) as one:
        await one.send()
        assert (len(one.got("a")), one.got("dead")) == (1, [])


@pytest.mark.parametrize(
    "reply",
    [
        Reply(200, [("content-type", "application/json")], b'{"ok":true}'),
        Reply(202, [("content-type", "text/plain")], b"ok"),
        Reply(200, list(FORMAT.items()), b'{"specversion":"1.0"'),
        Reply(200, list(FORMAT.items()), b'{"hello":1}'),
        Reply(200, [("content-type", "application/cloudevents-batch+json")], b"[]"),
        Reply(200, [*REPLY, ("ce-time", "x")], b""),
        Reply(200, [("ce-specversion", "9"), *REPLY[1:]], b"x"),
    ],
    ids=lambda reply: str(reply.body),
)
@on_loop
async def test_s24_an_answer_that_is_no_event(reply: Reply) -> None:
    """It is retried, then dead-lettered without knativeerror attributes."""
    async with bench({"a": dead(retry=1)}, {"a": [reply]}) as one:
        await one.send()
        assert len(one.got("a")) == 2
        (letter,) = one.got("dead")
        assert not [name for name in letter.names if name.startswith("ce-knativeerror")]


@pytest.mark.parametrize("status", [201, 202, 204, 299])
@on_loop
async def test_s25_any_2xx_with_an_event(status: int) -> None:
    """202 and the others with an event are routed as well; 204 carries no data."""
    async with bench(PAIR, {"a": [Reply(status, REPLY, b"data")]}) as one:
        await one.send()
        assert [item.message.body for item in one.got("b")] == [b"" if status == 204 else b"data"]


@on_loop
async def test_s26_a_reply_without_id() -> None:
    """The ingress refuses it, so the original event is dead-lettered at once, with the Broker as the culprit."""
    async with bench(
        {"a": {**ONLY_ONE, **dead(retry=2)}}, {"a": [Reply(200, [REPLY[0], *REPLY[2:]])]}
    ) as one:
        await one.send()
        assert len(one.got("a")) == 1
        (letter,) = one.got("dead")
        assert letter.names["ce-id"] == "e"
        assert letter.names["ce-knativeerrordest"] == one.service.ingress_url("s/default")
        assert letter.names["ce-knativeerrorcode"] == "400"


@on_loop
async def test_s26_only_the_post_is_retried() -> None:
    """While the store takes nothing, the reply is posted again and the subscriber is not called again."""
    spec: dict[str, dict[str, Any]] = {
        "a": {**ONLY_ONE, "delivery": {"retry": 5, "backoffPolicy": "linear", "backoffDelay": "PT0.1S"}},
        "b": ONLY_REPLY,
    }
    async with bench(spec, {"a": [Reply(200, REPLY, delay=0.1)]}) as one:
        store = one.service.store
        accept, refusals = store.accept, iter([True, True])

        async def full_twice(*args: object) -> None:
            if next(refusals, False):
                raise StoreFullError("full")
            await accept(*args)  # type: ignore[arg-type]

        answer = await one.post(
            {"ce-specversion": "1.0", "ce-id": "e", "ce-source": "/s", "ce-type": "t.one"}
        )
        store.accept = full_twice  # type: ignore[method-assign, assignment]
        await one.settle()
        assert answer.status == 202
        assert (len(one.got("a")), len(one.got("b"))) == (1, 1)
