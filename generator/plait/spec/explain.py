"""Pydantic's errors in a user's words: what is wrong, at which value, and what to write instead."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic_core import ErrorDetails

from plait.errors import nearest, short
from plait.spec.places import known_keys, places_of
from plait.spec.positions import KEY_OF, Location, Mistake
from plait.yamlio import Node

_MAPPING = "a mapping (key: value)"
_TYPES = {
    "string_type": "a text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "dict_type": _MAPPING,
    "model_type": _MAPPING,
    "list_type": "a list (- entry)",
}
_IN_UNION = {
    ("int_type", "int"): "a number or a text",
    ("model_type", "Probe"): f"{_MAPPING} or false",
}
_SENTENCES = {
    "too_short": "empty, where at least one entry belongs",
    "greater_than_equal": "{} is too small: {ge} is the least",
    "less_than_equal": "{} is too large: {le} is the most",
}
_TRUE = ("yes", "on", "y")
_FALSE = ("no", "off", "n")
_MOST_PLACES = 3


def mistakes(details: Iterable[ErrorDetails], root: Node) -> Iterator[Mistake]:
    """One mistake for each thing that pydantic refused, unions told once."""
    seen = set()
    for detail in details:
        location, node = _in_file(detail["loc"], root)
        missing = detail["loc"][-1] if detail["type"] == "missing" else None
        if (location, missing) not in seen and not _other_branch(detail, node):
            seen.add((location, missing))
            yield _mistake(detail, location, node)


def _other_branch(detail: ErrorDetails, node: Node) -> bool:
    """`false` is the short form of a probe; a mapping is not meant as one."""
    is_false = detail["type"] == "literal_error" and detail["ctx"]["expected"] == "False"
    return is_false and isinstance(node.value, dict)


def _in_file(loc: Location, root: Node) -> tuple[Location, Node]:
    """pydantic's location as far as the file has it: names of union branches and short forms dropped."""
    kept: list[str | int] = []
    node = root
    for step in loc:
        if isinstance(node.value, dict) and step in node.value:
            node = node.value[step][1]
        elif isinstance(node.value, list) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
        elif step != KEY_OF:
            continue
        kept.append(step)
    return tuple(kept), node


def _mistake(detail: ErrorDetails, location: Location, node: Node) -> Mistake:
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "plait":
        return location, context["message"], context["hint"]
    if kind == "extra_forbidden":
        return (*location, KEY_OF), f"unknown key {short(str(location[-1]))}", _known_hint(location)
    if kind == "missing":
        return location, f"{detail['loc'][-1]!r} is missing here", None
    if kind == "literal_error":
        return location, *_wrong_choice(node, context)
    if kind in _TYPES:
        return location, *_wrong_type(node, _IN_UNION.get((kind, str(detail["loc"][-1])), _TYPES[kind]))
    return location, _SENTENCES.get(kind, detail["msg"]).format(node.text, **context), None


def _wrong_choice(node: Node, context: Mapping[str, Any]) -> tuple[str, str | None]:
    choices = context["expected"].replace("'", "").replace(" or ", ", ").split(", ")
    hint = nearest(node.text, choices) if node.text else None
    return f"{_shown(node)} is not {'one of ' if len(choices) > 1 else ''}{', '.join(choices)}", hint


def _wrong_type(node: Node, wanted: str) -> tuple[str, str | None]:
    value, word = node.value, node.text.strip().lower()
    if isinstance(value, bool | int | float) and wanted == "a text":
        what = "a truth value" if isinstance(value, bool) else "a number"
        return f"{node.text} is {what}, where {wanted} belongs", f'write it in quotes: "{node.text}"'
    if wanted.endswith("false") and word in (*_TRUE, *_FALSE):
        answer = "true" if word in _TRUE else "false"
        return f"{node.text!r} is a text in YAML 1.2, where {wanted} belongs", f"write {answer}"
    if wanted in ("a whole number", "a number") and isinstance(value, str) and word.lstrip("-").isdigit():
        return f"{short(node.text)} is a text, where {wanted} belongs", "write it without quotes"
    return f"{_shown(node)}, where {wanted} belongs", None


def _shown(node: Node) -> str:
    if isinstance(node.value, dict | list):
        return "a mapping" if isinstance(node.value, dict) else "a list"
    if node.value is None:
        return "nothing"
    return short(node.text) if isinstance(node.value, str) else node.text


def _known_hint(location: Location) -> str | None:
    known = known_keys(location[:-1])
    name = str(location[-1])
    places = places_of(name)
    if 0 < len(places) <= _MOST_PLACES:
        return f"{name!r} belongs to {' or '.join(places)}"
    return nearest(name, known) or f"known here: {', '.join(known)}"
