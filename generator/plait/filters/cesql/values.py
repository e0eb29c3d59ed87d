"""The values of CESQL, the casts between them (section 3.7), and its errors (section 3.3)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from plait.errors import PlaitError, short

Value = str | int | bool

LEAST, MOST = -(2**31), 2**31 - 1
"""The range of an Integer (section 3.1)."""


class ErrorKind(StrEnum):
    """The errors of section 3.3, named as in the specification's test suite (TCK)."""

    PARSE = "parse"
    MATH = "math"
    CAST = "cast"
    MISSING_ATTRIBUTE = "missingAttribute"
    MISSING_FUNCTION = "missingFunction"
    FUNCTION_EVALUATION = "functionEvaluation"
    GENERIC = "generic"


@dataclass(frozen=True, slots=True)
class EvaluationError:
    """What went wrong in an evaluation.

    Attributes:
        kind: which of the specification's errors it is.
        message: what happened, for people.
        attribute: the attribute that is missing, where that is the error.
        panics: Knative's library crashes here instead of giving an error.
    """

    kind: ErrorKind
    message: str
    attribute: str | None = None
    panics: bool = False


class Failure(Exception):  # noqa: N818 - it never leaves the package
    """An evaluation that stops here, with the value in place of a result (None: the zero value)."""

    def __init__(self, error: EvaluationError, value: Value | None = None) -> None:
        super().__init__(error.message)
        self.error, self.value = error, value
        self.origin: object = None


class ParseError(PlaitError):
    """A text that is no CESQL expression. Exit code 2."""

    kind = ErrorKind.PARSE

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message, hint=hint, exit_code=2)


_INTEGER = re.compile(r"([+-]?)0*([0-9]{1,10})")


def to_string(value: Value) -> str:
    """Any value as a String; always possible."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def to_integer(value: Value) -> int:
    """A value as an Integer.

    Raises:
        Failure: a String that is no decimal 32 bit number.
    """
    if not isinstance(value, str):
        return int(value)
    found = _INTEGER.fullmatch(value)
    if found and LEAST <= (number := int(found[1] + found[2])) <= MOST:
        return number
    raise Failure(EvaluationError(ErrorKind.CAST, f"{short(value)} is no 32 bit integer"))


def to_boolean(value: Value) -> bool:
    """A value as a Boolean.

    Raises:
        Failure: a String that is neither true nor false, in any case of letters.
    """
    if not isinstance(value, str):
        return bool(value)
    truth = {"true": True, "false": False}.get(value.lower())
    if truth is None:
        raise Failure(EvaluationError(ErrorKind.CAST, f"{short(value)} is neither true nor false"))
    return truth


def utf8(text: str) -> bytes:
    """The bytes of a text; a byte that was no UTF-8 (a surrogate escape) is itself again."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")


CASTS: dict[type, Callable[[Value], Value]] = {str: to_string, int: to_integer, bool: to_boolean}
