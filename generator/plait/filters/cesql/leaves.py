"""The leaves of a CESQL expression, and what every part of one can do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from plait.filters.cesql.values import ErrorKind, EvaluationError, Failure, Value

Event = Mapping[str, object]
Reader = Callable[[Event, str], Value | None]

REQUIRED = frozenset(("id", "source", "specversion", "type"))
"""Attributes that every event has, so that EXISTS is true for them (section 3.4.4)."""


class Node(Protocol):
    """A part of an expression."""

    @property
    def zero(self) -> Value:
        """The zero value of its type, Boolean where the type is not known (section 3.2)."""

    @property
    def depth(self) -> int:
        """How deep it is nested, from 1."""

    def evaluate(self, event: Event) -> Value:
        """Its value.

        Raises:
            Failure: any error of section 3.3.
        """


@dataclass(frozen=True, slots=True)
class Literal:
    """A string, integer or boolean."""

    value: Value
    depth: int = 1

    @property
    def zero(self) -> Value:
        """See Node."""
        return type(self.value)()

    def evaluate(self, _event: Event) -> Value:
        """See Node."""
        return self.value


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute of the event."""

    name: str
    read: Reader = field(compare=False)
    zero: Value = field(default=False, init=False)
    depth: int = 1

    def evaluate(self, event: Event) -> Value:
        """See Node."""
        value = self.read(event, self.name)
        if value is None:
            raise Failure(
                EvaluationError(ErrorKind.MISSING_ATTRIBUTE, f"{self.name} is not there", self.name)
            )
        return value


@dataclass(frozen=True, slots=True)
class Exists:
    """EXISTS: whether the event has the attribute."""

    name: str
    read: Reader = field(compare=False)
    zero: Value = field(default=False, init=False)
    depth: int = 1

    def evaluate(self, event: Event) -> Value:
        """See Node."""
        return self.name in REQUIRED or self.read(event, self.name) is not None
