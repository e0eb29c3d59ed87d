"""kill -9 under load, a hundred times: nothing that was answered 202 is lost, and what was open is redelivered."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

from tests.local.support.subscribers import Received, Subscribers
from tests.local.support.wire import Message, Pairs, encode, receive, request

KILLS = 100
SENDERS = 4
LIFE_SECONDS = (0.0, 0.12)
EVENT = [("Host", "x"), ("ce-specversion", "1.0"), ("ce-source", "/s"), ("ce-type", "t.one")]
OBJECTS = """
apiVersion: eventing.knative.dev/v1
kind: Trigger
metadata: {{name: first, namespace: k}}
spec:
  broker: default
  filters: [{{exact: {{type: t.one}}}}]
  subscriber: {{uri: "http://{host}/k/first"}}
---
apiVersion: eventing.knative.dev/v1
kind: Trigger
metadata: {{name: second, namespace: k}}
spec:
  broker: default
  filters: [{{exact: {{type: t.reply}}}}]
  subscriber: {{uri: "http://{host}/k/second"}}
"""


class Replying(Subscribers):
    """Subscribers of which `first` answers every event with one of the same id."""

    async def _answer(self, message: Message, writer: asyncio.StreamWriter) -> bool:
        path = message.start.split(" ")[1]
        self.log["k"].append(Received(0.0, "POST", path, message))
        headers: Pairs = []
        if path == "/k/first":
            headers = [("ce-specversion", "1.0"), ("ce-source", "/r"), ("ce-type", "t.reply")]
            headers.append(("ce-id", message.header("ce-id") or ""))
        writer.write(encode("HTTP/1.1 200 -", headers, b""))
        await writer.drain()
        return True


class Broker:
    """The process that is killed."""

    def __init__(self, file: Path, data: Path) -> None:
        command = [sys.executable, "-m", "tests.local.support.lives", str(file), str(data)]
        self._parent = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    async def start(self) -> str:
        """A new life; the URL of the Broker."""
        assert self._parent.stdin is not None
        self._parent.stdin.write("\n")
        self._parent.stdin.flush()
        self.pid = int(await self._line())
        return await self._line()

    def kill(self) -> None:
        """kill -9."""
        os.kill(self.pid, signal.SIGKILL)

    def close(self) -> None:
        """End the parent; the last life is over."""
        self._parent.communicate()

    async def _line(self) -> str:
        assert self._parent.stdout is not None
        reading = asyncio.to_thread(self._parent.stdout.readline)
        return (await asyncio.wait_for(reading, 60)).strip()


async def _send(url: str, numbers: _Shared, accepted: set[str]) -> None:
    """Events, one after the other, until the broker is gone; the ids that were answered 202."""
    parts = urlsplit(url)
    with contextlib.suppress(OSError, asyncio.IncompleteReadError):
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        with contextlib.closing(writer):
            async for number in numbers:
                event = [*EVENT, ("ce-id", f"e{number}")]
                writer.write(encode(f"POST {parts.path} HTTP/1.1", event, b"{}"))
                answer = await receive(reader)
                if answer is None:
                    return
                if answer.status == 202:
                    accepted.add(f"e{number}")


@asynccontextmanager
async def _life(broker: Broker) -> AsyncIterator[str]:
    url = await broker.start()
    try:
        yield url
    finally:
        broker.kill()


class _Shared:
    """One sequence of numbers for all senders."""

    def __init__(self) -> None:
        self._next = 0

    def __aiter__(self) -> _Shared:
        return self

    async def __anext__(self) -> int:
        self._next += 1
        return self._next


async def _killed_under_load(folder: Path) -> tuple[set[str], Counter[str], Counter[str]]:
    accepted: set[str] = set()
    numbers, chance = _Shared(), random.Random(1)  # noqa: S311
    async with Replying() as subscribers:
        file = folder / "objects.yaml"
        file.write_text(OBJECTS.format(host=subscribers.host))
        with contextlib.closing(Broker(file, folder / "data")) as broker:
            for _ in range(KILLS):
                async with _life(broker) as url:
                    senders = [asyncio.ensure_future(_send(url, numbers, accepted)) for _ in range(SENDERS)]
                    await asyncio.sleep(chance.uniform(*LIFE_SECONDS))
                await asyncio.gather(*senders)
            async with _life(broker) as url:
                answer = await request("GET", url, path="/_plait/api/idle?timeout=30")
        assert answer is not None
        assert json.loads(answer.body)["idle"]
        return accepted, _ids(subscribers, "first"), _ids(subscribers, "second")


def _ids(subscribers: Subscribers, name: str) -> Counter[str]:
    return Counter(item.names["ce-id"] for item in subscribers.got(f"k/{name}"))


def test_a_hundred_kills_lose_nothing(tmp_path: Path) -> None:
    """Every event that was answered 202 is delivered at least once, and so is the reply to it."""
    accepted, first, second = asyncio.run(_killed_under_load(tmp_path))
    assert len(accepted) > KILLS
    assert accepted - first.keys() == set()
    assert accepted - second.keys() == set()
