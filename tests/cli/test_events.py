"""`plait events`: the list."""

import pytest

from plait.cli import table
from tests.cli.live import PLACED, Shop
from tests.cli.terminal import on_terminal


@pytest.fixture(autouse=True)
def _events(local: Shop) -> None:
    """An order that is paid, one that is given up, and an event that nobody takes."""
    if not local.json("events"):
        local.placed("--id", "good")
        local.placed("--id", "bad", "--data", '"bad"')
        local.ok("send", "--type", "com.example.unknown", "--id", "lonely\u202e")


def test_the_table(local: Shop) -> None:
    """One line an event in the order of their numbers, columns below one another."""
    head, *rows = local.ok("events").out.splitlines()
    assert head.split() == ["EVENT", "TIME", "STATE", "TYPE", "SOURCE", "ID"]
    assert [row[head.index("STATE") : head.index("TYPE")].strip() for row in rows] == [
        "delivered",
        "delivered",
        "given up",
        "no Trigger",
    ]
    assert [row.split()[0] for row in rows] == ["1", "2", "3", "4"]
    assert {row.index("com.example") for row in rows} == {head.index("TYPE")}
    assert rows[-1].endswith("lonely\\u202e")


@pytest.mark.parametrize(
    ("args", "ids"),
    [
        (["--type", PLACED], ["good", "bad"]),
        (["--type", "com.*.order.*", "--source", "/plait/*"], ["good", "bad"]),
        (["--id", "go*"], ["good"]),
        (["--dead-lettered"], ["bad"]),
        (["--since", "3"], ["lonely\u202e"]),
        (["--limit", "1"], ["lonely\u202e"]),
        (["--type", "none"], []),
    ],
)
def test_a_choice(local: Shop, args: list[str], ids: list[str]) -> None:
    """Each option leaves out what does not fit; `*` stands for anything."""
    assert [event["attributes"]["id"] for event in local.json("events", *args)] == ids


def test_a_broken_contract(local: Shop) -> None:
    """Beside what became of the event."""
    (found,) = local.json("events", "--id", "good", "--type", PLACED)
    (_, row) = table.whole([{**found, "contract": ["$: 'total' is a required property"]}])
    assert "  delivered, breaks contract  " in row


def test_none(local: Shop) -> None:
    """The head of the table alone would leave one in doubt."""
    told = local.ok("events", "--type", "none")
    assert told.err == "note: no event is like that\n"
    assert local.ok("events", "--type", "none", "--format", "json").err == ""


def test_a_terminal(local: Shop) -> None:
    """Lines are cut to its width."""
    status, shown = on_terminal(["events", "--port", local.running.port], local.workspace.root)
    assert status == 0
    assert {len(line) for line in shown.splitlines()} <= set(range(81))
    assert "…" in shown
