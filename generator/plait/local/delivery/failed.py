"""An attempt that did not work, and what follows: for whoever looks on."""

from __future__ import annotations

from dataclasses import dataclass

from plait.local.delivery.advance import Next
from plait.local.delivery.result import Result
from plait.local.routes import Trigger
from plait.local.store import Stage, State

_SUCCESS = range(200, 300)
_ENDS = {State.DEAD_LETTERED: "dead-lettered", State.FAILED: "given up"}


@dataclass(slots=True, frozen=True)
class Failed:
    """What failed, or is lost with this attempt.

    Attributes:
        seq: the event.
        trigger: whose delivery it is.
        stage: what was tried.
        tries: how often, with this attempt.
        result: of the attempt; a dead letter that arrived is a good one.
        following: what comes next.
    """

    seq: int
    trigger: Trigger
    stage: Stage
    tries: int
    result: Result
    following: Next

    @property
    def waits(self) -> bool:
        """Whether another attempt is to come, after a while."""
        return self.following.state is State.OPEN and bool(self.following.wait)

    @property
    def lost(self) -> bool:
        """Whether that was the end, and the event did not arrive."""
        return self.following.state in _ENDS

    def __str__(self) -> str:
        """`event 2 failed with 500; retry 1 of 10 in 6.4 s`."""
        end = _ENDS.get(self.following.state)
        if self.result.ok:
            return f"event {self.seq} was {end}"
        letter = ": its dead letter" if self.stage is Stage.DEAD_LETTER else ""
        retry = (
            f"retry {self.tries} of {self.trigger.policy.retry} in {round(self.following.wait or 0, 1):g} s"
        )
        return f"event {self.seq}{letter} failed{_reason(self.result)}; {end or retry}"


def _reason(result: Result) -> str:
    """The status that came, where that says it; else what went wrong, without the address."""
    if result.seen is not None and result.seen not in _SUCCESS:
        return f" with {result.seen}"
    dialled = result.error.startswith("dial tcp ")
    return f": {result.error.rpartition(': ')[2] if dialled else result.error}"
