"""Filters that can never match, or match everything, where that can be proved from the filter alone.

Each compiled element is given the outcomes that some event may have; more than there are is safe, fewer are
not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from plait.filters.attributes import utc
from plait.filters.keys import Key, quoted
from plait.filters.nodes import All, Compare, Node, Not, Outcome
from plait.filters.nodes import Any as AnyOf
from plait.filters.trigger import compile_trigger

_PASS, _FAIL, _NONE, _BROKEN = Outcome.PASS, Outcome.FAIL, Outcome.NONE, Outcome.BROKEN
_HIDDEN = {"data": "data is never looked at", "knativebrokerttl": "the Broker takes it out before it filters"}
_VERSIONS = ("0.3", "1.0")
_AS_THEY_ARE = frozenset(("id", "source", "subject", "type"))


@dataclass(frozen=True, slots=True)
class Possible:
    """The outcomes that an element may have for some event, and what narrowed them."""

    outcomes: frozenset[Outcome]
    why: str = ""


def never_matches(spec: Mapping[str, Any]) -> str | None:
    """Why no event can pass a Trigger's filter; None where one may.

    Args:
        spec: a Trigger's spec, as for compile_trigger.

    Raises:
        FilterError: as compile_trigger.
    """
    node = compile_trigger(spec).node
    if node is None:
        return None
    possible = _possible(node)
    return None if possible.outcomes & {_PASS, _NONE} else possible.why


def always_matches(spec: Mapping[str, Any]) -> str | None:
    """Why every event passes a Trigger's filter; None where one may not, or where there is no filter.

    Args:
        spec: a Trigger's spec, as for compile_trigger.

    Raises:
        FilterError: as compile_trigger.
    """
    node = compile_trigger(spec).node
    if node is None:
        return None
    possible = _possible(node)
    return possible.why if possible.outcomes <= {_PASS, _NONE} else None


def _possible(node: Node | None) -> Possible:
    match node:
        case None:
            return _silent("the element under not is empty, or has an empty value")
        case Compare():
            return _compare(node)
        case All():
            return _all(node)
        case AnyOf():
            return _any(node)
        case Not():
            return _not(node)
        case _:
            return _cesql(node)


def _silent(why: str) -> Possible:
    return Possible(frozenset((_NONE,)), f"{why}, and Knative skips it")


def _compare(node: Compare) -> Possible:
    for key in node.keys:
        if why := _impossible(key):
            return Possible(frozenset((_FAIL,)), f"{node.path}: {why}")
    return Possible(frozenset((_PASS, _FAIL)))


def _impossible(key: Key) -> str | None:
    if key.name in _HIDDEN:
        return f"{key.name} is never there: {_HIDDEN[key.name]}"
    if key.test == "exact" and key.name == "time" and utc(key.wanted) != key.wanted:
        return f"time is compared in UTC, as {quoted(utc(key.wanted))}"
    if key.test == "exact" and key.name == "specversion" and key.wanted not in _VERSIONS:
        return f"specversion is {' or '.join(_VERSIONS)}"
    return None


def _not(node: Not) -> Possible:
    inner = _possible(node.child)
    turned = {_PASS: _FAIL, _FAIL: _PASS}
    why = f"{node.path}: not of what always fails or always matches ({inner.why})" if inner.why else ""
    return Possible(frozenset(turned.get(outcome, outcome) for outcome in inner.outcomes), why)


def _all(node: All) -> Possible:
    if not node.children:
        return _silent(f"{node.path}: every element is empty, or has an empty value")
    inner = [_possible(child) for child in node.children]
    outcomes = {outcome for child in inner for outcome in child.outcomes if outcome in (_FAIL, _BROKEN)}
    known = _known(node.children)
    narrowed = [
        _cesql(child, known) if _is_cesql(child) else told
        for child, told in zip(node.children, inner, strict=True)
    ]
    stuck = next((child for child in narrowed if not child.outcomes & {_PASS, _NONE}), None)
    clash = _contradiction(node.children)
    if stuck is None and clash is None:
        outcomes |= inner[-1].outcomes & {_PASS, _NONE}
    why = stuck.why if stuck else clash or _reasons(inner)
    return Possible(frozenset(outcomes), why)


def _any(node: AnyOf) -> Possible:
    if not node.children:
        return _silent(f"{node.path}: every element is empty, or has an empty value")
    inner = [_possible(child) for child in node.children]
    outcomes = {outcome for child in inner for outcome in child.outcomes if outcome in (_PASS, _BROKEN)}
    sure = next((child for child in inner if child.outcomes == {_PASS}), None)
    cover = _tautology(node.children)
    if sure is None and cover is None:
        outcomes |= inner[-1].outcomes & {_FAIL, _NONE}
    why = sure.why if sure else cover or _reasons(inner)
    return Possible(frozenset(outcomes), why)


def _reasons(inner: Sequence[Possible]) -> str:
    return "; ".join(dict.fromkeys(child.why for child in inner if child.why))


def _demands(children: Sequence[Node]) -> Iterator[tuple[Key, bool, str]]:
    """Every condition of an all, nested ones too: the key, whether it must hold, and where it stands."""
    for child in children:
        match child:
            case Compare():
                yield from ((key, True, child.path) for key in child.keys)
            case All():
                yield from _demands(child.children)
            case Not(child=Compare(keys=(key,))):
                yield key, False, child.path


def _contradiction(children: Sequence[Node]) -> str | None:
    for (one, holds, here), (other, also, there) in combinations(_demands(children), 2):
        if one.name == other.name and _clash(one, other, holds=holds, also=also):
            words = f"{_words(one, holds=holds)} and {_words(other, holds=also)}"
            return f"{here} and {there} contradict each other: {one.name} cannot be {words}"
    return None


def _clash(one: Key, other: Key, *, holds: bool, also: bool) -> bool:
    """Whether no text meets both conditions."""
    if holds and also:
        return _apart(one, other) or _apart(other, one)
    if holds:
        return _implies(one, other)
    return also and _implies(other, one)


def _apart(one: Key, other: Key) -> bool:
    match one.test, other.test:
        case "exact", _:
            return not other.accepts(one.wanted)
        case "prefix", "prefix":
            return not (one.wanted.startswith(other.wanted) or other.wanted.startswith(one.wanted))
        case "suffix", "suffix":
            return not (one.wanted.endswith(other.wanted) or other.wanted.endswith(one.wanted))
    return False


def _implies(one: Key, other: Key) -> bool:
    """Whether every text that meets the first condition meets the other."""
    return one.test in ("exact", other.test) and other.accepts(one.wanted)


def _words(key: Key, *, holds: bool) -> str:
    return f"{'' if holds else 'not '}{key.test} {quoted(key.wanted)}"


def _tautology(children: Sequence[Node]) -> str | None:
    """Two children of an any of which one always matches: a condition, and the not of a narrower one."""
    single = [_single(child) for child in children]
    for one, other in combinations([item for item in single if item], 2):
        (key, holds, here), (second, also, there) = one, other
        wide, narrow = (key, second) if holds else (second, key)
        if key.name == second.name and holds is not also and _implies(narrow, wide):
            return f"{here} and {there} together match everything"
    return None


def _single(child: Node) -> tuple[Key, bool, str] | None:
    match child:
        case Compare(keys=(key,)):
            return key, True, child.path
        case Not(child=Compare(keys=(key,))):
            return key, False, child.path
    return None


def _known(children: Sequence[Node]) -> Mapping[str, str]:
    """What an event has that passes every element of an all, where CESQL reads it as it is."""
    exact = [key for key, holds, _ in _demands(children) if holds and key.test == "exact"]
    return {key.name: key.wanted for key in exact if key.name in _AS_THEY_ARE}


def _is_cesql(node: Node) -> bool:
    return not isinstance(node, Compare | All | AnyOf | Not)


def _cesql(node: Node, known: Mapping[str, str] | None = None) -> Possible:
    from plait.filters.constant import possible  # noqa: PLC0415 - with it comes lark

    return Possible(*possible(node, known))
