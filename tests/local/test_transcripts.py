"""The recordings of a real Knative broker, replayed against the local one: state N of M.

While nine of the cases were recorded, Knative's channel was away for a while: its ingress answered 500 within
milliseconds and nothing was delivered, whatever the policy says. What was recorded before that is compared;
the statements that these cases are about have tests of their own (test_statements_*.py).
"""

from __future__ import annotations

import asyncio

import pytest

from tests.local.support.running import routes, running
from tests.local.support.subscribers import Subscribers
from tests.local.support.transcripts import Case, load, placed, play, script

AT_ONCE = 12

CUT_SHORT = {
    "f-cesql-types": 0,
    "x-extensions": 2,
    "x-kept": 0,
    "x-long": 0,
    "x-sink": 0,
    "x-sink-body": 0,
    "x-sink-fails": 0,
    "x-sink-retries": 0,
    "x-which": 0,
}
"""The cases with the outage, and how many of their requests came before it."""


def _whole(case: Case) -> bool:
    return not case.get("sync_only") and case["id"] not in CUT_SHORT


def _until_outage(case: Case) -> Case:
    count = CUT_SHORT[case["id"]]
    deliveries = [item for item in case["deliveries"] if item["request"] < count]
    return {
        **case,
        "requests": case["requests"][:count],
        "responses": case["responses"][:count],
        "deliveries": deliveries,
    }


def _length(case: Case) -> float:
    return max((item["at_ms"] for item in case["deliveries"]), default=0)


async def _replay(cases: list[Case]) -> dict[str, list[str]]:
    """What differs, by case; the long ones first, AT_ONCE at a time."""
    gate = asyncio.Semaphore(AT_ONCE)
    async with Subscribers() as subscribers:
        objects = [item for case in cases for item in placed(case, subscribers.host)]
        async with running(routes(objects)) as service:

            async def one(case: Case) -> list[str]:
                async with gate:
                    script(case, subscribers)
                    return await play(case, service, subscribers)

            ordered = sorted(cases, key=_length, reverse=True)
            found = await asyncio.gather(*map(one, ordered))
    return {case["id"]: problems for case, problems in zip(ordered, found, strict=True)}


def test_the_local_broker_does_what_the_real_one_did() -> None:
    """Every case that holds for a broker that answers once the event is stored matches: 95 of 95."""
    cases = [case for case in load() if _whole(case)]
    assert len(cases) == 95
    different = {name: problems for name, problems in asyncio.run(_replay(cases)).items() if problems}
    assert different == {}


def test_what_came_before_the_outage_matches() -> None:
    """Of a case that was cut short, the part before that matches."""
    cases = [_until_outage(case) for case in load() if CUT_SHORT.get(case["id"])]
    assert len(cases) == 1
    assert asyncio.run(_replay(cases)) == {"x-extensions": []}


@pytest.mark.parametrize(
    "case", [case for case in load() if case["id"] in CUT_SHORT], ids=lambda case: case["id"]
)
def test_the_outage_is_in_the_recording(case: Case) -> None:
    """A case counts as cut short only where Knative answered 500 at once and delivered to nobody at all."""
    delivered = {item["request"] for item in case["deliveries"]}
    silent = [
        answer
        for index, answer in enumerate(case["responses"])
        if answer["status"] == 500 and index not in delivered and index >= CUT_SHORT[case["id"]]
    ]
    assert silent
    assert all(answer["elapsed_ms"] < 20 for answer in silent)
