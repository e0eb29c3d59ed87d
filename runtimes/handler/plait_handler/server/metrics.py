"""Counters of one worker process, in the text format of Prometheus."""

from __future__ import annotations

from bisect import bisect_left

from plait_handler.server.answers import Outcome

CONTENT_TYPE = b"text/plain; version=0.0.4; charset=utf-8"
# Seconds. A quick function takes less than the first, and PLAIT_TIMEOUT is 30 by default.
BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)


class Metrics:
    """What has happened since the worker started.

    Attributes:
        outcomes: answers by outcome.
        buckets: answers by the time they took: one bucket for each of BOUNDS, one for the rest.
        seconds: the time that all took together.
    """

    def __init__(self) -> None:
        self.outcomes = {value: 0 for name, value in vars(Outcome).items() if name.isupper()}
        self.buckets = [0] * (len(BOUNDS) + 1)
        self.seconds = 0.0

    def add(self, outcome: str, seconds: float) -> None:
        """One answer more."""
        self.outcomes[outcome] += 1
        self.buckets[bisect_left(BOUNDS, seconds)] += 1
        self.seconds += seconds

    def text(self, in_flight: int, lost: int) -> str:
        """All of it, for a scrape.

        Args:
            in_flight: events with the function now.
            lost: calls whose time was up and which go on.
        """
        lines = _head("plait_handler_requests_total", "counter", "Requests that were to carry an event.")
        lines += [f'plait_handler_requests_total{{outcome="{o}"}} {n}' for o, n in self.outcomes.items()]
        lines += _head(
            "plait_handler_request_duration_seconds", "histogram", "From the headers to the answer."
        )
        lines += self._histogram("plait_handler_request_duration_seconds")
        lines += _head("plait_handler_in_flight", "gauge", "Events with the function now.")
        lines += [f"plait_handler_in_flight {in_flight}"]
        lines += _head("plait_handler_lost", "gauge", "Calls that go on after their time was up.")
        lines += [f"plait_handler_lost {lost}"]
        return "\n".join(lines) + "\n"

    def _histogram(self, name: str) -> list[str]:
        lines, total = [], 0
        for bound, count in zip((*map(str, BOUNDS), "+Inf"), self.buckets, strict=True):
            total += count
            lines.append(f'{name}_bucket{{le="{bound}"}} {total}')
        return [*lines, f"{name}_sum {self.seconds:.6f}", f"{name}_count {total}"]


def _head(name: str, kind: str, text: str) -> list[str]:
    return [f"# HELP {name} {text}", f"# TYPE {name} {kind}"]
