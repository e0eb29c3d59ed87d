"""Contracts in the commands: send refuses, run warns, trace shows."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.live import Live, Shop, code, live, until
from tests.cli.live import shop as project
from tests.cli.workspace import Workspace
from tests.contracts.shop import BROKEN, PATH, SCHEMA, put

PLACED = "com.example.order.placed"
PAID = "com.example.order.paid"
GOOD = '{"order": "1", "total": 2}'
BAD = '{"order": 4711}'
EVENTS = {PLACED: {"schema": PATH}, PAID: {"schema": "schemas/reply.json"}}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """A shop whose orders have a contract; what orders answers breaks that of its reply."""
    root = tmp_path_factory.mktemp("shop")
    put(root, {PATH: SCHEMA, "schemas/reply.json": {"required": ["total"]}})
    project(root, events=EVENTS)
    with live(root, "--memory") as shop:
        yield shop


@pytest.fixture
def shop(running: Live, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shop:
    """Commands in its folder."""
    monkeypatch.chdir(running.root)
    monkeypatch.setattr("sys.argv", ["plait"])
    return Shop(running, Workspace(running.root, capsys))


@pytest.mark.parametrize("mode", [[], ["--structured"]])
def test_send_refuses(shop: Shop, mode: list[str]) -> None:
    """Exit code 1 with each path and reason; nothing is sent."""
    before = shop.ok("events", "--format", "json").out
    result = shop.plait("send", "--type", PLACED, "--source", "/s", "--data", BAD, *mode)
    listed = "".join(f"  {line}\n" for line in BROKEN)
    hint = "  hint: plait send --no-check sends it anyway\n"
    assert (result.code, result.out) == (1, "")
    assert result.err == f"error: the event breaks the contract of {PLACED}:\n{listed}{hint}"
    assert shop.ok("events", "--format", "json").out == before


@pytest.mark.parametrize(
    ("args", "told"),
    [
        ([], "$: the event has no data"),
        (["--data", "{half"], "$: the data are text/plain, where the contract is about JSON"),
        (["--data", "{half", "--content-type", "application/json"], "$: the data are not JSON"),
    ],
)
def test_data_that_are_no_json(shop: Shop, args: list[str], told: str) -> None:
    """They are refused too."""
    result = shop.plait("send", "--type", PLACED, "--source", "/s", *args)
    assert (result.code, result.out) == (1, "")
    assert told in result.err


def test_what_is_sent(shop: Shop) -> None:
    """What keeps its contract, what has none, and what is not to be checked."""
    for args in (
        ["--type", PLACED, "--data", GOOD],
        ["--type", "x", "--data", BAD],
        ["--no-check", "--type", PLACED],
    ):
        assert shop.ok("send", "--source", "/s", *args).out.startswith("202 event ")


def test_one_of_several(shop: Shop) -> None:
    """Then none of the file is sent; the message says which it is."""
    events = [{"type": PLACED, "data": json.loads(text)} for text in (GOOD, BAD)]
    put(shop.running.root, {"events.json": events})
    result = shop.plait("send", "events.json")
    assert (result.code, result.out) == (1, "")
    assert result.err.startswith(f"error: events.json, event 2: the event breaks the contract of {PLACED}:\n")


def test_run_warns_and_trace_shows(shop: Shop) -> None:
    """One line for an event that breaks its contract, the function's reply too; it is delivered all the same."""
    number = shop.placed("--source", "/s", "--data", BAD, "--no-check")
    first = f"event {number} breaks the contract of {PLACED}: {BROKEN[0]} (and 1 more)"
    reply = f"breaks the contract of {PAID}: $: 'total' is a required property"
    until(lambda: first in shop.running.log and reply in shop.running.log)
    assert shop.running.log.count(first) == 1
    out = shop.ok("trace", number).out
    assert all(f"breaks its contract: {line}\n" in out for line in BROKEN)
    assert "breaks its contract: $: 'total' is a required property\n" in out.partition(PAID)[2]
    (trace,) = shop.json("trace", number)
    assert trace["contract"] == BROKEN
    assert [item["state"] for item in trace["triggers"] if item["matched"]] == ["done"]


def test_a_good_event_is_passed_in_silence(shop: Shop) -> None:
    """But for the reply, which is what it is."""
    number = shop.placed("--source", "/s", "--data", GOOD)
    assert f"event {number} breaks" not in shop.running.log
    (trace,) = shop.json("trace", number)
    assert "contract" not in trace


def test_without_a_functions_yaml(shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is no contract to hold it against, nor where it cannot be read."""
    monkeypatch.chdir(tmp_path)
    shop.placed("--source", "/s", "--data", BAD)
    put(tmp_path, {"functions.yaml": "x"})
    shop.placed("--source", "/s", "--data", BAD)


def test_a_schema_that_cannot_be_read(empty: Workspace) -> None:
    """send says so, before it looks for a broker."""
    project(empty.root, events={PLACED: {"schema": PATH}})
    put(empty.root, {PATH: "{"})
    told = empty.refused("send", "--type", PLACED, "--source", "/s", "--data", GOOD, "--port", "9")
    reason = "Expecting property name enclosed in double quotes"
    hint = "  hint: plait send --no-check sends it anyway\n"
    assert told == f"error: {PATH}:1:2: not JSON: {reason}\n{hint}"
    assert "nobody listens" in empty.refused(
        "send", "--type", PLACED, "--source", "/s", "--port", "9", "--no-check"
    )


def test_contracts_change_while_it_runs(empty: Workspace) -> None:
    """A schema that is saved counts from the next event on; a contract that is new, or that breaks, too."""
    put(empty.root, {PATH: True})
    project(empty.root, events={PLACED: {"schema": PATH}})
    with live(empty.root, "--memory") as running:
        shop = Shop(running, empty)
        shop.placed("--data", BAD)
        put(empty.root, {PATH: {**SCHEMA, "title": "changed"}})
        number = shop.placed("--data", BAD, "--no-check")
        until(lambda: f"event {number} breaks the contract of {PLACED}" in running.log)
        put(empty.root, {PATH: "{half"})
        shop.placed("--data", BAD, "--no-check")
        until(lambda: f"the contract of {PLACED} cannot be read: {PATH}:1:2: not JSON" in running.log)
        assert running.log.count("breaks the contract") == 1
        put(empty.root, {"schemas/new.json": {"type": "null"}})
        project(empty.root, events={PAID: {"schema": "schemas/new.json"}})
        code(empty.root, "orders", "def handle(event):\n    return {'again': True}\n")

        def seen() -> bool:
            shop.placed("--data", BAD)
            return f"breaks the contract of {PAID}: $: " in running.log

        until(seen)
