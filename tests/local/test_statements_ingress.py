"""Statements 1 to 9 of the reference: the ingress."""

from __future__ import annotations

import re

import pytest

from tests.local.support.bench import BINARY, FORMAT, bench, dead, on_loop
from tests.local.support.wire import Reply

ALL: dict[str, dict[str, str]] = {"all": {}}


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH", "TRACE", "OPTIONS", "BREW"])
@on_loop
async def test_s01_methods(method: str) -> None:
    """OPTIONS is granted, every method but POST is refused, and each answer says which are allowed."""
    async with bench({}) as one:
        answer = await one.ask(method, "/s/default")
        assert answer.status == (200 if method == "OPTIONS" else 405)
        assert answer.header("Allow") == "POST, OPTIONS"
        webhook = [answer.header("WebHook-Allowed-Origin"), answer.header("WebHook-Allowed-Rate")]
        assert webhook == (["*", "*"] if method == "OPTIONS" else [None, None])


@on_loop
async def test_s01_every_answer_has_allow() -> None:
    """Refusals and acceptances carry Allow too."""
    async with bench({}) as one:
        for path, headers in (
            ("/", {}),
            ("/s", {}),
            ("/s/default", {}),
            ("/s/none", BINARY),
            ("/s/default", BINARY),
        ):
            assert (await one.post(headers, path=path)).header("allow") == "POST, OPTIONS"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 404),
        ("/s", 400),
        ("/s/", 400),
        ("/s/default", 202),
        ("/s/default/", 202),
        ("/s/default//", 400),
        ("//s/default", 400),
        ("/s/default/x", 400),
        ("/s/none", 404),
        ("/t/default", 404),
        ("/s/Default", 404),
        ("/s/def%61ult", 404),
        ("/s/default?", 404),
        ("/s/default?x=1", 404),
        ("/s/default?x=/", 404),
        ("/s/default#f", 404),
    ],
)
@on_loop
async def test_s02_paths(path: str, status: int) -> None:
    """A path is /NAMESPACE/BROKER with at most one slash behind it; a query belongs to the name."""
    async with bench({}) as one:
        assert (await one.post(BINARY, path=path)).status == status


@on_loop
async def test_s02_order_of_checks() -> None:
    """Method, path, event, broker, TTL: the first that fails decides."""
    malformed, spent = {**BINARY, "ce-type": ""}, {**BINARY, "ce-knativebrokerttl": "1"}
    async with bench({}) as one:
        assert (await one.ask("GET", "/", list(malformed.items()))).status == 405
        assert (await one.post(malformed, path="/")).status == 404
        assert (await one.post(malformed, path="/s/none")).status == 400
        assert (await one.post(spent, path="/s/none")).status == 404
        assert (await one.post(spent)).status == 400


@pytest.mark.parametrize(
    "change",
    [
        {"ce-specversion": ""},
        {"ce-specversion": "1.1"},
        {"ce-specversion": "0.2"},
        {"ce-id": ""},
        {"ce-id": " "},
        {"ce-source": ""},
        {"ce-source": "%zz"},
        {"ce-type": ""},
        {"ce-time": "tomorrow"},
        {"ce-time": ""},
        {"ce-dataschema": "relative/s"},
        {"content-type": "a/b/c"},
        {"content-type": "application/json; charset"},
        {"content-type": "application/cloudevents-batch+json"},
        {"ce-with-dash": "x"},
        {"ce-datacontenttype": "text/plain"},
    ],
    ids=str,
)
@on_loop
async def test_s03_malformed(change: dict[str, str]) -> None:
    """What is no event, or a malformed one, is refused with 400 and a reason."""
    async with bench(ALL) as one:
        answer = await one.post({**BINARY, **change})
        assert answer.status == 400
        assert answer.body.strip()
        assert one.got("all") == []


@pytest.mark.parametrize("text", ["", "[]", "null", "{}", '{"specversion":"1.0"', "\ufeff{}"])
@on_loop
async def test_s03_malformed_structured(text: str) -> None:
    """A structured body that is no event is refused with 400."""
    async with bench(ALL) as one:
        assert (await one.structured(text)).status == 400


@on_loop
async def test_s03_empty_optional_attributes() -> None:
    """An empty subject or dataschema counts as none in a header; a blank subject in JSON is refused."""
    async with bench(ALL) as one:
        assert (await one.send(subject="", dataschema="")).status == 202
        assert not {"ce-subject", "ce-dataschema"} & one.got("all")[0].names.keys()
        assert (
            await one.structured('{"specversion":"1.0","id":"a","source":"/","type":"t","subject":" "}')
        ).status == 400


@pytest.mark.parametrize("version", ["0.3", "1.0"])
@on_loop
async def test_s04_versions_and_modes(version: str) -> None:
    """Both versions are taken in both modes and leave as they came, in binary mode."""
    async with bench(ALL) as one:
        await one.send(specversion=version)
        await one.structured(
            f'{{"specversion":"{version}","id":"a","source":"/src","type":"t.one","x":5,"data":[1]}}'
        )
        binary, structured = (item.names for item in one.got("all"))
        assert binary["ce-specversion"] == structured["ce-specversion"] == version
        assert structured["ce-x"] == "5"
        assert one.got("all")[1].message.body == b"[1]"


@on_loop
async def test_s04_an_odd_name_in_0_3() -> None:
    """Refused in both modes, where Knative goes by the order of a Go map."""
    async with bench(ALL) as one:
        assert (await one.send(specversion="0.3", a_b="x")).status == 400
        text = '{"specversion":"0.3","id":"a","source":"/","type":"t","a_b":"x"}'
        assert (await one.structured(text)).status == 500
        assert one.got("all") == []


@on_loop
async def test_s04_structured_beats_headers() -> None:
    """With a structured content type the ce-* headers are not looked at."""
    text = b'{"specversion":"1.0","id":"in-body","source":"/src","type":"t.one"}'
    async with bench(ALL) as one:
        await one.post({**BINARY, **FORMAT, "ce-only": "x"}, text)
        await one.settle()
        assert one.got("all")[0].names["ce-id"] == "in-body"
        assert "ce-only" not in one.got("all")[0].names


@on_loop
async def test_s05_accepted() -> None:
    """202, with or without a Trigger that matches."""
    async with bench({"never": {"filters": [{"exact": {"type": "other"}}]}}) as one:
        assert (await one.send()).status == 202
        assert one.got("never") == []


@on_loop
async def test_s06_answers_once_stored() -> None:
    """202 comes before the delivery has ended: the event is in the store, and open."""
    slow = {"slow": {"delivery": {"timeout": "PT0.3S"}}}
    async with bench(slow, {"slow": [Reply(delay=60), Reply()]}) as one:
        answer = await one.post(BINARY)
        assert answer.status == 202
        assert one.service.broker.open == 1


@on_loop
async def test_s07_arrival_time() -> None:
    """knativearrivaltime is set, a given one overwritten, and `time` is not added."""
    async with bench(ALL) as one:
        await one.send()
        await one.send(knativearrivaltime="2001-01-01T00:00:00Z")
        for item in one.got("all"):
            assert re.fullmatch(
                r"20[2-9]\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z", item.names["ce-knativearrivaltime"]
            )
            assert "ce-time" not in item.names


@pytest.mark.parametrize(
    ("given", "seen"),
    [
        (None, "255"),
        ("abc", "255"),
        ("", "255"),
        ("2147483648", "255"),
        ("10", "9"),
        ("2", "1"),
        ("1e2", "99"),
        ("300", "299"),
        ("1", None),
        ("0", None),
        ("-3", None),
        ("1.5", None),
    ],
)
@on_loop
async def test_s08_ttl(given: str | None, seen: str | None) -> None:
    """No TTL or none that is a number: 255. Else one less; 0 or less is refused with 400."""
    async with bench({"bad": dead()}, {"bad": [Reply(400)]}) as one:
        answer = await (one.send() if given is None else one.send(knativebrokerttl=given))
        assert answer.status == (202 if seen else 400)
        assert [item.names["ce-knativebrokerttl"] for item in one.got("dead")] == ([seen] if seen else [])


@pytest.mark.parametrize(
    "value", ["caf%C3%A9", "100%", "a%20b", 'say "hi"', "%E2%82%AC%00", "caf\xc3\xa9", "\xe9"]
)
@on_loop
async def test_s09_values_are_not_decoded(value: str) -> None:
    """Header values arrive with the bytes that were sent, UTF-8 or not."""
    async with bench(ALL) as one:
        await one.send(subject=value, myext=value)
        assert [one.got("all")[0].names[name] for name in ("ce-subject", "ce-myext")] == [value, value]
