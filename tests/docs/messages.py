"""The messages that plait's code holds, read from its syntax trees: what docs/errors.md has to explain.

A message is the text that an error is made with (`PlaitError`, its subclasses, `Problem`, `wrong`), what reaches it
through a function that hands a parameter on, and the second item of a `Mistake` that a rule yields.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import product
from pathlib import Path

FILLED = "\0"
"""Stands in a message for what is filled in at run time."""

Function = ast.FunctionDef | ast.AsyncFunctionDef
# Which argument is the message, counted from 0.
_ERRORS = {"PlaitError": 0, "Problem": 2, "wrong": 0}
_LONGEST_CHAIN = 5
_WORD = re.compile(r"[A-Za-z]{3}")


@dataclass(frozen=True, order=True)
class Message:
    """The first line of a message, and where it is written."""

    text: str
    place: str = field(compare=False)

    def fits(self, shown: str) -> bool:
        """Whether a text is this message, filled in."""
        return re.fullmatch(".+".join(map(re.escape, self.text.split(FILLED))), shown) is not None

    def __str__(self) -> str:
        return f"{self.place}: {self.text.replace(FILLED, '...')}"


@dataclass(frozen=True)
class _Scope:
    """A function, with the texts that it and its module give names to."""

    module: str
    function: Function
    names: Mapping[str, list[ast.expr]]

    def parameters(self) -> list[str]:
        given = self.function.args
        every = [one.arg for one in [*given.posonlyargs, *given.args]]
        return [name for name in every if name not in ("self", "cls")]

    def calls(self) -> Iterator[ast.Call]:
        return (node for node in ast.walk(self.function) if isinstance(node, ast.Call))


@cache
def messages(package: Path) -> frozenset[Message]:
    """Every message of a package that has a word in it."""
    modules = {
        path.relative_to(package).as_posix(): ast.parse(path.read_text()) for path in package.rglob("*.py")
    }
    scopes = [scope for module, tree in sorted(modules.items()) for scope in _scopes(module, tree)]
    makers = _makers(scopes, _errors(modules.values()))
    found = [message for scope in scopes for message in _written(scope, makers)]
    return frozenset(message for message in found if _WORD.search(message.text))


def _errors(trees: Iterable[ast.Module]) -> dict[str, int]:
    """PlaitError, and its subclasses that take a message first, as it does."""
    found = dict(_ERRORS)
    for tree in trees:
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and "PlaitError" in map(ast.unparse, node.bases):
                made = [item for item in node.body if isinstance(item, Function) and item.name == "__init__"]
                if all(item.args.args[1].arg == "message" for item in made):
                    found[node.name] = 0
    return found


def _scopes(module: str, tree: ast.Module) -> Iterator[_Scope]:
    for node in ast.walk(tree):
        if isinstance(node, Function):
            yield _Scope(module, node, {**_assigned(tree.body), **_assigned(ast.walk(node))})


def _assigned(nodes: Iterable[ast.AST]) -> dict[str, list[ast.expr]]:
    """`name = text`, and `a, b = text, text`."""
    names: dict[str, list[ast.expr]] = {}
    for node in nodes:
        if isinstance(node, ast.Assign):
            for name, value in _pairs(node.targets[0], node.value):
                names.setdefault(name, []).append(value)
    return names


def _pairs(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(target, ast.Name):
        yield target.id, value
    elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        for one, other in zip(target.elts, value.elts, strict=False):
            yield from _pairs(one, other)


def _makers(scopes: list[_Scope], errors: Mapping[str, int]) -> dict[str, int]:
    """What makes an error: its classes, and functions that hand a parameter on as the message."""
    makers = dict(errors)
    for _ in range(_LONGEST_CHAIN):
        for scope in scopes:
            parameters = scope.parameters()
            for call in scope.calls():
                given = _argument(call, makers)
                if isinstance(given, ast.Name) and given.id in parameters:
                    makers.setdefault(scope.function.name, parameters.index(given.id))
    return makers


def _argument(call: ast.Call, makers: Mapping[str, int]) -> ast.expr | None:
    """The argument of a call that becomes a message."""
    callee = call.func
    name = callee.id if isinstance(callee, ast.Name) else getattr(callee, "attr", "")
    index = makers.get(name)
    return call.args[index] if index is not None and index < len(call.args) else None


def _written(scope: _Scope, makers: Mapping[str, int]) -> Iterator[Message]:
    for call in scope.calls():
        given = _argument(call, makers)
        for text in _texts(given, scope.names) if given else ():
            yield _message_at(scope, call, text)
    if "Mistake" in ast.unparse(scope.function.returns or ast.Constant("")):
        yield from _yielded(scope)


def _yielded(scope: _Scope) -> Iterator[Message]:
    for node in ast.walk(scope.function):
        if isinstance(node, ast.Yield) and isinstance(node.value, ast.Tuple):
            for text in _texts(node.value.elts[1], scope.names):
                yield _message_at(scope, node, text)


def _message_at(scope: _Scope, node: ast.expr, text: str) -> Message:
    return Message(text.partition("\n")[0], f"{scope.module}:{node.lineno}")


def _texts(node: ast.expr, names: Mapping[str, list[ast.expr]]) -> list[str]:
    """What an expression may be, as far as the code writes it out; an expression of its own is FILLED."""
    found = [FILLED]
    match node:
        case ast.Constant(value=str(text)):
            found = [text]
        case ast.JoinedStr(values=parts):
            found = ["".join(chosen) for chosen in product(*(_texts(part, {}) for part in parts))]
        case ast.FormattedValue(value=ast.IfExp() as choice):
            found = _texts(choice, {})
        case ast.IfExp(body=one, orelse=other):
            found = _texts(one, names) + _texts(other, names)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            found = [a + b for a in _texts(left, names) for b in _texts(right, names)]
        case ast.Name(id=name) if name in names:
            rest = {key: value for key, value in names.items() if key != name}
            found = [text for value in names[name] for text in _texts(value, rest)]
        case ast.Tuple(elts=[first, *_]) | ast.Starred(value=first):
            found = _texts(first, names)
    return found
