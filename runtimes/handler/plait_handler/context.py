"""What a function is told about a request besides its event."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from plait_handler.tracing import NO_TRACE, Trace

if TYPE_CHECKING:
    EventLogger = logging.LoggerAdapter[logging.Logger]


@dataclass(frozen=True, slots=True)
class Context:
    """The second argument of `handle(event, context)`.

    Attributes:
        event_id: id of the event.
        deadline: when the function must be done, on the clock of `time.monotonic()`, in seconds.
        trace: the trace that the request belongs to.
        raw_headers: the headers of the request, names in small letters, as they came.
    """

    event_id: str
    deadline: float
    trace: Trace = NO_TRACE
    raw_headers: Iterable[tuple[bytes, bytes]] = ()

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers of the request, names in small letters; of one that is there twice, the last."""
        return {name.decode("latin-1"): value.decode("latin-1") for name, value in self.raw_headers}

    @property
    def traceparent(self) -> str:
        """The W3C header, to be sent on with the function's own requests; empty where there is none."""
        return self.trace.traceparent

    @property
    def tracestate(self) -> str:
        """As traceparent."""
        return self.trace.tracestate

    @property
    def trace_id(self) -> str:
        """32 hexadecimal digits, or empty."""
        return self.trace.trace_id

    def remaining(self) -> float:
        """Seconds left until the deadline; below 0 once it is over."""
        return self.deadline - time.monotonic()

    @property
    def logger(self) -> EventLogger:
        """Logger `function`, whose lines carry the id of the event and of the trace."""
        extra: dict[str, Any] = {"event_id": self.event_id}
        if self.trace.trace_id:
            extra["trace_id"] = self.trace.trace_id
        return logging.LoggerAdapter(logging.getLogger("function"), extra)
