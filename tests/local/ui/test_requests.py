"""What the page's files and its two requests answer, without a browser."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from typing import Any

import pytest

from plait.local.ui.page import files
from tests.local.support.bench import ONLY_ONE, ONLY_REPLY, REPLY, Bench, bench, dead, on_loop
from tests.local.support.wire import Message, Reply

SEND = "/_plait/api/send"
PICTURE = "/_plait/api/picture"
JSON = ("Content-Type", "application/json")
KIND = "application/json"


async def send(one: Bench, body: Any) -> Message:
    """POST to send."""
    return await one.ask("POST", SEND, [JSON], json.dumps(body).encode())


def event(data: Any = None, **attributes: Any) -> dict[str, Any]:
    """A body of send."""
    return {"broker": "s/default", "attributes": {"type": "t.one", **attributes}, "data": data}


@pytest.mark.parametrize("path", sorted(files()))
@on_loop
async def test_every_file_keeps_strangers_out(path: str) -> None:
    """The policy allows this host alone, no inline script or style, no frame; types are not guessed."""
    async with bench({}) as one:
        answer = await one.ask("GET", path)
        assert answer.status == 200
        policy = dict(
            part.strip().split(" ", 1) for part in (answer.header("content-security-policy") or "").split(";")
        )
        assert (
            policy.pop("default-src") == policy.pop("frame-ancestors") == policy.pop("base-uri") == "'none'"
        )
        assert policy.pop("form-action") == "'none'"
        assert policy.pop("script-src") == policy.pop("style-src") == policy.pop("connect-src") == "'self'"
        assert policy == {
            "img-src": "'self' data:",
            "require-trusted-types-for": "'script'",
            "trusted-types": "plait-picture",
        }
        assert answer.header("x-content-type-options") == "nosniff"
        assert answer.header("referrer-policy") == "no-referrer"
        head = await one.ask("HEAD", path)
        assert (head.status, head.header("content-length")) == (200, str(len(answer.body)))
        assert (await one.ask("POST", path)).status == 405


def test_the_page_is_small() -> None:
    """All of it is under 60 kB unpacked, and each script fits in 250 lines."""
    assert sum(len(content) for _, content in files().values()) < 60_000
    scripts = [content for name, (_, content) in files().items() if name.endswith(".js")]
    assert len(scripts) > 5
    assert max(content.count(b"\n") for content in scripts) <= 250


def test_the_page_names_no_other_host() -> None:
    """No address of the web in any file, but the name of SVG, which nobody fetches."""
    for name, (_, content) in files().items():
        assert b"://" not in content.replace(b"http://www.w3.org/2000/svg", b""), name


@pytest.mark.parametrize("path", ["/_plait/", "/_plait/assets/main.js", PICTURE, SEND])
@pytest.mark.parametrize(
    "header",
    [("Origin", "http://evil.example"), ("Sec-Fetch-Site", "cross-site"), ("Host", "evil.example")],
    ids=str,
)
@on_loop
async def test_strangers_are_refused(path: str, header: tuple[str, str]) -> None:
    """A page of another site, and a name of another site that has come to mean this machine."""
    async with bench({"a": {}}) as one:
        for method in ("GET", "POST"):
            answer = await one.ask(method, path, [JSON, header], json.dumps(event()).encode())
            assert answer.status == 403
        assert one.got("a") == []


@pytest.mark.parametrize(
    "path", ["/_plait/assets/none.js", "/_plait/assets/", "/_plait/assets/../page.py", "/_plait/page.py"]
)
@on_loop
async def test_only_the_page_s_own_files(path: str) -> None:
    """Nothing else of the machine, nor of the package."""
    async with bench({}) as one:
        assert (await one.ask("GET", path)).status == 404


@on_loop
async def test_send_makes_what_plait_send_makes() -> None:
    """A fresh id, a source, a guessed content type; attributes that no header carries arrive as they are."""
    async with bench({"a": {}}) as one:
        answer = await send(one, event('{"a":  1}', subject="grüße"))
        assert (answer.status, json.loads(answer.body)) == (202, {"seq": 1})
        await send(one, event("plain"))
        await send(one, event())
        await one.settle()
        first, second, third = (item for item in one.got("a"))
        assert (first.message.body, first.names["content-type"]) == (b'{"a":  1}', KIND)
        assert first.names["ce-subject"].encode("latin-1").decode() == "grüße"
        assert (second.message.body, second.names["content-type"]) == (b"plain", "text/plain")
        assert (third.message.body, third.names["ce-source"]) == (b"", "/plait/send")
        assert len({item.names["ce-id"] for item in one.got("a")}) == 3


@pytest.mark.parametrize(
    ("body", "status", "told"),
    [
        ("[", 400, "not JSON"),
        ("[]", 400, "is not {"),
        ('{"broker": 1}', 400, "is not {"),
        (json.dumps(event(type="")), 400, "needs a type"),
        (json.dumps(event(type=3)), 400, "attribute type"),
        (json.dumps(event(UP="x")), 400, "attribute UP"),
        (json.dumps(event(data={})), 400, "data is not a text"),
        (json.dumps(event(subject="\ud800")), 400, "not JSON in UTF-8"),
        (json.dumps(event(datacontenttype="a/b\r\nx: y")), 400, "media type"),
        (json.dumps(event(specversion="9")), 400, "specversion"),
        (json.dumps(event(knativebrokerttl="1")), 400, "spent"),
        (json.dumps({**event(), "broker": "s/none"}), 404, "no Broker s/none"),
        (json.dumps({**event(), "broker": "_plait/api/flow"}), 400, "/NAMESPACE/BROKER"),
    ],
)
@on_loop
async def test_send_says_what_is_wrong(body: str, status: int, told: str) -> None:
    """Its own mistakes and the ingress's, as JSON; nothing is taken."""
    async with bench({"a": {}}) as one:
        answer = await one.ask("POST", SEND, [JSON], body.encode())
        assert answer.status == status
        assert told in json.loads(answer.body)["error"]
        assert one.got("a") == []


@on_loop
async def test_send_takes_only_what_a_form_of_another_site_cannot_send() -> None:
    """JSON by POST: its content type needs a preflight, which is refused."""
    async with bench({}) as one:
        body = json.dumps(event()).encode()
        assert (await one.ask("POST", SEND, [("Content-Type", "text/plain")], body)).status == 415
        assert (await one.ask("POST", SEND, [], body)).status == 415
        assert (await one.ask("GET", SEND)).status == 405
        assert (await one.ask("POST", PICTURE)).status == 405


@on_loop
async def test_the_picture_counts_what_went_where() -> None:
    """Boxes by state, arrows by Trigger, dead letters to their sink; a replay is no event from outside."""
    async with bench(
        {"a": {**ONLY_ONE, **dead()}, "b": ONLY_REPLY}, {"a": [Reply(200, REPLY), Reply(400)]}
    ) as one:
        await one.send()
        await one.send()
        await one.ask("POST", "/_plait/api/replay/1")
        await one.settle()
        found = json.loads((await one.ask("GET", f"{PICTURE}?broker=s/default")).body)
        edges = {
            (item["from"].split("-")[0], item["to"].split("-")[0], item["title"]): item["count"]
            for item in found["edges"]
        }
        numbers = [{"events": 3}, {"events": 1}, {"done": 1, "dead-lettered": 2}, {"done": 1}]
        assert len(found["nodes"]) == len(numbers)
        assert all(item in found["nodes"].values() for item in numbers)
        assert edges == {
            ("outside", "event", "emits"): 2,
            ("event", "function", "a"): 3,
            ("function", "event", "emits"): 1,
            ("event", "function", "b"): 1,
            ("function", "sink", "dead"): 2,
        }
        assert found["events"] == [{"type": "t.one"}, {"type": "t.reply"}]
        assert sorted(found["types"].values()) == ["t.one", "t.reply"]
        assert (found["hidden"], found["broker"]) == (0, "s/default")
        assert (await one.ask("GET", f"{PICTURE}?broker=s/none")).status == 404


@on_loop
async def test_the_picture_is_xml_whatever_was_sent() -> None:
    """Types with control characters and bytes that are not UTF-8 do not break it, and it stays the same."""
    async with bench({"a": {}}) as one:
        for number, kind in enumerate(("\x01<&\"'>", "\xff\xfe", "]]>", "t\x7f")):
            await one.structured(
                json.dumps({"specversion": "1.0", "id": str(number), "source": "/s", "type": kind})
            )
            await one.send(type=kind.replace("\x01", ""))
        first, second = [json.loads((await one.ask("GET", PICTURE)).body)["svg"] for _ in range(2)]
        assert first == second
        ids = [item.get("id") for item in ET.fromstring(first).iter() if item.get("id")]  # noqa: S314 - our own
        assert len(ids) == len(set(ids)) > 5
