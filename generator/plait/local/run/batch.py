"""Events sent to a running broker, and what became of them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from plait.errors import PlaitError
from plait.local import history
from plait.local.client import Message, post
from plait.local.service import Service

Json = Mapping[str, Any]
_ACCEPTED = 202
_LOST = {"dead-lettered": "dead-lettered", "failed": "given up"}


async def send(service: Service, key: str, message: Message) -> int:
    """Send an event to the Broker `NAMESPACE/NAME`; its number. Raises PlaitError where it is refused."""
    answer = await asyncio.to_thread(post, service.ingress_url(key), message)
    if answer.status != _ACCEPTED:
        told = answer.text.strip() or f"status {answer.status}"
        raise PlaitError(f"the broker refuses it: {told}", where=message.where)
    return int(answer.header("plait-seq") or 0)


async def traces(service: Service, numbers: Sequence[int]) -> list[Json]:
    """What became of these events until now, as history.trace gives it."""
    return [await service.store.query(partial(history.trace, seq=number)) for number in numbers]


def lost(trace: Json) -> Iterator[str]:
    """A sentence for each delivery in a trace, of replies too, that was dead-lettered or given up."""
    for trigger in trace["triggers"]:
        if word := _LOST.get(trigger.get("state", "")):
            yield f"event {trace['seq']} was {word} for {trigger['trigger']}"
        for reply in trigger.get("replies", ()):
            yield from lost(reply)
