"""Waits, or says that it is not ready, as the event's type says. Async."""

from __future__ import annotations

import asyncio

from cloudevents.core.v1.event import CloudEvent

from plait_handler import readiness

SECONDS = {"slow": 0.3, "slower": 2.0, "wait": 3600.0}
STATE = {"ready": True}


async def handle(event: CloudEvent) -> str | None:
    if event.get_type() == "unready":
        STATE["ready"] = False
        return None
    await asyncio.sleep(SECONDS[event.get_type()])
    return "waited"


@readiness
def ready() -> bool:
    return STATE["ready"]
