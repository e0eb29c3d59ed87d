"""The routes follow functions.yaml and its functions; here without processes."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest

from plait.errors import PlaitError
from plait.local import history
from plait.local.client import make, post
from plait.local.routes.build import Resolver
from plait.local.run import batch
from plait.local.run.absent import Absent
from plait.local.run.wiring import Wiring
from plait.local.service import Options, Service
from plait.spec.load import load
from tests.local.processes.support import coroutine, eventually, spec
from tests.local.support.subscribers import Subscribers

ORDERS = {"subscribes": [{"type": "t"}], "delivery": {"retry": 3}}
EVENT = {"specversion": "1.0", "id": "1", "source": "/s", "type": "t"}


@dataclass
class Bench:
    """A broker, its wiring, and subscribers."""

    service: Service
    wiring: Wiring
    subscribers: Subscribers

    def read(self, **functions: Any) -> None:
        """functions.yaml was read."""
        self.wiring.on_source(load(spec(functions).encode()))

    async def send(self) -> int:
        """Send an event; its number."""
        return await batch.send(self.service, "shop/default", make(EVENT, None))

    async def delivery(self, seq: int) -> Any:
        """The first delivery of an event."""
        trace = await self.service.store.query(partial(history.trace, seq=seq))
        return trace["triggers"][0]


@asynccontextmanager
async def bench() -> AsyncIterator[Bench]:
    """All of it, running."""
    service = Service(Options(port=0))
    await service.start()
    try:
        with Absent() as absent:
            wiring = Wiring(service.broker.configure, Resolver({}, service.ingress_url), absent, None)
            async with Subscribers() as subscribers:
                yield Bench(service, wiring, subscribers)
    finally:
        await service.stop()


def test_nobody_is_at_the_address_of_what_is_absent() -> None:
    """Connections are refused, and no other program can get the port."""
    with Absent() as absent:
        url = absent.url("orders")
        with pytest.raises(PlaitError, match="connection refused"):
            post(url, make(EVENT, None))
        with socket.socket() as other, pytest.raises(OSError, match="in use"):
            other.bind(("127.0.0.1", int(url.split(":")[2].partition("/")[0])))


@coroutine
async def test_events_wait_until_a_function_was_ready() -> None:
    """No attempt is spent on it before; once it was ready and is down, attempts fail."""
    async with bench() as one:
        one.read(orders=ORDERS)
        first = await one.send()
        assert one.service.broker.open == 1
        assert (await one.delivery(first))["attempts"] == []
        one.wiring.on_urls({"orders": one.subscribers.url("s/orders")})
        await one.service.broker.idle()
        assert [item["status"] for item in (await one.delivery(first))["attempts"]] == [202]
        one.wiring.on_urls({})
        second = await one.send()
        await one.service.broker.idle()
        delivery = await one.delivery(second)
        assert (delivery["state"], len(delivery["attempts"])) == ("failed", 4)
        assert len(one.subscribers.got("s/orders")) == 1


@coroutine
async def test_a_file_that_cannot_be_routed() -> None:
    """It is refused, and the routes before stay."""
    async with bench() as one:
        one.read(orders=ORDERS)
        sink = {"deadLetter": {"ref": {"apiVersion": "v1", "kind": "Service", "name": "morgue"}}}
        with pytest.raises(PlaitError, match=r"where is morgue\?"):
            one.read(orders={**ORDERS, "delivery": sink}, stock=ORDERS)
        one.wiring.on_urls({"orders": "http://127.0.0.1:9/"})
        assert list(one.service.broker.routes.triggers) == ["shop/orders"]


@coroutine
async def test_a_subscriber_that_is_nowhere() -> None:
    """Its Trigger is there, gets nothing, and says why; nothing waits for it, and a URL mends it."""
    away = {"runtime": "container", "source": None, "subscribes": [{"type": "t"}]}
    other = {**away, "subscribes": [{"type": "other"}]}
    async with bench() as one:
        one.read(away=away, other=other)
        number = await one.send()
        await one.service.broker.idle()
        trace = await one.service.store.query(partial(history.trace, seq=number))
        assert [(item["trigger"], item["matched"], item["reason"]) for item in trace["triggers"]] == [
            ("shop/away", False, "no url: functions.yaml has no container.url for away"),
            ("shop/other", False, 'type is "t", exact wants "other"'),
        ]
        assert [item.get("nowhere") for item in trace["triggers"]] == [True, None]
        url = one.subscribers.url("s/away")
        one.read(away={**away, "container": {"url": url}})
        await one.send()
        await one.service.broker.idle()
        assert len(one.subscribers.got("s/away")) == 1


@coroutine
async def test_a_pause() -> None:
    """Before the end events are still taken, and no delivery begins."""
    async with bench() as one:
        one.read(orders=ORDERS)
        one.wiring.on_urls({"orders": one.subscribers.url("s/orders")})
        one.service.broker.pause()
        number = await one.send()
        await eventually(lambda: one.service.broker.open == 1)
        assert (await one.delivery(number))["state"] == "open"
        assert one.subscribers.got("s/orders") == []


def test_what_was_lost() -> None:
    """In an event and in all replies to it."""
    reply = {"seq": 2, "triggers": [{"trigger": "a/b", "state": "failed", "replies": []}]}
    triggers = [
        {"trigger": "a/x", "matched": False},
        {"trigger": "a/c", "state": "dead-lettered", "replies": []},
        {"trigger": "a/d", "state": "done", "replies": [reply]},
    ]
    assert list(batch.lost({"seq": 1, "triggers": triggers})) == [
        "event 1 was dead-lettered for a/c",
        "event 2 was given up for a/b",
    ]
