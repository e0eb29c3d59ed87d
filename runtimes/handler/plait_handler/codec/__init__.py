"""CloudEvents over HTTP: binary and structured mode, versions 1.0 and 0.3, strict.

Strict means: nothing is added, nothing is guessed, data bytes stay as they came, and whatever is wrong is a
`CodecError` with the HTTP status that says so.
"""

from plait_handler.codec.errors import CodecError
from plait_handler.codec.event import Event, EventV03, EventV1
from plait_handler.codec.http import from_http, to_binary, to_structured
from plait_handler.codec.message import HTTPMessage

__all__ = [
    "CodecError",
    "Event",
    "EventV03",
    "EventV1",
    "HTTPMessage",
    "from_http",
    "to_binary",
    "to_structured",
]
