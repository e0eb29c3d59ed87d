"""`plait replay`."""

import re

from tests.cli.live import PAID, Shop


def again(local: Shop, *args: str) -> dict[str, object]:
    """The trace of the event that a replay made."""
    (done,) = local.json("replay", *args)
    (trace,) = local.json("trace", str(done["seq"]))
    assert trace["replayOf"] == done["replayOf"] == int(args[0])
    return {
        "attributes": trace["attributes"],
        "to": [item["trigger"] for item in trace["triggers"] if item["matched"]],
    }


def test_the_same_event(local: Shop) -> None:
    """It has all attributes and the data of the first, and a number of its own, which is printed."""
    number = local.placed("--id", "4711", "--data", "18")
    (before,) = local.json("trace", number)
    assert again(local, number) == {"attributes": before["attributes"], "to": ["shop/orders"]}
    assert re.fullmatch(rf"event \d+ is event {number} again\n", local.ok("replay", number).out)


def test_one_trigger(local: Shop) -> None:
    """With or without its namespace; nothing for one that does not take the event."""
    number = local.placed()
    assert again(local, number, "--trigger", "orders")["to"] == ["shop/orders"]
    assert again(local, number, "--trigger", "shop/stock")["to"] == []
    told = local.plait("replay", number, "--trigger", "order")
    assert (told.code, told.out) == (2, "")
    assert "no Trigger order\n  hint: did you mean 'orders'?" in told.err


def test_what_was_lost(local: Shop) -> None:
    """--dead-lettered is for the Triggers that lost it, and refuses where none did."""
    good, bad = local.placed(), local.placed("--data", '"bad"')
    assert again(local, bad, "--dead-lettered")["to"] == ["shop/orders"]
    told = local.plait("replay", good, "--dead-lettered")
    assert (told.code, told.out) == (1, "")
    assert f"event {good}: nothing was dead-lettered, or its Trigger is gone" in told.err


def test_it_is_refused(local: Shop) -> None:
    """An event that is not kept, and options that exclude each other."""
    assert "no event 4712" in local.workspace.refused("replay", "4712", "--port", local.running.port)
    told = local.workspace.refused("replay", "1", "--dead-lettered", "--trigger", "x", code=2)
    assert "exclude each other" in told


def test_a_reply_again(local: Shop) -> None:
    """A reply can be replayed by itself."""
    local.placed()
    event = local.json("events", "--type", PAID)[-1]
    assert again(local, str(event["seq"]))["to"] == ["shop/stock"]
