"""Where the specification and Knative's library part ways; see docs/filters.md."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum

from plait.filters import attributes
from plait.filters.cesql.values import LEAST, MOST, ErrorKind, EvaluationError, Failure, Value

_MAY_BE_ABSENT = frozenset(("subject", "time", "dataschema", "datacontenttype"))


class Dialect(Enum):
    """Whose reading of CESQL."""

    SPEC = "spec"
    """The specification, version 1.0.0."""
    KNATIVE = "knative"
    """Knative's Broker: github.com/cloudevents/sdk-go/sql/v2, held against its version 2.16.2."""

    @property
    def loose(self) -> bool:
        """As Knative's library, where that is not what the specification says."""
        return self is Dialect.KNATIVE

    def read(self, event: Mapping[str, object], name: str) -> Value | None:
        """An attribute as a value; None where it is missing. What is no value of CESQL becomes a String."""
        value: object
        if self.loose:
            value = attributes.present(event, name)  # type: ignore[arg-type] # values pass through unchanged
        else:
            value = event.get(name)
            value = None if value == "" and name in _MAY_BE_ABSENT else value
        if (
            value is None
            or isinstance(value, str | bool)
            or (isinstance(value, int) and LEAST <= value <= MOST)
        ):
            return value
        return str(value)

    def bound(self, number: int) -> int:
        """The result of a calculation. Knative's library wraps around; the specification has no such Integer.

        Raises:
            Failure: a math error, where the specification is followed.
        """
        if LEAST <= number <= MOST:
            return number
        if self.loose:
            return (number - LEAST) % 2**32 + LEAST
        raise Failure(EvaluationError(ErrorKind.MATH, f"{number} is no 32 bit integer"))

    def compute(self, operator: str) -> Callable[[int, int], int]:
        """The arithmetic operator of that sign."""
        plain = _OPERATORS[operator]
        return lambda left, right: self.bound(plain(left, right))


def _divide(left: int, right: int) -> int:
    """The quotient, rounded towards zero."""
    if right == 0:
        raise Failure(EvaluationError(ErrorKind.MATH, f"{left} is divided by 0"))
    quotient = abs(left) // abs(right)
    return quotient if (left < 0) is (right < 0) else -quotient


_OPERATORS: dict[str, Callable[[int, int], int]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": _divide,
    "%": lambda left, right: left - right * _divide(left, right),
}
