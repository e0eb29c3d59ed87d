"""An expression: parsed once, evaluated for every event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from plait.filters.cesql import nodes
from plait.filters.cesql.dialect import Dialect
from plait.filters.cesql.values import EvaluationError, Failure, ParseError, Value

LONGEST = 65_536
"""How many characters an expression may have. Knative sets no limit; nobody needs more."""


class Result(NamedTuple):
    """What an evaluation gives: always a value, and where it failed, the first error."""

    value: Value
    error: EvaluationError | None = None


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed CESQL expression. Immutable, may be shared between threads."""

    root: nodes.Node

    def evaluate(self, event: Mapping[str, object]) -> Result:
        """The value for an event. Raises nothing: an error is in the result.

        Args:
            event: attribute names in small letters to texts, integers or booleans.
        """
        return outcome(self.root, event)


def outcome(node: nodes.Node, event: Mapping[str, object]) -> Result:
    """The value of a part of an expression; after an error its zero value, or what the function gives."""
    try:
        return Result(node.evaluate(event))
    except Failure as failure:
        own = failure.origin is node and failure.value is not None
        return Result(failure.value if own and failure.value is not None else node.zero, failure.error)


def parse(text: str, dialect: Dialect = Dialect.SPEC) -> Expression:
    """A CESQL expression.

    Args:
        text: the expression.
        dialect: the specification's reading, or that of Knative's Broker.

    Raises:
        ParseError: a text that is no expression, nested too deep or longer than LONGEST.
    """
    if len(text) > LONGEST:
        raise ParseError(
            f"the expression has {len(text)} characters, more than {LONGEST}", "split it into several filters"
        )
    from plait.filters.cesql.grammar import read  # noqa: PLC0415 - lark is imported only where it is needed

    return Expression(read(text, dialect))
