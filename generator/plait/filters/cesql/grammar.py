"""Text to nodes, by lark's LALR parser and cesql.lark. The only importer of lark."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, NoReturn

from lark import Lark, Token, Transformer, v_args
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from plait.errors import short
from plait.filters.cesql import nodes
from plait.filters.cesql.dialect import Dialect
from plait.filters.cesql.functions import find
from plait.filters.cesql.like import matcher
from plait.filters.cesql.values import LEAST, MOST, ParseError

DEEPEST = 100
"""How deep parts may be nested. Knative sets no limit; beyond this Python's own would be near."""

_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def read(text: str, dialect: Dialect) -> nodes.Node:
    """The expression as nodes.

    Raises:
        ParseError: with line, column and what was met.
    """
    try:
        return _parser(dialect).parse(text)  # type: ignore[return-value] # the transformer's result
    except UnexpectedInput as error:
        raise _mistake(error) from None


@cache
def _parser(dialect: Dialect) -> Lark:
    stray = {} if dialect.loose else {"STRAY": _refuse}
    return Lark.open(
        "cesql.lark",
        rel_to=__file__,
        parser="lalr",
        lexer="basic",
        transformer=_Build(dialect),
        lexer_callbacks=stray,
    )


def _refuse(token: Token) -> NoReturn:
    raise ParseError(
        f"{short(token[0])} at {token.line}:{token.column} has no meaning in CESQL", _HINTS.get(token[0])
    )


_HINTS = {
    "!": "write NOT, or <> for unequal",
    "&": "write AND",
    "|": "write OR",
    "=": "CESQL compares with a single =",
    ".": "only attributes of the event can be read, never its data",
    "[": "a set stands in parentheses: type IN ('a', 'b')",
}


def _mistake(error: UnexpectedInput) -> ParseError:
    if isinstance(error, UnexpectedCharacters):
        return ParseError(f"the text that begins at {error.line}:{error.column} has no closing quote")
    assert isinstance(error, UnexpectedToken)
    token = error.token
    if token.type == "$END":
        return ParseError(
            "the expression ends too early", "a value, an operand or a closing parenthesis is missing"
        )
    hint = _HINTS.get(token[0])
    if token.type == "INTEGER" and token[0] in "+-":
        hint = "with a space after it, + or - is an operator: 4 - 1"
    return ParseError(f"{short(str(token))} at {token.line}:{token.column} does not fit there", hint)


@v_args(inline=True)
class _Build(Transformer[Token, nodes.Node]):
    """The nodes, made as the parser reduces its rules; nothing recurses."""

    def __init__(self, dialect: Dialect) -> None:
        super().__init__()
        self._dialect = dialect

    def string(self, token: Token) -> nodes.Node:
        return nodes.Literal(_unquoted(token))

    def integer(self, token: Token) -> nodes.Node:
        number = int(token) if len(token) <= len("+2147483648") + _ZEROS else MOST + 1
        if not LEAST <= number <= MOST:
            raise ParseError(f"{short(str(token))} at {token.line}:{token.column} is no 32 bit integer")
        return nodes.Literal(number)

    def true(self, _token: Token) -> nodes.Node:
        return nodes.Literal(value=True)

    def false(self, _token: Token) -> nodes.Node:
        return nodes.Literal(value=False)

    def name(self, token: Token) -> str:
        return token.lower()

    def attribute(self, name: str) -> nodes.Node:
        return nodes.Attribute(name, self._dialect.read)

    def exists(self, _exists: Token, name: str) -> nodes.Node:
        return nodes.Exists(name, self._dialect.read)

    def call(self, name: Token, *arguments: nodes.Node | None) -> nodes.Node:
        given = tuple(argument for argument in arguments if argument is not None)
        function = find(name.upper(), len(given), self._dialect)
        return nodes.Call(name.upper(), given, function, _depth(given))

    def unary(self, *parts: Any) -> nodes.Node:
        *signs, operand = parts
        words = tuple(sign.upper() for sign in signs)
        return nodes.Unary(words, operand, lambda number: self._dialect.bound(-number), _depth([operand]))

    def like(self, *tokens: Token) -> tuple[bool, str]:
        return len(tokens) > len(("LIKE", "pattern")), _unquoted(tokens[-1])

    def within(self, *parts: Any) -> tuple[bool, tuple[nodes.Node, ...]]:
        choices = tuple(part for part in parts if not isinstance(part, Token))
        return len(parts) - len(choices) > len(("IN",)), choices

    def test(self, operand: nodes.Node, *tests: tuple[bool, Any]) -> nodes.Node:
        for negated, wanted in tests:
            if isinstance(wanted, str):
                matches = matcher(wanted, loose=self._dialect.loose)
                operand = nodes.Like(operand, wanted, negated, matches, _depth([operand]))
            else:
                operand = nodes.Within(operand, wanted, negated, _depth([operand, *wanted]))
        return operand

    def product(self, left: nodes.Node, *rest: Any) -> nodes.Node:
        for sign, right in zip(rest[::2], rest[1::2], strict=True):
            left = nodes.Math(str(sign), left, right, self._dialect.compute(sign), _depth([left, right]))
        return left

    sum = product

    def comparison(self, left: nodes.Node, *rest: Any) -> nodes.Node:
        for sign, right in zip(rest[::2], rest[1::2], strict=True):
            left = nodes.Compare(str(sign), left, right, _COMPARISONS[sign], _depth([left, right]))
        return left

    def expression(self, *parts: Any) -> nodes.Node:
        operators = tuple(token.upper() for token in parts[1::2])
        return nodes.Logic(parts[::2], operators, self._dialect.loose, _depth(parts[::2]))


_ZEROS = 100


def _unquoted(token: Token) -> str:
    """The text of a string literal: only its own quote is escaped (section 2.2)."""
    quote = token[0]
    return token[1:-1].replace(f"\\{quote}", quote)


def _depth(parts: Sequence[nodes.Node]) -> int:
    depth = 1 + max((part.depth for part in parts), default=0)
    if depth > DEEPEST:
        raise ParseError(f"the expression is nested deeper than {DEEPEST} levels", "flatten it")
    return depth
