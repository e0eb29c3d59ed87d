"""A Trigger's spec, already checked, as nodes. An element that Knative skips is left out (statement 19)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from plait.filters.keys import Key
from plait.filters.nodes import All, Compare, Node, Not
from plait.filters.nodes import Any as AnyOf

_MAPS = ("exact", "prefix", "suffix")


def build(spec: Mapping[str, Any]) -> Node | None:
    """The filter of a Trigger; None where it has none (statement 14)."""
    if spec.get("filters"):
        return All(_children(spec["filters"], "filters"), "filters")
    attributes = (spec.get("filter") or {}).get("attributes")
    if not attributes:
        return None
    keys = tuple(Key(name, value, "exact" if value else "any value") for name, value in attributes.items())
    return Compare("filter.attributes", keys, "filter.attributes")


def _children(elements: Sequence[Mapping[str, Any]], path: str) -> tuple[Node, ...]:
    nodes = (_element(element, f"{path}[{index}]") for index, element in enumerate(elements))
    return tuple(node for node in nodes if node is not None)


def _element(element: Mapping[str, Any], path: str) -> Node | None:
    for dialect in _MAPS:
        if element.get(dialect):
            return _compare(dialect, element[dialect], path)
    if element.get("all"):
        return All(_children(element["all"], f"{path}.all"), path)
    if element.get("any"):
        return AnyOf(_children(element["any"], f"{path}.any"), path)
    if element.get("not") is not None:
        return Not(_element(element["not"], f"{path}.not"), path)
    return _cesql(element["cesql"], path) if element.get("cesql") else None


def _compare(dialect: str, wanted: Mapping[str, str], path: str) -> Node | None:
    if "" in wanted.values():
        return None
    return Compare(dialect, tuple(Key(name, value, dialect) for name, value in wanted.items()), path)


def _cesql(text: str, path: str) -> Node:
    from plait.filters.expression import Cesql  # noqa: PLC0415 - with it comes lark

    return Cesql(text, path)
