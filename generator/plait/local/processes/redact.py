"""Secrets out of whatever is shown."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

SHORTEST = 6
MASK = "***"


class Redactor:
    """Replaces values of secrets by `***`.

    Values of fewer than SHORTEST characters are left: they would black out half of every line. Of a value
    of several lines each line counts, since output is shown line by line.
    """

    def __init__(self) -> None:
        self._values: set[str] = set()
        self._pattern: re.Pattern[str] | None = None

    def add(self, secrets: Iterable[str]) -> None:
        """More values. None is ever forgotten: an old process may still print it."""
        more = {form for secret in secrets for form in _forms(secret)} - self._values
        if more:
            self._values |= more
            longest_first = sorted(self._values, key=len, reverse=True)
            self._pattern = re.compile("|".join(map(re.escape, longest_first)))

    @property
    def longest(self) -> int:
        """Characters of the longest value, 0 where there is none."""
        return max(map(len, self._values), default=0)

    def __call__(self, text: str) -> str:
        """The text without them."""
        return self._pattern.sub(MASK, text) if self._pattern else text


def _forms(secret: str) -> Iterator[str]:
    """The value and its lines, as they are and as a text in JSON."""
    for value in {secret, *secret.splitlines()}:
        for form in (value, json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1]):
            if len(form) >= SHORTEST:
                yield form
