"""The parts of a CESQL expression. Evaluation stops at the first error (section 4.1, fail fast mode).

`depth` is how deep a part is nested; the parser bounds it, so that evaluation and printing may recurse.
Chains of AND, OR and XOR, which may be long, are flat.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from plait.filters.cesql.functions import Function
from plait.filters.cesql.leaves import Attribute, Event, Exists, Literal, Node
from plait.filters.cesql.like import Matcher
from plait.filters.cesql.values import (
    CASTS,
    ErrorKind,
    EvaluationError,
    Failure,
    Value,
    to_boolean,
    to_integer,
    to_string,
)

__all__ = [
    "Attribute",
    "Call",
    "Compare",
    "Exists",
    "Like",
    "Literal",
    "Logic",
    "Math",
    "Node",
    "Unary",
    "Within",
    "parts",
]


@dataclass(frozen=True, slots=True)
class Unary:
    """NOT or -, one or several, the outermost first."""

    signs: tuple[str, ...]
    operand: Node
    negate: Callable[[int], int] = field(compare=False)
    depth: int

    @property
    def zero(self) -> Value:
        """See Node."""
        return 0 if self.signs[0] == "-" else False

    def evaluate(self, event: Event) -> Value:
        """See Node."""
        value = self.operand.evaluate(event)
        for sign in reversed(self.signs):
            value = self.negate(to_integer(value)) if sign == "-" else not to_boolean(value)
        return value


@dataclass(frozen=True, slots=True)
class Like:
    """LIKE and NOT LIKE."""

    operand: Node
    pattern: str
    negated: bool
    matches: Matcher = field(compare=False)
    depth: int
    zero: Value = field(default=False, init=False)

    def evaluate(self, event: Event) -> Value:
        """See Node."""
        return self.matches(to_string(self.operand.evaluate(event))) is not self.negated


@dataclass(frozen=True, slots=True)
class Within:
    """IN and NOT IN: the choices are cast to the type of the operand (section 3.7)."""

    operand: Node
    choices: tuple[Node, ...]
    negated: bool
    depth: int
    zero: Value = field(default=False, init=False)

    def evaluate(self, event: Event) -> Value:
        """See Node."""
        value = self.operand.evaluate(event)
        cast = CASTS[type(value)]
        found = any(cast(choice.evaluate(event)) == value for choice in self.choices)
        return found is not self.negated


@dataclass(frozen=True, slots=True)
class Compare:
    """The comparisons. = and <> cast the left operand to the type of the right one, the others to Integer."""

    operator: str
    left: Node
    right: Node
    holds: Callable[[Value, Value], bool] = field(compare=False)
    depth: int
    zero: Value = field(default=False, init=False)

    def evaluate(self, event: Event) -> Value:
        """See Node."""
        left, right = self.left.evaluate(event), self.right.evaluate(event)
        if self.operator in ("=", "!=", "<>"):
            return self.holds(CASTS[type(right)](left), right)
        return self.holds(to_integer(left), to_integer(right))


@dataclass(frozen=True, slots=True)
class Math:
    """The arithmetic of two Integers."""

    operator: str
    left: Node
    right: Node
    compute: Callable[[int, int], int] = field(compare=False)
    depth: int
    zero: Value = field(default=0, init=False)

    def evaluate(self, event: Event) -> Value:
        """See Node."""
        left, right = self.left.evaluate(event), self.right.evaluate(event)
        return self.compute(to_integer(left), to_integer(right))


@dataclass(frozen=True, slots=True)
class Logic:
    """A chain of AND, OR and XOR. `operators[n]` stands between `operands[n]` and `operands[n + 1]`."""

    operands: tuple[Node, ...]
    operators: tuple[str, ...]
    from_right: bool
    depth: int
    zero: Value = field(default=False, init=False)

    def evaluate(self, event: Event) -> Value:
        """See Node."""
        return self._from_right(event) if self.from_right else self._from_left(event)

    def _from_left(self, event: Event) -> bool:
        value = to_boolean(self.operands[0].evaluate(event))
        for operator, operand in zip(self.operators, self.operands[1:], strict=True):
            if operator == "XOR":
                value ^= to_boolean(operand.evaluate(event))
            elif value is (operator == "AND"):
                value = to_boolean(operand.evaluate(event))
        return value

    def _from_right(self, event: Event) -> bool:
        """`a AND (b OR (c XOR d))`: each operand decides, or leaves the answer to the rest."""
        flip = False
        for operator, operand in zip(self.operators, self.operands, strict=False):
            value = to_boolean(operand.evaluate(event))
            if operator == "XOR":
                flip ^= value
            elif value is (operator == "OR"):
                return value ^ flip
        return to_boolean(self.operands[-1].evaluate(event)) ^ flip


@dataclass(frozen=True, slots=True)
class Call:
    """A function call; `function` is None where there is none of that name and arity."""

    name: str
    arguments: tuple[Node, ...]
    function: Function | None = field(compare=False)
    depth: int

    @property
    def zero(self) -> Value:
        """See Node."""
        return self.function.result() if self.function else False

    def evaluate(self, event: Event) -> Value:
        """See Node."""
        if self.function is None:
            count = len(self.arguments)
            message = f"there is no function {self.name} with {count} argument{'s' * (count != 1)}"
            raise Failure(EvaluationError(ErrorKind.MISSING_FUNCTION, message))
        values = []
        for argument, wanted in zip(self.arguments, self.function.types(len(self.arguments)), strict=True):
            value = argument.evaluate(event)
            values.append(CASTS[wanted](value) if wanted in CASTS else value)
        try:
            return self.function.run(*values)
        except Failure as failure:
            failure.origin = self
            raise


def parts(node: Node) -> Iterator[Node]:
    """The node and all that it is made of, in the order of the text."""
    yield node
    inner: tuple[Node, ...] = ()
    match node:
        case Unary(_, operand) | Like(operand):
            inner = (operand,)
        case Within(operand, choices):
            inner = (operand, *choices)
        case Compare(_, left, right) | Math(_, left, right):
            inner = (left, right)
        case Logic(several) | Call(_, several):
            inner = several
    for part in inner:
        yield from parts(part)
