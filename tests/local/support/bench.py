"""One namespace `s` with a Broker `default`, its Triggers and their subscribers, for one test."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, ParamSpec

from plait.local.service import Service
from tests.local.support.running import objects, routes, running, settled
from tests.local.support.subscribers import Received, Subscribers
from tests.local.support.wire import Message, Pairs, Reply, request

P = ParamSpec("P")
BINARY = {"ce-specversion": "1.0", "ce-id": "e", "ce-source": "/src", "ce-type": "t.one"}
REPLY = [("ce-specversion", "1.0"), ("ce-id", "r"), ("ce-source", "/fn"), ("ce-type", "t.reply")]
ONLY_ONE = {"filters": [{"exact": {"type": "t.one"}}]}
ONLY_REPLY = {"filters": [{"exact": {"type": "t.reply"}}]}
FORMAT = {"content-type": "application/cloudevents+json"}


def on_loop(test: Callable[P, Awaitable[None]]) -> Callable[P, None]:
    """A test that runs in an event loop of its own."""

    @functools.wraps(test)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        asyncio.run(test(*args, **kwargs))  # type: ignore[arg-type]

    return run


async def until(condition: Callable[[], bool], limit: float = 20.0) -> None:
    """Wait until something holds; TimeoutError where it does not come to hold."""
    async with asyncio.timeout(limit):
        while not condition():  # noqa: ASYNC110 (there is nothing to wait for but time)
            await asyncio.sleep(0.005)


@dataclass
class Bench:
    """What a test works with."""

    service: Service
    subscribers: Subscribers

    async def post(
        self, headers: Mapping[str, str] | None = None, body: bytes = b"{}", path: str = "/s/default"
    ) -> Message:
        """POST as it is; the answer."""
        return await self.ask("POST", path, list((headers or {}).items()), body)

    async def ask(self, method: str, path: str, headers: Pairs | None = None, body: bytes = b"") -> Message:
        """Any request; the answer."""
        answer = await request(method, self.service.url, headers, body, path)
        assert answer is not None
        return answer

    async def send(self, body: bytes = b"{}", **attributes: str) -> Message:
        """An event in binary mode; waits until all of its deliveries have ended."""
        headers = BINARY | {f"ce-{name}": value for name, value in attributes.items()}
        answer = await self.post({**headers, "content-type": "application/json"}, body)
        await self.settle()
        return answer

    async def structured(self, text: str) -> Message:
        """An event in structured mode; waits likewise."""
        answer = await self.post(FORMAT, text.encode())
        await self.settle()
        return answer

    async def settle(self) -> None:
        """Wait until nothing is open."""
        await settled(self.service, "s")

    def got(self, name: str) -> list[Received]:
        """What a subscriber got."""
        return self.subscribers.got(f"s/{name}")

    def gaps(self, name: str) -> list[float]:
        """Seconds between what a subscriber got."""
        times = [item.at for item in self.got(name)]
        return [after - before for before, after in pairwise(times)]


@asynccontextmanager
async def bench(
    triggers: Mapping[str, Mapping[str, Any]],
    scripts: Mapping[str, Sequence[Reply]] | None = None,
    broker: Mapping[str, Any] | None = None,
    data: Path | None = None,
    **options: Any,
) -> AsyncIterator[Bench]:
    """Triggers by name, each with a subscriber of its own name unless it names one; `{HOST}` is theirs."""
    async with Subscribers() as subscribers:
        subscribers.scripts = {f"s/{name}": list(steps) for name, steps in (scripts or {}).items()}
        complete = {
            name: {"subscriber": {"uri": subscribers.url(f"s/{name}")}, **spec}
            for name, spec in triggers.items()
        }
        known = routes(
            objects("s", _filled(complete, subscribers.host), _filled(broker or {}, subscribers.host))
        )
        async with running(known, data, **options) as service:
            yield Bench(service, subscribers)


def _filled(value: Any, host: str) -> Any:
    if isinstance(value, Mapping):
        return {key: _filled(item, host) for key, item in value.items()}
    return value.replace("{HOST}", host) if isinstance(value, str) else value


def dead(**delivery: Any) -> dict[str, Any]:
    """`delivery` of a Trigger with the dead letter sink `dead`, no retry unless it is said."""
    return {"delivery": {"retry": 0, "deadLetterSink": {"uri": "http://{HOST}/s/dead"}, **delivery}}
