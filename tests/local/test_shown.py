"""What must not be seen of deliveries: values of secrets, passwords in URLs."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from plait.local.processes.redact import Redactor
from tests.local.support.bench import REPLY, Bench, bench, dead, on_loop
from tests.local.support.wire import Reply

SECRET = "sesame-open"  # noqa: S105 - no password
SPLIT = b"x" * 195 + SECRET.encode()


async def traced(one: Bench) -> dict[str, Any]:
    """The trace of event 1."""
    answer = await one.ask("GET", "/_plait/api/trace/1")
    found: dict[str, Any] = json.loads(answer.body)
    return found


def kept(folder: Path) -> bytes:
    """All that is in the files of a store."""
    return b"".join(file.read_bytes() for file in folder.iterdir())


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (Reply(400, body=f"no {SECRET}".encode()), "no ***"),
        (Reply(400, body=SPLIT), "x" * 195 + "***"),
        (
            Reply(200, [*REPLY, ("ce-time", SECRET)]),
            "the answer is a malformed CloudEvent: ",
        ),
    ],
)
@on_loop
async def test_a_secret_in_an_answer(tmp_path: Path, reply: Reply, told: str) -> None:
    """It is masked before it is kept, whole, at the end of what is shown too; a dead letter has it."""
    masked = Redactor()
    masked.add([SECRET])
    async with bench({"a": dead()}, {"a": [reply]}, data=tmp_path) as one:
        one.service.broker.mask = masked
        await one.send()
        trace = await traced(one)
        (dead_letter,) = one.got("dead")
    (error,) = (item["error"] for item in trace["triggers"][0]["attempts"] if item["error"])
    assert error.startswith(told)
    encoded = base64.b64encode(reply.body)
    assert dead_letter.names.get("ce-knativeerrordata", "") == (encoded.decode() if reply.body else "")
    assert SECRET[:5] not in json.dumps(trace)
    assert SECRET.encode() not in kept(tmp_path)


@on_loop
async def test_a_password_in_a_url() -> None:
    """It is sent as Go's client does, to the sink and on a relative redirect too, and shown nowhere."""
    moved = Reply(307, [("location", "/s/other")])
    away = Reply(307, [("location", "http://{HOST}/s/last")])
    urls = {"a": "http://u:p%40ss@{HOST}/s/a", "sink": "http://only@{HOST}/s/sink"}
    trigger = {
        "subscriber": {"uri": urls["a"]},
        "delivery": {"retry": 0, "deadLetterSink": {"uri": urls["sink"]}},
    }
    async with bench({"a": trigger}, {"a": [moved], "other": [away], "last": [Reply(400)]}) as one:
        await one.send()
        sent = [one.got(name)[0].names for name in ("a", "other", "last", "sink")]
        seen = [
            await one.ask("GET", f"/_plait/{path}") for path in ("api/trace/1", "api/flow", "api/picture", "")
        ]
    header = "Basic " + base64.b64encode(b"u:p@ss").decode()
    last = "Basic " + base64.b64encode(b"only:").decode()
    assert [item.get("authorization") for item in sent] == [header, header, None, last]
    assert sent[3]["ce-knativeerrordest"] == urls["a"].replace("{HOST}", one.subscribers.host)
    assert [answer.status for answer in seen] == [200] * 4
    shown = b"".join(answer.body for answer in seen)
    assert [word for word in (b"p%40ss", b"p@ss", b"only@", b"p-40ss") if word in shown] == []
    assert shown.count(f"http://{one.subscribers.host}/s/a".encode()) >= 2


@on_loop
async def test_a_password_in_a_dead_letter_that_is_shown() -> None:
    """Errors and the destination that failed are shown without it, though a dead letter has Go's form."""
    uri = "http://u:sesame@127.0.0.1:1/"
    delivery = {"retry": 0, "deadLetterSink": {"uri": "http://{HOST}/s/sink"}}
    async with bench({"a": {"subscriber": {"uri": uri}, "delivery": delivery}}) as one:
        await one.send(knativeerrordest="http://u:sesame@h/")
        letter = one.got("sink")[0].names
        trace = await traced(one)
        detail = await one.ask("GET", "/_plait/api/events/1")
    told = base64.b64decode(letter["ce-knativeerrordata"]).decode()
    assert told.startswith('dispatch error: Post "http://u:***@127.0.0.1:1/": dial tcp ')
    assert trace["attributes"]["knativeerrordest"] == "http://h/"
    assert "sesame" not in json.dumps(trace) + detail.body.decode()
