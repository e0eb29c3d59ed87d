"""RFC 3339 timestamps that remember how they were written."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Self

_RFC3339 = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt](?:[01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?:[Zz]|[+-][0-9]{2}:[0-9]{2})"
)


class Timestamp(datetime):
    """A datetime, whose `isoformat()` gives back the text it was read from: nanoseconds, `Z` or `+00:00`.

    The SDK reads an event's time by `isoformat()`, so that an event that is passed on keeps its time to the
    letter. What is computed from one (`replace`, `+`) has no such text and behaves as any datetime.

    Attributes:
        text: as it was written, or None.
    """

    text: str | None = None

    @classmethod
    def read(cls, text: str) -> Self:
        """The time of an RFC 3339 text.

        Raises:
            ValueError: not RFC 3339, or no such time: month 13, second 60 (Go, and so Knative, refuses leap
                seconds as well).
        """
        if not _RFC3339.fullmatch(text):
            raise ValueError(f"not an RFC 3339 timestamp: {text!r}")
        stamp = cls.fromisoformat(text.upper())
        stamp.text = text
        return stamp

    def isoformat(self, sep: str = "T", timespec: str = "auto") -> str:
        """The text it was read from, unless another form is asked for."""
        if self.text is not None and sep == "T" and timespec == "auto":
            return self.text
        return super().isoformat(sep, timespec)


def to_rfc3339(moment: datetime) -> str:
    """`moment` in RFC 3339, UTC as `Z`.

    Raises:
        ValueError: it has no time zone, and RFC 3339 wants one.
    """
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat()} has no time zone")
    text = moment.isoformat()
    if isinstance(moment, Timestamp) and moment.text is not None:
        return text
    return text.removesuffix("+00:00") + "Z" if text.endswith("+00:00") else text
