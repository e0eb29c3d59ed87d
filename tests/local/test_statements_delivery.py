"""Statements 10 to 21 of the reference: delivery, and that filters are applied (test of filters: tests/filters)."""

from __future__ import annotations

import json

import pytest

from tests.local.support.bench import BINARY, bench, on_loop, until
from tests.local.support.running import objects, routes
from tests.local.support.wire import Reply

ALL: dict[str, dict[str, str]] = {"all": {}}
TRACE = "0af7651916cd43dd8448eb211c80319c"


@on_loop
async def test_s10_each_trigger_gets_it_at_the_same_time() -> None:
    """Three slow subscribers are called before the first has answered; one that is named twice is called twice."""
    same = {"subscriber": {"uri": "http://{HOST}/s/same"}}
    async with bench(
        {"a": {}, "b": same, "c": same}, {name: [Reply(delay=0.3)] for name in ("a", "same")}
    ) as one:
        await one.post(BINARY)
        await until(lambda: len(one.got("a")) + len(one.got("same")) == 3)
        assert one.service.broker.open == 3
        await one.settle()
        assert len(one.got("same")) == 2


@pytest.mark.parametrize(
    "body", [b'{ "a" : 1 }\n', bytes(range(256)), b"\xff\xfe{", b"", b"x" * 100_000], ids=len
)
@on_loop
async def test_s11_data_is_not_touched(body: bytes) -> None:
    """The bytes of the data arrive as they were sent."""
    async with bench(ALL) as one:
        await one.send(body)
        assert one.got("all")[0].message.body == body


@on_loop
async def test_s11_always_binary_unless_json_is_asked_for() -> None:
    """A structured event leaves in binary mode; with format json a binary one leaves as JSON."""
    async with bench({"b": {}, "j": {"delivery": {"format": "json"}}}) as one:
        await one.structured('{"specversion":"1.0","id":"a","source":"/s","type":"t","data":{"x": 1}}')
        binary, (structured,) = one.got("b")[0], one.got("j")
        assert (binary.names["ce-id"], binary.message.body) == ("a", b'{"x": 1}')
        assert structured.names["content-type"] == "application/cloudevents+json"
        sent = json.loads(structured.message.body)
        assert (sent["id"], sent["data"]) == ("a", {"x": 1})
        assert not [name for name in structured.names if name.startswith("ce-")]


@on_loop
async def test_s12_added_headers() -> None:
    """Prefer, Kn-Namespace and the arrival time are there, the TTL is not."""
    async with bench(ALL) as one:
        await one.send(knativebrokerttl="9")
        names = one.got("all")[0].names
        assert (names["prefer"], names["kn-namespace"]) == ("reply", "s")
        assert "ce-knativearrivaltime" in names
        assert "ce-knativebrokerttl" not in names


@on_loop
async def test_s13_headers_that_pass() -> None:
    """x-request-id, retry-after, knative-* and x-b3-* go on, every value of them; nothing else does."""
    passing = [
        ("x-request-id", "1"),
        ("x-request-id", "2"),
        ("retry-after", "7"),
        ("Knative-A", "k"),
        ("x-b3-sampled", "1"),
    ]
    stopped = [
        ("authorization", "Bearer x"),
        ("cookie", "a=b"),
        ("x-custom", "c"),
        ("accept", "*/*"),
        ("prefer", "wait=1"),
    ]
    async with bench(ALL) as one:
        await one.ask("POST", "/s/default", [*BINARY.items(), *passing, *stopped], b"{}")
        await one.settle()
        sent = {(name.lower(), value) for name, value in one.got("all")[0].message.headers}
        assert {(name.lower(), value) for name, value in passing} <= sent
        assert not {name for name, _ in sent} & {"authorization", "cookie", "x-custom", "accept"}
        assert ("prefer", "wait=1") not in sent


@pytest.mark.parametrize(
    ("given", "trace", "flags"),
    [
        (f"00-{TRACE}-b7ad6b7169203331-01", TRACE, "01"),
        (f"00-{TRACE}-b7ad6b7169203331-00", TRACE, "00"),
        (f"cc-{TRACE}-b7ad6b7169203331-01-more", TRACE, "01"),
        ("junk", None, None),
        (f"00-{'0' * 32}-b7ad6b7169203331-01", None, None),
        (f"ff-{TRACE}-b7ad6b7169203331-01", None, None),
        (f"00-{TRACE.upper()}-b7ad6b7169203331-01", None, None),
    ],
)
@on_loop
async def test_s13_traceparent(given: str, trace: str | None, flags: str | None) -> None:
    """A valid traceparent goes on with a span of its own; ce-traceparent is an extension like any other."""
    async with bench(ALL) as one:
        await one.post({**BINARY, "traceparent": given, "tracestate": "r=1", "ce-traceparent": "anything"})
        await one.settle()
        names = one.got("all")[0].names
        assert names["ce-traceparent"] == "anything"
        if trace is None:
            assert not {"traceparent", "tracestate"} & names.keys()
            return
        _, found, span, found_flags = names["traceparent"].split("-")
        assert (found, found_flags, names["tracestate"]) == (trace, flags, "r=1")
        assert span not in given


FILTERS = [
    ("s14", {"filters": [], "filter": {"attributes": {"type": "other"}}}, False),
    ("s14", {"filters": [{"exact": {"type": "t.one"}}], "filter": {"attributes": {"type": "other"}}}, True),
    ("s14", {}, True),
    ("s15", {"filter": {"attributes": {"type": "t.one", "source": ""}}}, True),
    ("s15", {"filter": {"attributes": {"subject": ""}}}, False),
    ("s16", {"filters": [{"prefix": {"type": "t.", "source": "/s"}}]}, True),
    ("s16", {"filters": [{"exact": {"nosuch": "x"}}]}, False),
    ("s17", {"filters": [{"not": {"exact": {"nosuch": "x"}}}]}, True),
    ("s17", {"filters": [{"suffix": {"type": "one"}}, {"exact": {"type": "other"}}]}, False),
    ("s18", {"filters": [{"cesql": "nosuch = 'x'"}]}, False),
    ("s18", {"filters": [{"not": {"cesql": "nosuch = 'x'"}}]}, True),
    ("s19", {"filters": [{"exact": {"type": ""}}]}, True),
]


@pytest.mark.parametrize(
    ("number", "spec", "matches"), FILTERS, ids=[f"{n}-{i}" for i, (n, *_) in enumerate(FILTERS)]
)
@on_loop
async def test_s14_to_s19_filters_decide(number: str, spec: dict[str, object], matches: bool) -> None:  # noqa: ARG001, FBT001
    """The broker delivers exactly what the Trigger's filter lets through."""
    async with bench({"a": spec}) as one:
        await one.send()
        assert len(one.got("a")) == matches


def test_s20_the_webhook_s_refusals() -> None:
    """Two dialects in one element, and names that are none, are refused with the field's path: see test_routes.py."""
    with pytest.raises(Exception, match="multiple dialects"):
        routes(objects("s", {"a": {"filters": [{"exact": {"type": "a"}, "prefix": {"type": "a"}}]}}))
    with pytest.raises(Exception, match=r"spec\.filters\[0\]\.exact"):
        routes(objects("s", {"a": {"filters": [{"exact": {"my-ext": "a"}}]}}))


@on_loop
async def test_s21_extensions_reach_the_filter_as_texts() -> None:
    """A number or a truth value of a structured event is compared as its text; the TTL is not seen."""
    specs = {
        "number": {"filters": [{"exact": {"n": "5"}}]},
        "truth": {"filters": [{"exact": {"b": "true"}}]},
        "ttl": {"filters": [{"prefix": {"knativebrokerttl": "2"}}]},
    }
    async with bench(specs) as one:
        await one.structured('{"specversion":"1.0","id":"a","source":"/s","type":"t","n":5,"b":true}')
        assert [len(one.got(name)) for name in specs] == [1, 1, 0]
