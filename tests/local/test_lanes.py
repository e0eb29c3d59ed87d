"""Many events for a slow subscriber: memory is bounded, order of nothing is promised, and all arrive."""

from __future__ import annotations

from plait.local.delivery import lane
from tests.local.support.bench import BINARY, ONLY_ONE, bench, on_loop, until
from tests.local.support.running import objects, routes
from tests.local.support.wire import Reply

MANY = 400


@on_loop
async def test_what_does_not_fit_stays_in_the_store() -> None:
    """Behind a subscriber that takes its time a lane holds its window and no more, and delivers each event once."""
    async with bench({"a": {}}, {"a": [Reply(delay=0.05)]}) as one:
        held = 0
        for number in range(MANY):
            await one.post({**BINARY, "ce-id": str(number)})
            (queue,) = one.service.broker._lanes.values()  # noqa: SLF001
            held = max(held, len(queue._ready) + len(queue._tasks))  # noqa: SLF001
        await one.settle()
        assert held <= lane.WINDOW + lane.CONCURRENCY + 1
        assert sorted(int(item.names["ce-id"]) for item in one.got("a")) == list(range(MANY))


@on_loop
async def test_a_slow_trigger_does_not_hold_up_another() -> None:
    """While one subscriber is stuck, the other Trigger's deliveries go on."""
    async with bench({"slow": {}, "quick": {}}, {"slow": [Reply(delay=5)]}) as one:
        for number in range(lane.CONCURRENCY + 20):
            await one.post({**BINARY, "ce-id": str(number)})
        await until(lambda: len(one.got("quick")) == lane.CONCURRENCY + 20)
        assert len(one.got("slow")) <= lane.CONCURRENCY


@on_loop
async def test_new_routes_while_running() -> None:
    """A Trigger that stays keeps what is open; one that is gone keeps it in the store until it is back."""
    waits = {"delivery": {"retry": 5, "backoffPolicy": "exponential", "backoffDelay": "PT0.2S"}}
    async with bench({"a": waits, "b": waits}, {name: [Reply(500), Reply()] for name in ("a", "b")}) as one:
        await one.post(BINARY)
        await until(lambda: bool(one.got("a") and one.got("b")))
        both = one.service.broker.routes
        kept = {"a": {**waits, "subscriber": {"uri": one.subscribers.url("s/moved")}}}
        one.service.broker.configure(routes(objects("s", kept)))
        await one.service.broker.idle()
        assert (len(one.got("moved")), len(one.got("b"))) == (1, 1)
        one.service.broker.configure(both)
        await one.settle()
        assert len(one.got("b")) == 2


@on_loop
async def test_a_broker_that_is_gone_takes_nothing() -> None:
    """After a change of routes the old Broker is unknown and the new one is not."""
    async with bench({"a": ONLY_ONE}) as one:
        one.service.broker.configure(routes(objects("t", {})))
        assert (await one.post(BINARY)).status == 404
        assert (await one.post(BINARY, path="/t/default")).status == 202
