"""One attribute of a filter, and the value that is wanted of it."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass

from plait.errors import short
from plait.filters.attributes import COMPUTED, DEFAULTS, ZERO_TIME, Event

_SHORT = 60


def quoted(text: str) -> str:
    """The text in double quotes, the middle of a long one left out."""
    return f'"{text}"' if text.isprintable() and len(text) <= _SHORT else f'"{short(text)[1:-1]}"'


@dataclass(frozen=True, slots=True)
class Test:
    """How a dialect compares the value of an event with the one in the filter."""

    holds: Callable[[str, str], bool]
    wants: str


TESTS = {
    "exact": Test(operator.eq, "{}"),
    "prefix": Test(str.startswith, "it to start with {}"),
    "suffix": Test(str.endswith, "it to end with {}"),
    "any value": Test(lambda value, _: value != "", "any value"),
}


class Key:
    """One attribute of exact, prefix, suffix or filter.attributes, and the value that is wanted."""

    __slots__ = ("_compute", "_default", "_holds", "_wants", "name", "test", "wanted")

    def __init__(self, name: str, wanted: str, test: str) -> None:
        self.name, self.wanted, self.test = name, wanted, test
        self._holds, self._wants = TESTS[test].holds, TESTS[test].wants.format(quoted(wanted))
        self._compute, self._default = COMPUTED.get(name), DEFAULTS.get(name)

    def value(self, event: Event) -> str | None:
        """The text that is compared; None where the attribute is missing."""
        return self._compute(event) if self._compute else event.get(self.name, self._default)

    def holds(self, event: Event) -> bool:
        """Whether the attribute is as wanted."""
        value = self._compute(event) if self._compute else event.get(self.name, self._default)
        return value is not None and self._holds(value, self.wanted)

    def accepts(self, text: str) -> bool:
        """Whether this text would be as wanted."""
        return self._holds(text, self.wanted)

    def state(self, event: Event) -> str:
        """What the event has, for people: `type is "a"`."""
        value = self.value(event)
        if value is None or (self.name not in event and value in ("", ZERO_TIME)):
            return f"{self.name} is not there"
        return f"{self.name} is {quoted(value)}" if value else f"{self.name} is empty"

    def reason(self, event: Event, dialect: str) -> str:
        """What the event has, and what the filter wants of it."""
        return f"{self.state(event)}, {dialect} wants {self._wants}"
