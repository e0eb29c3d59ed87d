"""What follows an attempt: another one, the dead letter sink, or the end. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from plait.local.delivery.result import Result
from plait.local.routes import Trigger
from plait.local.routes.policy import is_retried
from plait.local.store import Delivery, Failure, Stage, State


@dataclass(slots=True, frozen=True)
class Next:
    """What follows.

    Attributes:
        state: OPEN where there is a next attempt.
        stage: of the next attempt.
        wait: seconds before it, None where there is none.
        failure: what a dead letter tells, from now on; at the end nothing is kept of it.
    """

    state: State
    stage: Stage
    wait: float | None = None
    failure: Failure | None = None


def advance(delivery: Delivery, trigger: Trigger, result: Result) -> Next:
    """What follows the attempt that `result` tells of; `delivery.tries` counts it already."""
    if result.ok:
        closed = State.DEAD_LETTERED if delivery.stage is Stage.DEAD_LETTER else State.DONE
        return Next(closed, delivery.stage)
    if is_retried(result.status) and delivery.tries <= trigger.policy.retry:
        wait = trigger.policy.wait(delivery.tries - 1, result.status, result.retry_after)
        return Next(State.OPEN, delivery.stage, wait, delivery.failure)
    if delivery.stage is Stage.DEAD_LETTER or trigger.dead_letter is None:
        return Next(State.FAILED, delivery.stage)
    return Next(State.OPEN, Stage.DEAD_LETTER, 0.0, result.failure)
