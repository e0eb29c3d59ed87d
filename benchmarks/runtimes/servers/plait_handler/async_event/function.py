# mypy: ignore-errors
"""Async, reads the data, returns an event of the SDK."""

from cloudevents.core.v1.event import CloudEvent


async def handle(event):
    attributes = {"type": "reply", "source": "/bench", "datacontenttype": "application/json"}
    return CloudEvent(attributes, {"got": event.get_data()})
