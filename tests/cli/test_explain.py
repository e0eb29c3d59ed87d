"""plait explain: which Triggers an event reaches."""

import io
import json

import pytest

from tests.cli.workspace import Workspace

EVENT = {
    "specversion": "1.0",
    "id": "1",
    "source": "/shop/orders",
    "type": "com.example.order.paid",
    "data": {"a": 1},
}


@pytest.fixture
def shop(shop: Workspace) -> Workspace:
    """With a Trigger on an extension and one in CESQL."""
    shop.change(
        "  external:",
        "    audit:\n      runtime: container\n      image: registry.example.com/shop/audit:1\n"
        "      subscribes:\n      - {name: rich, type: com.example.order.paid, extensions: {tier: gold}}\n"
        "      - {name: sql, filters: [{cesql: \"amount > 100 AND type LIKE 'com.%'\"}]}\n  external:",
    )
    shop.ok("generate")
    return shop


def test_an_event_from_a_file(shop: Workspace) -> None:
    """Each Trigger in a line, with the first attribute that did not match."""
    shop.write("event.json", json.dumps({**EVENT, "amount": 120}))
    assert shop.ok("explain", "event.json").out == (
        '- rich     tier is not there, exact wants "gold"\n'
        "+ sql      reaches audit\n"
        "+ invoice  reaches invoice\n"
        '- orders   type is "com.example.order.paid", exact wants "com.example.order.placed"\n'
    )


def test_from_standard_input_and_options(shop: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Options win over the file; a boolean and a number are what they are on the wire."""
    monkeypatch.setattr(
        "sys.stdin", io.TextIOWrapper(io.BytesIO(json.dumps({**EVENT, "tier": "tin"}).encode()))
    )
    out = shop.ok("explain", "-", "-a", "tier=gold").out
    assert "+ rich     reaches audit\n" in out


def test_nobody(shop: Workspace) -> None:
    """Exit code 1, and the nearest subscription."""
    result = shop.plait("explain", "--type", "com.example.order.payd")
    assert result.code == 1
    last = result.out.splitlines()[-1]
    assert last == "it reaches nobody; the nearest is rich, which takes com.example.order.paid with tier gold"
    assert shop.plait("explain", "--type", "zzz").out.splitlines()[-1] == "it reaches nobody"


def test_json(shop: Workspace) -> None:
    """For programs."""
    result = shop.plait("explain", "--type", "com.example.order.paid", "--format", "json")
    data = json.loads(result.out)
    assert data["nearest"] is None
    assert [one["trigger"] for one in data["triggers"] if one["matches"]] == ["invoice"]
    assert data["triggers"][0]["attribute"] == "tier"


def test_an_environment(shop: Workspace) -> None:
    """What is not promoted yet reaches nobody there."""
    assert shop.ok("explain", "--type", "com.example.order.paid", "--env", "dev").out
    result = shop.plait("explain", "--type", "com.example.order.paid", "--env", "staging")
    assert (result.code, result.out) == (1, "there is no Trigger\n")


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"id": "1", "source": "", "type": "t"}', "[" * 100_000])
def test_what_is_no_event(shop: Workspace, content: str) -> None:
    """The file and what it lacks."""
    shop.write("event.json", content)
    err = shop.refused("explain", "event.json", code=2)
    assert err.startswith("error: event.json: not ")


def test_usage(shop: Workspace) -> None:
    """No event, no attribute of that form, no such file."""
    for arguments in ([], ["--source", "x"], ["--type", "t", "-a", "x"], ["nope.json"]):
        assert shop.plait("explain", *arguments).code == 2
