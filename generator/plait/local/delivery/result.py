"""What one attempt came to, as Knative's dispatcher sees it."""

from __future__ import annotations

from dataclasses import dataclass, field

from plait.local.store import Failure
from plait.local.wire.event import Event
from plait.local.wire.passing import Passed


@dataclass(slots=True)
class Result:
    """The end of one attempt.

    Attributes:
        status: what the dispatcher takes for the status: of the answer, 502 for an answer that is no event,
            500 for no answer, None for a time-out.
        ok: whether it worked.
        error: what went wrong, for people; "" where it worked.
        failure: what a dead letter would tell.
        seen: the status that the other side really answered, None for no answer.
        retry_after: the answer's header.
        reply: the event that the answer holds.
        passed: the headers of the answer that go on with the reply.
    """

    status: int | None
    ok: bool
    error: str = ""
    failure: Failure = field(default_factory=Failure)
    seen: int | None = None
    retry_after: str | None = None
    reply: Event | None = None
    passed: Passed = field(default_factory=list)
