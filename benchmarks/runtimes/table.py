"""Measurements, and the table of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

HEAD = (
    "| server | CPU us/request | requests/s | p50 ms | p99 ms | cold ms, best / median | cold CPU ms |"
    " worker MB | all MB | installed MB |\n|---|---|---|---|---|---|---|---|---|---|"
)


@dataclass(frozen=True)
class Round:
    """One measurement under load.

    Attributes:
        cpu: microseconds of all the server's processes, for each request.
        rate: requests/s.
        p50, p99: milliseconds from a request to its answer.
        worker_rss, total_pss: megabytes at the end.
    """

    cpu: float
    rate: float
    p50: float
    p99: float
    worker_rss: float
    total_pss: float


@dataclass(frozen=True)
class Start:
    """One start.

    Attributes:
        wall: milliseconds from the command to the first answer.
        cpu: milliseconds that all processes ran for it.
    """

    wall: float
    cpu: float


def row(name: str, rounds: Sequence[Round], starts: Sequence[Start], installed: float) -> str:
    """One line: the best of the rounds, for whatever else the machine does only adds.

    Args:
        name: of the server.
        rounds: all of them.
        starts: all of them.
        installed: megabytes.
    """
    least = {field: min(getattr(each, field) for each in rounds) for field in Round.__dataclass_fields__}
    walls = [each.wall for each in starts]
    rate = max(each.rate for each in rounds)
    return (
        f"| {name} | {least['cpu']:.0f} | {rate:.0f} | {least['p50']:.2f} | {least['p99']:.2f}"
        f" | {min(walls):.0f} / {median(walls):.0f} | {min(each.cpu for each in starts):.0f}"
        f" | {least['worker_rss']:.0f} | {least['total_pss']:.0f} | {installed:.1f} |"
    )
