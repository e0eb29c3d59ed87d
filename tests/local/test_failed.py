"""What a broker tells of attempts that failed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from tests.local.support.bench import bench, dead, on_loop
from tests.local.support.wire import Reply

BAD, LATER, GOOD = Reply(500, body=b"no"), Reply(503), Reply()
ONE = {"retry": 1, "backoffPolicy": "exponential", "backoffDelay": "PT0.1S"}


@pytest.mark.parametrize(
    ("trigger", "scripts", "told"),
    [
        ({"delivery": ONE}, {"a": [BAD, GOOD]}, ["event 1 failed with 500; retry 1 of 1 in 0.1 s"]),
        (
            {"delivery": ONE},
            {"a": [LATER]},
            ["event 1 failed with 503; retry 1 of 1 in 0.1 s", "event 1 failed with 503; given up"],
        ),
        ({"delivery": {**ONE, "backoffDelay": "PT0S"}}, {"a": [BAD, GOOD]}, []),
        (dead(), {"a": [BAD], "dead": [GOOD]}, ["event 1 was dead-lettered"]),
        (
            dead(**ONE),
            {"a": [Reply(400)], "dead": [LATER]},
            [
                "event 1: its dead letter failed with 503; retry 1 of 1 in 0.1 s",
                "event 1: its dead letter failed with 503; given up",
            ],
        ),
        (
            {"delivery": {"retry": 0}},
            {"a": [Reply(200, body=b"no event")]},
            ["event 1 failed: the answer has a body that is no CloudEvent; given up"],
        ),
    ],
)
@on_loop
async def test_the_sentences(
    trigger: Mapping[str, Any], scripts: Mapping[str, Sequence[Reply]], told: Sequence[str]
) -> None:
    """One for each wait and for the end, none for what is tried again at once or has worked."""
    async with bench({"a": trigger}, scripts) as one:
        found: list[str] = []
        one.service.broker.on_failed = lambda failed: found.append(str(failed))
        await one.send()
        assert found == told
