"""The built-in functions of CESQL (section 3.5): names, arguments, results.

Where the two dialects differ, it is in what a character is: a Unicode character by the specification, a byte
of UTF-8 in Knative's library.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from plait.filters.cesql.dialect import Dialect
from plait.filters.cesql.values import (
    LEAST,
    MOST,
    ErrorKind,
    EvaluationError,
    Failure,
    Value,
    to_boolean,
    to_integer,
    to_string,
    utf8,
)

_WHITE_SPACE = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
"""Unicode's property White_Space."""


@dataclass(frozen=True, slots=True)
class Function:
    """A function of one arity.

    Attributes:
        arguments: the type of each argument; object takes any.
        result: the type of the result; its zero value stands for a failed call.
        run: what it does, with arguments that have their types.
        variadic: whether the last argument may be absent, or there many times.
    """

    arguments: tuple[type, ...]
    result: type[Value]
    run: Callable[..., Value]
    variadic: bool = False

    def takes(self, count: int) -> bool:
        """Whether it can be called with so many arguments."""
        return count >= len(self.arguments) - 1 if self.variadic else count == len(self.arguments)

    def types(self, count: int) -> tuple[type, ...]:
        """The types of so many arguments."""
        return (self.arguments + self.arguments[-1:] * count)[:count]


def find(name: str, count: int, dialect: Dialect) -> Function | None:
    """The function of that name (in capitals) for so many arguments, or None."""
    text = _BYTES if dialect is Dialect.KNATIVE else _CHARACTERS
    return next((item for item in (*_COMMON.get(name, ()), *text.get(name, ())) if item.takes(count)), None)


def _failed(message: str, value: Value, *, panics: bool = False) -> Failure:
    return Failure(EvaluationError(ErrorKind.FUNCTION_EVALUATION, message, panics=panics), value)


def _castable(cast: Callable[[Value], Value]) -> Callable[[Value], bool]:
    def check(value: Value) -> bool:
        try:
            cast(value)
        except Failure:
            return False
        return True

    return check


def _absolute(number: int) -> int:
    if number == LEAST:
        raise Failure(EvaluationError(ErrorKind.MATH, f"ABS({number}) is no 32 bit integer"), MOST)
    return abs(number)


def _upper(text: str) -> str:
    """One character for each, by Unicode's simple mapping, as in Go."""
    return text.upper() if text.isascii() else "".join(map(_upper_character, text))


def _upper_character(character: str) -> str:
    candidates = (character.upper(), character.title(), character)
    return next(candidate for candidate in candidates if len(candidate) == 1)


def _lower(text: str) -> str:
    """One character for each, by Unicode's simple mapping, as in Go: İ, the one longer mapping, becomes i."""
    return text.lower() if text.isascii() else "".join(character.lower()[0] for character in text)


_COMMON = {
    "INT": (Function((object,), int, to_integer),),
    "BOOL": (Function((object,), bool, to_boolean),),
    "STRING": (Function((object,), str, to_string),),
    "IS_INT": (Function((object,), bool, _castable(to_integer)),),
    "IS_BOOL": (Function((object,), bool, _castable(to_boolean)),),
    "ABS": (Function((int,), int, _absolute),),
    "CONCAT": (Function((str,), str, lambda *texts: "".join(texts), variadic=True),),
    "CONCAT_WS": (Function((str, str), str, lambda mark, *texts: mark.join(texts), variadic=True),),
    "LOWER": (Function((str,), str, _lower),),
    "UPPER": (Function((str,), str, _upper),),
    "TRIM": (Function((str,), str, lambda text: text.strip(_WHITE_SPACE)),),
}


class _Textual:
    """The functions that count characters, over what `split` calls characters.

    Args:
        split: a text to its characters.
        join: characters to a text.
        panics: whether a negative length crashes (in Knative's library).
    """

    def __init__(self, split: Callable[[str], Any], join: Callable[[Any], str], *, panics: bool) -> None:
        self._split, self._join, self._panics = split, join, panics

    def table(self) -> dict[str, tuple[Function, ...]]:
        cut = (Function((str, int), str, self._substring), Function((str, int, int), str, self._substring))
        return {
            "LENGTH": (Function((str,), int, lambda text: len(self._split(text))),),
            "LEFT": (Function((str, int), str, self._left),),
            "RIGHT": (Function((str, int), str, self._right),),
            "SUBSTRING": cut,
        }

    def _left(self, text: str, count: int) -> str:
        if count < 0:
            raise _failed(f"LEFT with a negative length ({count})", text)
        return self._join(self._split(text)[:count])

    def _right(self, text: str, count: int) -> str:
        if count < 0:
            raise _failed(f"RIGHT with a negative length ({count})", text)
        whole = self._split(text)
        return self._join(whole[max(len(whole) - count, 0) :])

    def _substring(self, text: str, position: int, length: int = MOST) -> str:
        whole = self._split(text)
        if abs(position) > len(whole):
            raise _failed(f"SUBSTRING from {position} of a text with {len(whole)} characters", "")
        if position == 0:
            return ""
        if length < 0:
            raise _failed(f"SUBSTRING with a negative length ({length})", "", panics=self._panics)
        start = position - 1 if position > 0 else len(whole) + position
        return self._join(whole[start : start + length])


_CHARACTERS = _Textual(str, str, panics=False).table()
_BYTES = _Textual(utf8, lambda raw: raw.decode("utf-8", "surrogateescape"), panics=True).table()
