"""Nodes back to text, with the fewest parentheses that keep the meaning."""

from __future__ import annotations

from plait.filters.cesql import nodes
from plait.filters.cesql.values import Value

_LOGIC, _COMPARE, _SUM, _PRODUCT, _TEST, _UNARY, _PRIMARY = range(7)
_MATH = {"+": _SUM, "-": _SUM, "*": _PRODUCT, "/": _PRODUCT, "%": _PRODUCT}


def text(node: nodes.Node) -> str:
    """The expression as CESQL; parsing it gives an equal node."""
    return _printed(node)[0]


def _printed(node: nodes.Node) -> tuple[str, int]:
    """The text, and how strongly it binds."""
    match node:
        case nodes.Literal(value):
            return _literal(value), _PRIMARY
        case nodes.Attribute(name):
            return name, _PRIMARY
        case nodes.Exists(name):
            return f"EXISTS {name}", _PRIMARY
        case nodes.Call(name, arguments):
            return f"{name}({', '.join(map(text, arguments))})", _PRIMARY
        case nodes.Unary(signs, operand):
            return " ".join((*signs, _at_least(operand, _PRIMARY))), _UNARY
        case _:
            return _binary(node)


def _binary(node: nodes.Node) -> tuple[str, int]:
    match node:
        case nodes.Like(operand, pattern, negated):
            return f"{_at_least(operand, _TEST)} {'NOT ' * negated}LIKE {_literal(pattern)}", _TEST
        case nodes.Within(operand, choices, negated):
            listed = ", ".join(map(text, choices))
            return f"{_at_least(operand, _TEST)} {'NOT ' * negated}IN ({listed})", _TEST
        case nodes.Math(operator, left, right):
            level = _MATH[operator]
            return f"{_at_least(left, level)} {operator} {_at_least(right, level + 1)}", level
        case nodes.Compare(operator, left, right):
            return f"{_at_least(left, _COMPARE)} {operator} {_at_least(right, _SUM)}", _COMPARE
        case _:
            assert isinstance(node, nodes.Logic)
            operands = [_at_least(operand, _COMPARE) for operand in node.operands]
            pairs = zip(node.operators, operands[1:], strict=True)
            return " ".join([operands[0], *(f"{word} {operand}" for word, operand in pairs)]), _LOGIC


def _at_least(node: nodes.Node, level: int) -> str:
    printed, binds = _printed(node)
    return printed if binds >= level else f"({printed})"


def _literal(value: Value) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return str(value)
    quote = '"' if "'" in value and '"' not in value else "'"
    return quote + value.replace(quote, f"\\{quote}") + quote
