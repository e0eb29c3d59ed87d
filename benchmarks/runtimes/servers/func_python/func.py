# mypy: ignore-errors
"""A function for func-python."""

from cloudevents.core.v1.event import CloudEvent
from func_python.cloudevent import serve

ATTRIBUTES = {"type": "reply", "source": "/bench", "datacontenttype": "application/json"}


async def handle(scope, receive, send):
    """Reads the data, sends an event."""
    await send.binary(CloudEvent(ATTRIBUTES, {"got": scope["event"].get_data()}))


serve(handle)
