"""`plait send`: to the local broker and to any URL."""

import io
import json
import re
import uuid
from types import SimpleNamespace

import pytest

from tests.cli.live import PLACED, Shop, live, shop
from tests.cli.workspace import Workspace


def stored(local: Shop, *args: str) -> dict[str, object]:
    """The event that the broker has after this: attributes and data."""
    (sent,) = local.json("send", *args)
    (trace,) = local.json("trace", str(sent["seq"]))
    return {**trace["attributes"], "data": trace["text"]}


def test_the_least(local: Shop) -> None:
    """A type is enough: id and source are made, and said; number and id are printed."""
    result = local.ok("send", "--type", PLACED)
    match = re.fullmatch(r"202 event (\d+) id (\S+)\n", result.out)
    assert match
    assert result.err == "note: it comes from /plait/send; --source says another\n"
    (trace,) = local.json("trace", match[1])
    assert uuid.UUID(match[2]).version == 4
    kept = {"specversion": "1.0", "id": match[2], "source": "/plait/send", "type": PLACED}
    assert (trace["attributes"], trace["size"]) == (kept, 0)


def test_an_event_that_no_trigger_takes(local: Shop) -> None:
    """The broker has it all the same, exit code 0; it is said, and where the reasons are."""
    result = local.ok("send", "--type", "com.example.unknown", "--source", "/s")
    number = result.out.split()[2]
    assert result.err == f"note: no Trigger takes event {number}; plait trace {number} says why\n"


@pytest.mark.parametrize("mode", [[], ["--structured"]])
@pytest.mark.parametrize("text", ["plain", 'ä 100% "quoted" \\ and a space'])
def test_all_attributes(local: Shop, mode: list[str], text: str) -> None:
    """They arrive as they were given, whatever characters they have, and nothing else does."""
    args = ["--type", PLACED, "--source", "/test", "--id", text, "--subject", text, "-a", f"tenant={text}"]
    kept = {
        "specversion": "1.0",
        "type": PLACED,
        "source": "/test",
        "id": text,
        "subject": text,
        "tenant": text,
    }
    time = "2026-01-02T03:04:05Z"
    assert stored(local, *args, "-a", f"time={time}", *mode) == {**kept, "time": time, "data": ""}


@pytest.mark.parametrize("mode", [[], ["--structured"]])
@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('{"n":  1.50}', "application/json"),
        ("18", "application/json"),
        ("NaN", "text/plain"),
        ("{half", "text/plain"),
        ("zwölf\n", "text/plain"),
    ],
)
def test_data(local: Shop, mode: list[str], text: str, kind: str) -> None:
    """Byte for byte, JSON where they parse, text otherwise."""
    event = stored(local, "--type", PLACED, "--data", text, *mode)
    assert (event["data"], event["datacontenttype"]) == (text, kind)


@pytest.mark.parametrize("kind", [None, "image/png", "application/json", "application/problem+json"])
@pytest.mark.parametrize("mode", [[], ["--structured"]])
def test_data_of_a_file(local: Shop, mode: list[str], kind: str | None) -> None:
    """Any bytes, of any type, in both modes."""
    local.workspace.path("data").write_bytes(bytes(range(256)))
    given = [] if kind is None else ["--content-type", kind]
    (sent,) = local.json("send", "--type", PLACED, "--data-file", "data", *given, *mode)
    (trace,) = local.json("trace", str(sent["seq"]))
    assert (trace["size"], trace["text"]) == (256, None)
    assert trace["attributes"]["datacontenttype"] == (kind or "application/octet-stream")


def test_standard_input(local: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Data, or a whole event."""
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(b"from a pipe")))
    assert stored(local, "--type", PLACED, "--data-file", "-")["data"] == "from a pipe"
    event = json.dumps({"type": PLACED, "data": "whole"}).encode()
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(event)))
    assert str(stored(local, "-")["data"]).strip() == '"whole"'


def test_an_event_of_a_file(local: Shop) -> None:
    """As it is written, data byte for byte; options replace attributes, and only what is missing is made."""
    text = '{"type": "%s", "data": {"n": 1.50,"n":2}, "datacontenttype": "application/json", "id": "4711"}'
    local.workspace.write("event.json", text % PLACED)
    event = stored(local, "event.json", "--subject", "s")
    kept = {"specversion": "1.0", "id": "4711", "source": "/plait/send", "type": PLACED, "subject": "s"}
    assert str(event.pop("data")).strip() == '{"n": 1.50,"n":2}'
    assert event == {**kept, "datacontenttype": "application/json"}


def test_several_events_of_a_file(local: Shop) -> None:
    """Each is sent, and an answer that is not 2xx makes exit code 1."""
    events = [{"type": PLACED, "id": "one"}, {"type": PLACED, "id": ""}, {"type": PLACED, "id": "three"}]
    local.workspace.write("events.json", json.dumps(events))
    result = local.plait("send", "events.json")
    assert result.code == 1
    assert [line.rpartition(" ")[2] for line in result.out.splitlines()] == ["one", "three"]
    assert (
        result.err
        == f"error: events.json, event 2: {local.running.url} answers 400: id is missing or empty\n"
    )


def test_any_url(local: Shop) -> None:
    """A function by itself: its reply is shown."""
    url = re.findall(r"orders +(http://\S+)\n", local.running.log)[-1]
    result = local.workspace.ok("send", "--url", url, "--type", PLACED, "--id", "7", "--source", "/s")
    status, reply, data = result.out.splitlines()
    assert status == "200 id 7"
    assert "type com.example.order.paid" in reply
    assert json.loads(data) == {"order": "7"}
    args = ("--url", url, "--type", PLACED, "--data", "bad", "--format", "json", "--source", "/s")
    refused = local.workspace.plait("send", *args)
    assert (refused.code, json.loads(refused.out)["status"]) == (1, 400)
    assert f"error: {url} answers 400: " in refused.err


@pytest.mark.parametrize(
    ("args", "told"),
    [
        ([], "name the event: a file, or --type TYPE"),
        (["--type", "t", "-a", "Tenant=x"], "--attribute Tenant=x: not NAME=TEXT"),
        (["--type", "t", "-a", "data=x"], "--attribute data=x: not NAME=TEXT"),
        (["--type", "t", "-a", "tenant"], "--attribute tenant: not NAME=TEXT"),
        (["--type", "t", "--data", "x", "--content-type", "a\nb: c"], "not a media type"),
        (["--type", "t", "--data", "x", "--data-file", "-"], "exclude each other"),
        (["--type", "t", "--url", "ftp://x/"], "ftp://x/: not an http or https URL"),
        (["--type", "t", "--url", "http://[/"], "http://[/: not an http or https URL"),
        (["--type", "t", "--url", "http://x/", "--broker", "a/b"], "exclude each other"),
    ],
)
def test_wrong_usage(empty: Workspace, args: list[str], told: str) -> None:
    """Exit code 2; nothing is sent."""
    assert told in empty.refused("send", *args, code=2)


def test_nobody_listens(empty: Workspace) -> None:
    """It says what to start."""
    told = empty.refused("send", "--type", "t", "--port", "9")
    assert (
        "error: http://127.0.0.1:9: connection refused: nobody listens there\n  hint: plait run starts"
        in told
    )
    assert "hint" not in empty.refused("send", "--type", "t", "--url", "http://127.0.0.1:9/")


def test_several_brokers(empty: Workspace) -> None:
    """--broker says which; without it the one of the functions.yaml that is here."""
    empty.write("brokers.yaml", "---\n".join(BROKER % name for name in ("shop", "bank")))
    with live(empty.root, "-f", "brokers.yaml", "--memory") as running:
        send = ("send", "--port", running.port, "--type", "t")
        told = empty.refused(*send, code=2)
        assert "which Broker?\n  hint: --broker says one of shop/default, bank/default\n" in told
        assert "no Broker shop/defualt\n  hint: did you mean 'shop/default'?" in empty.refused(
            *send, "--broker", "shop/defualt", code=2
        )
        assert empty.ok(*send, "--broker", "bank/default").out.startswith("202 event 1 id ")
        shop(empty.root)
        assert f'"http://127.0.0.1:{running.port}/shop/default"' in empty.ok(*send, "--format", "json").out


BROKER = """\
apiVersion: eventing.knative.dev/v1
kind: Broker
metadata: {name: default, namespace: %s}
"""
