# mypy: ignore-errors
"""A function for functions-framework: its own CloudEvent signature has no replies, so it is one of HTTP."""

import functions_framework
from cloudevents.http import CloudEvent, from_http, to_binary

ATTRIBUTES = {"type": "reply", "source": "/bench", "datacontenttype": "application/json"}


@functions_framework.http
def handle(request):
    """Reads the data, returns an event."""
    event = from_http(request.headers, request.get_data())
    headers, body = to_binary(CloudEvent(ATTRIBUTES, {"got": event.data}))
    return body, 200, headers
