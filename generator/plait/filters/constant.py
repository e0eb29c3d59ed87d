"""What can be proved of a CESQL expression without an event, or with a few of its attributes.

The parts of an expression are given the answers that they may have: true, false, None for an error. More
than there are is safe, fewer are not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import combinations

from plait.filters.cesql import nodes as sql
from plait.filters.cesql.expression import outcome
from plait.filters.cesql.leaves import REQUIRED
from plait.filters.cesql.values import Failure, to_boolean
from plait.filters.expression import Cesql, names
from plait.filters.keys import quoted
from plait.filters.nodes import Node, Outcome

Known = Mapping[str, str]
Answers = frozenset[bool | None]
_ANY: Answers = frozenset((True, False, None))
_ABSENT = frozenset(("data", "knativebrokerttl"))
"""What a filter never sees; an expression finds them missing in every event.

An extension `data` would be seen, but only a header `ce-data` makes one, and nobody who filters on data means
that."""


def verdict(expression: str, known: Known) -> bool | None:
    """Whether the expression lets such events pass: True, False, or None where that is not certain.

    Args:
        expression: CESQL without mistakes.
        known: what these events have; they may have more.
    """
    outcomes, _ = possible(_compiled(expression), known)
    if len(outcomes) > 1:
        return None
    return {Outcome.PASS: True, Outcome.FAIL: False}.get(next(iter(outcomes)))


@lru_cache(maxsize=256)
def _compiled(expression: str) -> Cesql:
    return Cesql(expression, "cesql")


def possible(node: Node, known: Known | None = None) -> tuple[frozenset[Outcome], str]:
    """The outcomes that the expression may have for some event, and what narrowed them ("": nothing)."""
    assert isinstance(node, Cesql)
    root = node.expression.root
    if next(names(root), None) is None:
        why = f"{node.path}: the expression reads no attribute, its answer is always the same"
        return frozenset((node.outcome({}),)), why
    if isinstance(root, sql.Call) and root.function is None:
        return frozenset((Outcome.FAIL,)), f"{node.path}: there is no function {root.name}"
    if not isinstance(root.zero, bool) or isinstance(root, sql.Attribute):
        why = f"{node.path}: the expression gives a text or a number, never a boolean (BOOL(...) makes one)"
        return frozenset((Outcome.FAIL, Outcome.BROKEN)), why
    answers, why = _proved(root, known or {})
    outcomes = {Outcome.PASS if answer else Outcome.FAIL for answer in answers}
    broken = {Outcome.BROKEN} if _may_panic(root) else set()
    return frozenset(outcomes | broken), f"{node.path}: {why}" if why else ""


def _proved(root: sql.Node, known: Known) -> tuple[Answers, str]:
    answers = _answers(root, known)
    if clash := _contradiction(root):
        return answers - {True} or frozenset((False,)), clash
    if True in answers and len(answers) > 1:
        return answers, ""
    read = list(dict.fromkeys(names(root)))
    given = [f"{name} is {quoted(known[name])}" for name in read if name in known]
    always = [f"every event has {name}" for name in read if name in REQUIRED and name not in known]
    never = [f"{name} is never there" for name in read if name in _ABSENT]
    reasons = ", ".join([*given, *always, *never])
    return answers, f"the expression is {'always' if True in answers else 'never'} true: {reasons}"


def _answers(node: sql.Node, known: Known) -> Answers:
    """What a part may give, taken for a boolean."""
    if all(_is_settled(part, known) for part in sql.parts(node)):
        return frozenset((_answer(node, known),))
    match node:
        case sql.Unary(signs, operand) if "-" not in signs:
            odd = len(signs) % 2 == 1
            inner = _answers(operand, known)
            return frozenset(answer if answer is None else answer is not odd for answer in inner)
        case sql.Logic():
            return _chain(node, known)
    return _of_required(node)


def _of_required(node: sql.Node) -> Answers:
    """What a test may give where the attribute that it reads is always there, and never empty."""
    match node:
        case sql.Exists():
            return frozenset((True, False))
        case sql.Like(sql.Attribute(name), pattern, negated) if name in REQUIRED and set(pattern) == {"%"}:
            return frozenset((not negated,))  # but for a text that begins with %: see `like`
        case sql.Compare(operator, sql.Attribute(name), sql.Literal("")) if name in REQUIRED:
            return frozenset((operator != "=",)) if operator in ("=", "!=", "<>") else _ANY
    return _ANY


def _is_settled(part: sql.Node, known: Known) -> bool:
    """Whether it says the same of all events that have what is known."""
    match part:
        case sql.Exists(name):
            return name in known or name in _ABSENT or name in REQUIRED
        case sql.Attribute(name):
            return name in known or name in _ABSENT
    return True


def _answer(node: sql.Node, known: Known) -> bool | None:
    result = outcome(node, known)
    try:
        return None if result.error else to_boolean(result.value)
    except Failure:
        return None


def _chain(node: sql.Logic, known: Known) -> Answers:
    """A chain as Knative reads it, from the right: `a AND (b OR (c XOR d))`."""
    *first, last = (_answers(operand, known) for operand in node.operands)
    for operator, answers in zip(reversed(node.operators), reversed(first), strict=True):
        last = frozenset(_joined(operator, one, other) for one in answers for other in last)
    return last


def _joined(operator: str, one: bool | None, other: bool | None) -> bool | None:  # noqa: FBT001 (operands)
    """Evaluation stops at the first error, and where the first operand decides."""
    if one is None or (operator != "XOR" and one is (operator == "OR")):
        return one
    if operator == "XOR":
        return None if other is None else one is not other
    return other


def _contradiction(root: sql.Node) -> str | None:
    """Two operands of AND that want different texts of one attribute."""
    for (name, one), (again, other) in combinations(_equalities(root), 2):
        if name == again and one != other:
            return f"{name} cannot be {quoted(one)} and {quoted(other)}"
    return None


def _equalities(node: sql.Node) -> Iterator[tuple[str, str]]:
    match node:
        case sql.Compare("=", sql.Attribute(name), sql.Literal(str() as wanted)):
            yield name, wanted
        case sql.Logic(operands, operators) if set(operators) <= {"AND"}:
            for operand in operands:
                yield from _equalities(operand)


_SUBSTRING_WITH_LENGTH = 3


def _may_panic(node: sql.Node) -> bool:
    """Whether the expression calls SUBSTRING with a length, on which Knative's library may crash."""
    return any(
        isinstance(part, sql.Call)
        and part.name == "SUBSTRING"
        and len(part.arguments) == _SUBSTRING_WITH_LENGTH
        for part in sql.parts(node)
    )
