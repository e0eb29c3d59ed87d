"""What plait's commands say to a running broker, and to any other address that takes events.

`http` carries one request, `message` is an event ready to be sent, `files` reads events, `broker` is the
API of docs/local-broker.md.
"""

from plait.local.client.broker import Broker
from plait.local.client.files import read_events
from plait.local.client.http import Answer
from plait.local.client.message import Message, make, post

__all__ = ["Answer", "Broker", "Message", "make", "post", "read_events"]
