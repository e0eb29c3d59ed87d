"""Answers with the event itself."""

from __future__ import annotations

from cloudevents.core.v1.event import CloudEvent


async def handle(event: CloudEvent) -> CloudEvent:
    return event
