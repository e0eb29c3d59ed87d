"""Retry settings, and how long to wait (statements 27 to 31).

Knative reads durations with rickb777/date's `period`, which keeps one decimal: PT0.15S waits 0.1 seconds,
PT0.05S waits not at all (tests/data/knative/t-broker.json).
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

_DATE = {"Y": 31556952, "M": 2629746, "W": 604800, "D": 86400}
_TIME = {"H": 3600, "M": 60, "S": 1}
_INTEGER = re.compile(r"[+-]?[0-9]+", re.ASCII)
_INT64 = 2**63

LONGEST_WAIT = 24 * 3600.0
_RETRIED = frozenset((404, 408, 409, 429))
_ASKS_TO_WAIT = frozenset((429, 503))


def seconds(period: str) -> float:
    """The length of an ISO 8601 duration, each part cut to one decimal.

    Takes what Knative's library takes (period.Parse of rickb777/date 1.13.0), and that is more than the
    standard: `PT.5S` is half a second, and what follows the first decimal is not looked at. Its roundings of
    months and its overflows, all beyond a day, are left out.

    Raises:
        ValueError: where Knative's webhook refuses it.
    """
    if period == "P0":
        return 0.0
    unsigned = period[1:] if period[:1] in ("-", "+") else period
    date, _, time_ = unsigned[1:].partition("T")
    parts = [*_parts(time_, _TIME), *_parts(date, _DATE)]
    if unsigned[:1] != "P" or not parts:
        raise ValueError(period)
    if period.startswith("-"):
        return -sum(parts) / 10
    negative = any(part < 0 for part in parts)  # then all of them are, whatever their signs
    return -sum(map(abs, parts)) / 10 if negative else sum(parts) / 10


def _parts(text: str, units: Mapping[str, int]) -> list[int]:
    """Tenths of seconds by unit; weeks and days count as one. Raises ValueError for what is left over."""
    found = {}
    for name in units:
        number, mark, rest = text.partition(name)
        if mark and number:
            found[name], text = _tenths(number) * units[name], rest
    if text:
        raise ValueError(text)
    if "W" in found:
        found["D"] = found.pop("W") + found.get("D", 0)
    return list(found.values())


def _tenths(number: str) -> int:
    whole, _, decimals = number.partition("." if "." in number else ",")
    digits = whole + (decimals[:1] or "0")
    if not _INTEGER.fullmatch(digits) or not -_INT64 <= int(digits) < _INT64:
        raise ValueError(number)
    return int(digits)


@dataclass(frozen=True, slots=True)
class Policy:
    """How deliveries to one subscriber are repeated.

    Attributes:
        retry: attempts after the first.
        backoff: `linear`, `exponential`, or None for no wait.
        delay: its unit, in seconds.
        timeout: seconds for one request, None for no limit.
        retry_after_max: the longest Retry-After that is obeyed, in seconds; None for none.
    """

    retry: int = 0
    backoff: str | None = None
    delay: float = 0.0
    timeout: float | None = None
    retry_after_max: float | None = None

    @classmethod
    def of(cls, spec: Mapping[str, Any]) -> Policy:
        """The policy of a checked DeliverySpec."""
        has_backoff = spec.get("backoffPolicy") is not None and spec.get("backoffDelay") is not None
        timeout = seconds(spec["timeout"]) if spec.get("timeout") else 0
        return cls(
            retry=spec.get("retry") or 0,
            backoff=spec["backoffPolicy"] if has_backoff else None,
            delay=seconds(spec["backoffDelay"]) if has_backoff else 0.0,
            timeout=timeout if timeout > 0 else None,
            retry_after_max=seconds(spec["retryAfterMax"]) if spec.get("retryAfterMax") else None,
        )

    def wait(self, attempt: int, status: int | None, retry_after: str | None) -> float:
        """Seconds before the next attempt.

        Args:
            attempt: the index of the one that failed, from 0.
            status: its status, None where no answer came.
            retry_after: the answer's Retry-After header.
        """
        backoff = 0.0
        if self.backoff:
            backoff = self.delay * (attempt if self.backoff == "linear" else 2.0 ** min(attempt, 64))
        asked = 0.0
        if self.retry_after_max is not None and status in _ASKS_TO_WAIT and retry_after:
            asked = min(self.retry_after_max, _asked(retry_after))
        return min(max(backoff, asked, 0.0), LONGEST_WAIT)


KNATIVE_DEFAULT = Policy(retry=10, backoff="exponential", delay=0.2)
"""What a Broker without `delivery` gets (statement 30)."""


def is_retried(status: int | None) -> bool:
    """Whether an answer, or None for no answer, is followed by another attempt (statement 27)."""
    return status is None or status in _RETRIED or status >= 500  # noqa: PLR2004


def _asked(header: str) -> float:
    """Seconds of a Retry-After header: a number or a date; 0 for anything else."""
    if re.fullmatch(r"[+-]?[0-9]{1,18}", header, re.ASCII):
        return float(header)
    try:
        return parsedate_to_datetime(header).timestamp() - time.time()
    except ValueError:
        return 0.0
