"""W3C Trace Context: which headers go on with a reply (https://www.w3.org/TR/trace-context/)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_TRACEPARENT = re.compile(rb"(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")


@dataclass(frozen=True, slots=True)
class Trace:
    """The trace that a request belongs to.

    Attributes:
        traceparent, tracestate: the headers, as they came; empty where they did not.
        trace_id: 32 hexadecimal digits, or empty.
    """

    traceparent: str = ""
    tracestate: str = ""
    trace_id: str = ""

    def headers(self) -> list[tuple[bytes, bytes]]:
        """What a reply carries on."""
        names = ((b"traceparent", self.traceparent), (b"tracestate", self.tracestate))
        return [(name, value.encode("latin-1")) for name, value in names if value]


NO_TRACE = Trace()


def trace_of(headers: Iterable[tuple[bytes, bytes]]) -> Trace:
    """The trace that the headers name; none where traceparent is missing, is there twice or is malformed."""
    parent = None
    for name, value in headers:
        if name == b"traceparent":
            if parent is not None:
                return NO_TRACE
            parent = value
    found = _TRACEPARENT.fullmatch(parent) if parent is not None else None
    if parent is None or found is None:
        return NO_TRACE
    states = b",".join(value for name, value in headers if name == b"tracestate")
    return Trace(parent.decode("ascii"), states.decode("latin-1"), found[1].decode("ascii"))
