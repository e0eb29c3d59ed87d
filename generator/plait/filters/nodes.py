"""Compiled filter elements: what each says of an event, and why it did not match.

A filter has four outcomes, as in Knative (pkg/eventfilter): PASS, FAIL, NONE (the element has no say: it is
empty) and BROKEN (Knative's filter itself fails, see Cesql). The event is delivered on PASS and NONE.
`all` and `any` stop at the first child that decides, and else give the outcome of their last child.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple, Protocol

from plait.filters.attributes import Event
from plait.filters.keys import Key


class Outcome(Enum):
    """What a filter says of an event."""

    PASS = "pass"  # noqa: S105 - no password
    FAIL = "fail"
    NONE = "none"
    BROKEN = "broken"


_STOP_ALL = frozenset((Outcome.FAIL, Outcome.BROKEN))
_STOP_ANY = frozenset((Outcome.PASS, Outcome.BROKEN))


class Ground(NamedTuple):
    """Why a filter matched or did not.

    Attributes:
        attribute: the first attribute that decided; None where none did.
        text: the reason, for people.
        path: the element that decided, such as `filters[1].any[0]`.
    """

    attribute: str | None
    text: str
    path: str


class Node(Protocol):
    """A compiled filter element."""

    path: str

    def outcome(self, event: Event) -> Outcome:
        """What the element says of the event."""

    def blame(self, event: Event) -> Ground:
        """Why the outcome is FAIL or BROKEN."""

    def grounds(self, event: Event) -> Ground:
        """Why the outcome is PASS or NONE."""


class Compare:
    """exact, prefix, suffix, or filter.attributes: every key must hold (statements 15 and 16)."""

    __slots__ = ("dialect", "keys", "path")

    def __init__(self, dialect: str, keys: tuple[Key, ...], path: str) -> None:
        self.dialect, self.keys, self.path = dialect, keys, path

    def outcome(self, event: Event) -> Outcome:
        """PASS where every key holds."""
        for key in self.keys:
            if not key.holds(event):
                return Outcome.FAIL
        return Outcome.PASS

    def blame(self, event: Event) -> Ground:
        """The first key that does not hold."""
        key = next(key for key in self.keys if not key.holds(event))
        return Ground(key.name, key.reason(event, self.dialect), self.path)

    def grounds(self, event: Event) -> Ground:
        """What the event has for every key."""
        states = " and ".join(key.state(event) for key in self.keys)
        return Ground(self.keys[0].name if self.keys else None, states or "nothing is asked", self.path)


class All:
    """Every child must match (statement 17)."""

    __slots__ = ("children", "path")

    def __init__(self, children: tuple[Node, ...], path: str) -> None:
        self.children, self.path = children, path

    def outcome(self, event: Event) -> Outcome:
        """FAIL at the first child that fails, else what the last child says."""
        last = Outcome.NONE
        for child in self.children:
            last = child.outcome(event)
            if last in _STOP_ALL:
                return last
        return last

    def blame(self, event: Event) -> Ground:
        """The first child that does not match."""
        return next(child for child in self.children if child.outcome(event) in _STOP_ALL).blame(event)

    def grounds(self, event: Event) -> Ground:
        """What every child has found."""
        found = [child.grounds(event) for child in self.children]
        return _joined(found, " and ", self.path)


class Any:
    """At least one child must match (statement 17)."""

    __slots__ = ("children", "path")

    def __init__(self, children: tuple[Node, ...], path: str) -> None:
        self.children, self.path = children, path

    def outcome(self, event: Event) -> Outcome:
        """PASS at the first child that passes, else what the last child says."""
        last = Outcome.NONE
        for child in self.children:
            last = child.outcome(event)
            if last in _STOP_ANY:
                return last
        return last

    def blame(self, event: Event) -> Ground:
        """The child that broke, or the reasons of all children."""
        failed = [child.blame(event) for child in self._until_broken(event)]
        return failed[-1] if self.outcome(event) is Outcome.BROKEN else _joined(failed, "; ", self.path)

    def _until_broken(self, event: Event) -> Iterator[Node]:
        for child in self.children:
            outcome = child.outcome(event)
            if outcome is not Outcome.NONE:
                yield child
            if outcome is Outcome.BROKEN:
                return

    def grounds(self, event: Event) -> Ground:
        """What the first child that passes has found."""
        for child in self.children:
            if child.outcome(event) is Outcome.PASS:
                return child.grounds(event)
        return Ground(None, "nothing is asked", self.path)


class Not:
    """The child must not match (statement 17). A child that is empty (None) has no say."""

    __slots__ = ("child", "path")

    def __init__(self, child: Node | None, path: str) -> None:
        self.child, self.path = child, path

    def outcome(self, event: Event) -> Outcome:
        """PASS for FAIL and FAIL for PASS; the others stay."""
        outcome = self.child.outcome(event) if self.child else Outcome.NONE
        if outcome is Outcome.PASS:
            return Outcome.FAIL
        return Outcome.PASS if outcome is Outcome.FAIL else outcome

    def blame(self, event: Event) -> Ground:
        """What the child has found."""
        assert self.child is not None
        if self.child.outcome(event) is Outcome.BROKEN:
            return self.child.blame(event)
        found = self.child.grounds(event)
        return Ground(found.attribute, f"{found.text}, and not rules that out", self.path)

    def grounds(self, event: Event) -> Ground:
        """Why the child does not match."""
        if self.outcome(event) is Outcome.NONE or self.child is None:
            return Ground(None, "nothing is asked", self.path)
        found = self.child.blame(event)
        return Ground(found.attribute, found.text, self.path)


_MOST_REASONS = 3


def _joined(found: list[Ground], between: str, path: str) -> Ground:
    if not found:
        return Ground(None, "nothing is asked", path)
    texts = [ground.text for ground in found[:_MOST_REASONS]]
    rest = len(found) - len(texts)
    return Ground(found[0].attribute, between.join(texts) + (f"{between}{rest} more" if rest else ""), path)
