"""What can be proved of a CESQL expression without an event: it reads none, or never gives a boolean."""

from __future__ import annotations

from plait.filters.cesql import nodes as sql
from plait.filters.expression import Cesql, names
from plait.filters.nodes import Node, Outcome


def possible(node: Node) -> tuple[frozenset[Outcome], str]:
    """The outcomes that the expression may have for some event, and what narrowed them ("": nothing)."""
    assert isinstance(node, Cesql)
    root = node.expression.root
    if next(names(root), None) is None:
        outcome = node.outcome({})
        return frozenset(
            (outcome,)
        ), f"{node.path}: the expression reads no attribute, its answer is always the same"
    if isinstance(root, sql.Call) and root.function is None:
        return frozenset((Outcome.FAIL,)), f"{node.path}: there is no function {root.name}"
    if not isinstance(root.zero, bool) or isinstance(root, sql.Attribute):
        why = f"{node.path}: the expression gives a text or a number, never a boolean (BOOL(...) makes one)"
        return frozenset((Outcome.FAIL, Outcome.BROKEN)), why
    broken = {Outcome.BROKEN} if _may_panic(root) else set()
    return frozenset({Outcome.PASS, Outcome.FAIL} | broken), ""


_SUBSTRING_WITH_LENGTH = 3


def _may_panic(node: sql.Node) -> bool:
    """Whether the expression calls SUBSTRING with a length, on which Knative's library may crash."""
    return any(
        isinstance(part, sql.Call)
        and part.name == "SUBSTRING"
        and len(part.arguments) == _SUBSTRING_WITH_LENGTH
        for part in sql.parts(node)
    )
