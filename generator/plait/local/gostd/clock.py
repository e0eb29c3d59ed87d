"""Times as Go's `time` reads and prints RFC 3339: in UTC, with nanoseconds, without trailing zeros."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta

_TIME = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)T(\d\d?):(\d\d):(\d\d)(?:[.,](\d+))?(?:Z|([+-])(\d\d):(\d\d))", re.ASCII
)
_DIGITS = 9
_MOST_HOURS, _MOST_MINUTES = 24, 60


def normal(text: str) -> str | None:
    """The time in the form that Go prints; None for the year 1 in UTC, which counts as no time.

    Raises:
        ValueError: where time.Parse refuses it.
    """
    match = _TIME.fullmatch(text)
    if not match:
        raise ValueError("not an RFC 3339 time")
    year, month, day, hour, minute, second = (int(match[index]) for index in range(1, 7))
    try:
        moment = datetime(year, month, day, hour, minute, second, tzinfo=UTC) - _offset(match)
    except OverflowError:
        raise ValueError("time out of range") from None
    nanoseconds = (match[7] or "")[:_DIGITS].ljust(_DIGITS, "0")
    if moment == datetime.min.replace(tzinfo=UTC) and not int(nanoseconds):
        return None
    return _text(moment.strftime("%Y").zfill(4) + moment.strftime("-%m-%dT%H:%M:%S"), nanoseconds)


def now() -> str:
    """The time of the clock, in nanoseconds."""
    seconds, nanoseconds = divmod(time.time_ns(), 10**_DIGITS)
    moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))
    return _text(moment, str(nanoseconds).zfill(_DIGITS))


def _offset(match: re.Match[str]) -> timedelta:
    if not match[8]:
        return timedelta()
    hours, minutes = int(match[9]), int(match[10])
    if hours > _MOST_HOURS or minutes > _MOST_MINUTES:
        raise ValueError("time zone offset out of range")
    offset = timedelta(hours=hours, minutes=minutes)
    return offset if match[8] == "+" else -offset


def _text(moment: str, nanoseconds: str) -> str:
    fraction = nanoseconds.rstrip("0")
    return f"{moment}.{fraction}Z" if fraction else f"{moment}Z"
