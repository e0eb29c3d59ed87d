"""The cesql dialect as a filter element (statement 18)."""

from __future__ import annotations

from collections.abc import Iterator

from plait.errors import short
from plait.filters import attributes
from plait.filters.attributes import Event
from plait.filters.cesql import Dialect, Result, parse
from plait.filters.cesql import nodes as sql
from plait.filters.cesql.expression import outcome
from plait.filters.cesql.printer import text
from plait.filters.keys import quoted
from plait.filters.nodes import Ground, Outcome

_MOST_STATES = 3


class Cesql:
    """A CESQL expression that must be true.

    An error, a missing attribute too, is FAIL. A value that is no boolean is BROKEN, and so is a crash of
    Knative's library: Knative's filter then fails, and with it the delivery.
    """

    __slots__ = ("expression", "path")

    def __init__(self, expression: str, path: str) -> None:
        self.expression, self.path = parse(expression, Dialect.KNATIVE), path

    def outcome(self, event: Event) -> Outcome:
        """PASS where the expression is true."""
        result = self.expression.evaluate(event)
        if result.error:
            return Outcome.BROKEN if result.error.panics else Outcome.FAIL
        if isinstance(result.value, bool):
            return Outcome.PASS if result.value else Outcome.FAIL
        return Outcome.BROKEN

    def blame(self, event: Event) -> Ground:
        """The operand of AND that is not true, and what the event has."""
        result = self.expression.evaluate(event)
        if self.outcome(event) is Outcome.BROKEN:
            return Ground(_first(self.expression.root), _broken(self.expression.root, result), self.path)
        part = _culprit(self.expression.root, event)
        error = outcome(part, event).error
        if error:
            return Ground(
                error.attribute or _first(part), f"{error.message}, cesql asks {_shown(part)}", self.path
            )
        return Ground(_first(part), f"{_shown(part)} is false{_states(part, event)}", self.path)

    def grounds(self, event: Event) -> Ground:
        """That it is true, and what the event has."""
        root = self.expression.root
        return Ground(_first(root), f"{_shown(root)} is true{_states(root, event)}", self.path)


def _broken(root: sql.Node, result: Result) -> str:
    effect = "Knative's filter fails on that, and the Broker retries"
    if result.error:
        return f"{result.error.message}: {effect}"
    value = quoted(result.value) if isinstance(result.value, str) else result.value
    return f"{_shown(root)} gives {value}, neither true nor false: {effect}"


def _culprit(node: sql.Node, event: Event) -> sql.Node:
    """The first operand of a chain of ANDs that is not true; any other node is its own culprit."""
    if not isinstance(node, sql.Logic) or set(node.operators) != {"AND"}:
        return node
    for operand in node.operands:
        result = outcome(operand, event)
        if result.error or result.value is False:
            return _culprit(operand, event)
    return node


def names(node: sql.Node) -> Iterator[str]:
    """The attributes that a part of an expression reads, in the order of the text, with repetitions."""
    return (part.name for part in sql.parts(node) if isinstance(part, sql.Attribute | sql.Exists))


def _first(node: sql.Node) -> str | None:
    return next(names(node), None)


def _states(node: sql.Node, event: Event) -> str:
    """What the event has for the attributes of the expression: `: type is "a"`."""
    states = []
    for name in dict.fromkeys(names(node)):
        value = attributes.present(event, name)
        states.append(f"{name} is not there" if value is None else f"{name} is {quoted(value)}")
    return f": {', '.join(states[:_MOST_STATES])}" if states else ""


def _shown(node: sql.Node) -> str:
    printed = text(node)
    return printed if printed == short(printed)[1:-1] else short(printed)[1:-1]
