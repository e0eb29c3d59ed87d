"""Events sent to a running broker, and what became of them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from plait.errors import PlaitError
from plait.local import history
from plait.local.client import Message, post
from plait.local.routes import Broker
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


async def traces(service: Service, numbers: Sequence[int]) -> Sequence[Json]:
    """What became of these events until now, as history.trace gives it."""
    found = [await service.store.query(partial(history.trace, seq=number)) for number in numbers]
    await service.api.marks.note(found)
    return found


def lost(trace: Json) -> Iterator[str]:
    """A sentence for each delivery in a trace, of replies too, that was dead-lettered or given up."""
    for trigger in trace["triggers"]:
        if word := _LOST.get(trigger.get("state", "")):
            yield f"event {trace['seq']} was {word} for {trigger['trigger']}"
        for reply in trigger.get("replies", ()):
            yield from lost(reply)


def unreached(broker: Broker, trace: Json) -> str | None:
    """A sentence about an event that no Trigger of the Broker took, with the nearest one; None for others."""
    if any("state" in trigger for trigger in trace["triggers"]):
        return None
    told = f"event {trace['seq']} reaches nobody"
    if not trace["triggers"]:
        return f"{told}: there is no Trigger"
    # It brings pydantic along, which a broker alone does without.
    from plait.explain import nearest  # noqa: PLC0415

    objects = [
        {"kind": "Trigger", "metadata": {"name": item.key}, "spec": item.shown} for item in broker.triggers
    ]
    close = nearest(objects, trace["attributes"])
    reason = next((item["reason"] for item in trace["triggers"] if item["trigger"] == close), None)
    return f"{told}; the nearest is {close}: {reason}" if reason else f"{told}: no Trigger asks for the like"
