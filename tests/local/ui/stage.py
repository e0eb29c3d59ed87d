"""A broker and its subscribers in a thread of their own, since Playwright's page holds the test's."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from plait.flow import Flow
from plait.local.client.http import request
from plait.local.routes import Routes
from plait.local.routes.build import Resolver
from plait.local.routes.flow import routes
from plait.local.run.contracts import Checks
from plait.local.service import Options, Service
from plait.spec.load import load
from tests.local.support import running
from tests.local.support.subscribers import Subscribers
from tests.local.support.wire import Reply

T = TypeVar("T")
SHOP = Path(__file__).parent / "shop.yaml"
PLACED = "com.example.order.placed"
PAID = "com.example.order.paid"
SENT = "com.example.invoice.sent"
Triggers = Mapping[str, Mapping[str, Any]]


def event(kind: str, source: str, identity: str, data: Any) -> Reply:
    """An answer that is an event."""
    core = {"specversion": "1.0", "id": identity, "source": source, "type": kind}
    headers = [(f"ce-{name}", text) for name, text in core.items()]
    return Reply(200, [*headers, ("content-type", "application/json")], json.dumps(data).encode())


class Stage:
    """What the tests work with, from another thread.

    Attributes:
        service: the broker; another one after `restart`.
        subscribers: `shop/NAME` for the function NAME.
    """

    service: Service

    def __init__(self, loop: asyncio.AbstractEventLoop, subscribers: Subscribers) -> None:
        self._loop, self.subscribers = loop, subscribers
        self._configure: Callable[[Service], None]
        self._data: Path | None = None

    @property
    def page(self) -> str:
        """The page's address."""
        return f"{self.service.url}/_plait/"

    def call(self, work: Coroutine[Any, Any, T]) -> T:
        """The result of what runs in the other thread."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    def shop(self, checked: Sequence[str] = (), nowhere: Sequence[str] = ()) -> None:
        """Run the shop's functions.yaml, its functions being the subscribers.

        Args:
            checked: types of events whose contract is order.json.
            nowhere: functions that are not there.
        """
        events = {kind: {"schema": "order.json"} for kind in checked}
        flow = Flow(load(SHOP.read_bytes() + f"  events: {json.dumps(events)}\n".encode()).spec)
        urls = {name: self.subscribers.url(f"shop/{name}") for name in flow.functions if name not in nowhere}

        def configure(service: Service) -> None:
            service.broker.configure(routes(flow, None, urls, Resolver({}, service.ingress_url)))
            service.page.flow = lambda: flow
            service.api.marks.broken = Checks(SHOP.parent, lambda: flow, service.store).broken

        self._configured(configure)

    def alone(self, triggers: Triggers, more: Triggers | None = None) -> None:
        """Run Brokers without a functions.yaml: `shop/default`, and `other/default` where there is more."""
        both = [
            (name, self._placed(name, specs))
            for name, specs in (("shop", triggers), ("other", more))
            if specs is not None
        ]
        brokers = [broker for _, known in both for broker in known.brokers]
        self._configured(lambda service: service.broker.configure(Routes(brokers)))

    def _placed(self, namespace: str, triggers: Triggers) -> Routes:
        complete = {
            name: {"subscriber": {"uri": self.subscribers.url(f"{namespace}/{name}")}, **spec}
            for name, spec in triggers.items()
        }
        return running.routes(running.objects(namespace, complete))

    def _configured(self, configure: Callable[[Service], None]) -> None:
        self._configure = configure
        self.call(_now(lambda: configure(self.service)))

    def start(self, port: int = 0, data: Path | None = None) -> None:
        """Start the broker, without routes."""
        self.service = Service(Options(port=port, data=data))
        self.call(self.service.start())

    def stop(self) -> None:
        """End the broker."""
        self.call(self.service.stop())

    def again(self) -> None:
        """Start another one on the same port, with the same routes and an empty store."""
        self.start(self.service.port)
        self._configured(self._configure)

    def scripts(self, **steps: Sequence[Reply]) -> None:
        """What the functions of the shop answer from now on."""
        self.subscribers.scripts = {f"shop/{name}": list(replies) for name, replies in steps.items()}

    def send(self, kind: str, data: Any = None, broker: str = "shop/default", **attributes: str) -> int:
        """Send an event by HTTP, as any program does; its number."""
        core = {"specversion": "1.0", "type": kind, "source": "/web", "id": "e", **attributes}
        content = {} if data is None else {"data": data}
        # Without spaces: Knative takes no space before the value of data_base64.
        body = json.dumps({**core, **content}, separators=(",", ":")).encode()
        headers = {"Content-Type": "application/cloudevents+json"}
        return int(request("POST", self.service.ingress_url(broker), headers, body).header("plait-seq") or 0)

    def settle(self) -> None:
        """Wait until nothing is open."""
        self.call(asyncio.wait_for(self.service.broker.idle(), 20))


async def _now(work: Callable[[], None]) -> None:
    work()


@contextmanager
def stage() -> Iterator[Stage]:
    """A stage with a broker that has no routes yet."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    def run(work: Awaitable[T]) -> T:
        async def wrapped() -> T:
            return await work

        return asyncio.run_coroutine_threadsafe(wrapped(), loop).result(30)

    subscribers = Subscribers()
    run(subscribers.__aenter__())
    made = Stage(loop, subscribers)
    made.start()
    try:
        yield made
    finally:
        made.stop()
        run(subscribers.__aexit__(None, None, None))
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
