"""The API under /_plait/api/."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from plait.local.history import DEEPEST
from tests.local.support.bench import BINARY, ONLY_ONE, ONLY_REPLY, REPLY, Bench, bench, dead, on_loop
from tests.local.support.wire import Reply

API = "/_plait/api/"


async def get(one: Bench, path: str, status: int = 200) -> Any:
    """The JSON of an answer."""
    answer = await one.ask("GET", API + path)
    assert answer.status == status
    assert answer.header("content-type") == "application/json; charset=utf-8"
    return json.loads(answer.body)


@on_loop
async def test_trace_tells_the_whole_story() -> None:
    """Each Trigger's verdict with its reason, attempts with status and wait, replies as children."""
    specs = {
        "a": {**ONLY_ONE, "delivery": {"retry": 2, "backoffPolicy": "exponential", "backoffDelay": "PT0.1S"}}
    }
    steps = {"a": [Reply(503, body=b"later"), Reply(200, REPLY)]}
    async with bench({**specs, "b": ONLY_REPLY}, steps) as one:
        await one.send()
        tree = await get(one, "trace/e")
        verdicts = {item["trigger"]: item for item in tree["triggers"]}
        assert (verdicts["s/b"]["matched"], verdicts["s/b"]["attribute"]) == (False, "type")
        assert "t.one" in verdicts["s/b"]["reason"]
        first, second = verdicts["s/a"]["attempts"]
        assert (first["status"], first["error"], first["waitMs"]) == (503, "later", 100)
        assert (second["status"], second["error"], second["waitMs"]) == (200, "", None)
        (reply,) = verdicts["s/a"]["replies"]
        assert (reply["attributes"]["id"], reply["parent"], reply["ttl"]) == ("r", tree["seq"], 254)
        assert {item["trigger"]: item["matched"] for item in reply["triggers"]} == {"s/a": False, "s/b": True}


@on_loop
async def test_trace_tells_of_a_reply_that_was_refused() -> None:
    """The subscriber's attempt worked; the post of its reply did not, and then there is the dead letter."""
    async with bench({"a": dead()}, {"a": [Reply(200, [REPLY[0], *REPLY[2:]])]}) as one:
        await one.send()
        (trigger,) = (await get(one, "trace/e"))["triggers"]
        told = [(item["stage"], item["status"], item["url"]) for item in trigger["attempts"]]
        assert told == [
            ("subscriber", 200, one.subscribers.url("s/a")),
            ("reply", 400, one.service.ingress_url("s/default")),
            ("dead-letter", 202, one.subscribers.url("s/dead")),
        ]
        assert "id is missing" in trigger["attempts"][1]["error"]
        assert trigger["state"] == "dead-lettered"


@on_loop
async def test_trace_of_a_loop() -> None:
    """A reply that goes round until the TTL is spent: the tree is cut, and what was lost at its end is told."""
    async with bench({"a": {"delivery": {"retry": 0}}}, {"a": [Reply(200, REPLY)]}) as one:
        await one.send()
        node, depth = await get(one, "trace/e"), 1
        assert [item["state"] for item in node["lost"]] == ["failed"]
        while node["triggers"][0]["replies"]:
            (node,), depth = node["triggers"][0]["replies"], depth + 1
        assert depth == DEEPEST
        assert node["triggers"][0]["more"] == [node["seq"] + 1]
        assert (await get(one, f"trace/{node['seq'] + 1}"))["lost"]


@on_loop
async def test_events_are_listed_and_filtered() -> None:
    """By type (with *), source, id, since, limit, and those that were lost."""
    async with bench({"a": dead()}, {"a": [Reply(400), Reply()]}) as one:
        for number, kind in enumerate(("t.one", "t.two", "other"), 1):
            await one.send(id=f"e{number}", type=kind)

        async def ids(query: str) -> list[str]:
            return [item["attributes"]["id"] for item in (await get(one, f"events?{query}"))["events"]]

        assert await ids("") == ["e1", "e2", "e3"]
        assert await ids("type=t.*") == ["e1", "e2"]
        assert await ids("type=other&source=/src") == ["e3"]
        assert await ids("id=e2") == ["e2"]
        assert await ids("since=1") == ["e2", "e3"]
        assert await ids("limit=1") == ["e3"]
        assert await ids("dead-lettered=1") == ["e1"]


@on_loop
async def test_follow_gives_each_event_as_it_comes() -> None:
    """One JSON object a line: what there is, then what comes, again when its deliveries end."""
    async with bench({"a": {}}) as one:
        await one.send(id="before")
        reader, writer = await asyncio.open_connection("127.0.0.1", one.service.port)
        writer.write(b"GET /_plait/api/events?follow=1 HTTP/1.1\r\nHost: localhost\r\n\r\n")
        await reader.readuntil(b"before")
        await one.send(id="after")
        async with asyncio.timeout(10):
            text = (await reader.readuntil(b"after")) + (await reader.readuntil(b'"done"'))
        assert b'"after"' in text
        writer.close()


@on_loop
async def test_one_event_with_its_data() -> None:
    """Base64 always, text and JSON where the data are such; bytes that are not UTF-8 are shown as U+FFFD."""
    async with bench({}) as one:
        await one.send(b'{"n": 1}', subject="\xe9")
        await one.send(b"\xff", id="binary")
        found = await get(one, "events/1")
        assert (found["text"], found["json"], found["attributes"]["subject"]) == (
            '{"n": 1}',
            {"n": 1},
            "\ufffd",
        )
        binary = await get(one, "events/id:binary")
        assert (binary["dataBase64"], "text" in binary) == ("/w==", False)


@pytest.mark.parametrize(
    "body", [b"NaN", b"[" * 5000 + b"]" * 5000, b"[1e999]"], ids=["NaN", "deep", "infinite"]
)
@on_loop
async def test_data_that_json_cannot_hold(body: bytes) -> None:
    """It is shown as text alone."""
    async with bench({}) as one:
        await one.send(body)
        found = await get(one, "events/1")
        assert found["text"] == body.decode()
        assert "json" not in found


@on_loop
async def test_the_same_id_twice() -> None:
    """Events may share an id: the newest is meant, and all numbers are told; a number means itself."""
    async with bench({}) as one:
        await one.send(id="7")
        await one.send(id="7")
        assert (await get(one, "events/7"))["seq"] == 2
        assert (await get(one, "events/id:7"))["sameId"] == [2, 1]
        assert (await get(one, "events/1"))["seq"] == 1
        assert "no event 9" in (await get(one, "events/9", 404))["error"]


@on_loop
async def test_replay() -> None:
    """The same event again: to all, to one Trigger, or where it was dead-lettered; with a TTL of its own."""
    async with bench({"a": dead(), "b": {}}, {"a": [Reply(400), Reply()]}) as one:
        await one.send(knativebrokerttl="2")

        async def replay(query: str, status: int = 202) -> None:
            answer = await one.ask("POST", f"{API}replay/e{query}")
            assert answer.status == status
            await one.settle()

        await replay("?dead-lettered=1")
        assert (len(one.got("a")), len(one.got("b"))) == (2, 1)
        await replay("?trigger=s/b")
        assert (len(one.got("a")), len(one.got("b"))) == (2, 2)
        await replay("")
        assert (len(one.got("a")), len(one.got("b"))) == (3, 3)
        await replay("?trigger=s/none", 409)
        listed = (await get(one, "events"))["events"]
        assert [item["replayOf"] for item in listed] == [None, 1, 2, 3]


@on_loop
async def test_flow_and_idle() -> None:
    """Brokers, Triggers, subscribers, counts; idle tells when nothing is open."""
    async with bench({"a": dead()}, {"a": [Reply(400), Reply(delay=5)]}) as one:
        await one.send()
        (broker,) = (await get(one, "flow"))["brokers"]
        (trigger,) = broker["triggers"]
        assert (broker["namespace"], broker["name"], broker["events"]) == ("s", "default", 1)
        assert trigger["subscriber"] == one.subscribers.url("s/a")
        assert trigger["counts"] == {"open": 0, "done": 0, "dead-lettered": 1, "failed": 0}
        assert await get(one, "idle") == {"idle": True, "open": 0}
        await one.post(BINARY)
        assert await get(one, "idle?timeout=0.05") == {"idle": False, "open": 1}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "none", 404),
        ("GET", "", 404),
        ("POST", "flow", 405),
        ("GET", "replay/1", 405),
        ("DELETE", "events/1", 405),
        ("GET", "events?limit=many", 400),
        ("GET", "idle?timeout=-1", 400),
        ("GET", "trace/none", 404),
        ("GET", "events/%00", 404),
    ],
)
@on_loop
async def test_what_there_is_not(method: str, path: str, status: int) -> None:
    """Every refusal is JSON with an error that says why."""
    async with bench({}) as one:
        answer = await one.ask(method, API + path)
        assert answer.status == status
        assert json.loads(answer.body)["error"]
