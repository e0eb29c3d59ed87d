"""What lies between an event and a server: headers and a body."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

Headers = Iterable[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class HTTPMessage:
    """The part of a request or of a response that an event is made of.

    Attributes:
        headers: names in small letters and values, as ASGI has them: bytes, in order, duplicates kept.
        body: the bytes of the body.
    """

    headers: Headers
    body: bytes
