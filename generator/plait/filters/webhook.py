"""What Knative's admission webhook refuses of a Trigger's filters (statement 20), and what no decoder takes.

Source: knative/eventing, pkg/apis/eventing/v1/trigger_validation.go, and tests/data/knative/f-rejected.json.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from plait.errors import PlaitError, nearest, short
from plait.filters.keys import quoted

DIALECTS = ("exact", "prefix", "suffix", "all", "any", "not", "cesql")
DEEPEST = 50
"""How deep `all`, `any` and `not` may be nested here. Knative sets no limit; nobody needs more."""

_NAME = re.compile(r"[a-z][a-z0-9]*", re.ASCII)
_MAPS = ("exact", "prefix", "suffix")
_LISTS = ("all", "any")


class FilterError(PlaitError):
    """A filter that Knative's webhook refuses. Exit code 2.

    `where` is the path in the Trigger, such as `spec.filters[0].exact[my-ext]`.
    """

    def __init__(self, message: str, *, where: str, hint: str | None = None) -> None:
        super().__init__(message, where=where, hint=hint, exit_code=2)


def mistakes(spec: Mapping[str, Any]) -> Iterator[FilterError]:
    """Everything in a Trigger's `filter` and `filters` that the webhook refuses, in order.

    Args:
        spec: a Trigger's spec; `filter` is checked even where `filters` overrides it, as Knative does.
    """
    yield from _attributes(spec.get("filter"), "spec.filter")
    yield from _elements(spec.get("filters"), "spec.filters", 0)


def _attributes(given: Any, where: str) -> Iterator[FilterError]:
    if given is None:
        return
    if not isinstance(given, Mapping):
        yield _kind(
            given, where, "a mapping", "write it as filter: {attributes: {type: com.example.order.paid}}"
        )
        return
    for name in given:
        if name != "attributes":
            hint = "only attributes stands in filter; other dialects stand in the list filters"
            yield FilterError(f"unknown field {short(str(name))}", where=where, hint=hint)
    yield from _texts(given.get("attributes"), f"{where}.attributes")


def _texts(given: Any, where: str) -> Iterator[FilterError]:
    if given is None:
        return
    if not isinstance(given, Mapping):
        yield _kind(
            given, where, "a mapping of attributes to texts", "write it as {type: com.example.order.paid}"
        )
        return
    for name, value in given.items():
        shown = quoted(str(name))
        place = f"{where}[{shown[1:-1]}]"
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            hint = "an attribute name starts with a letter and has only small letters and digits"
            yield FilterError(f"invalid key name {shown}", where=place, hint=hint)
        if not isinstance(value, str):
            yield _kind(
                value, place, "a text", f"filters compare texts: put it in quotes, as {quoted(str(value))}"
            )


def _elements(given: Any, where: str, depth: int) -> Iterator[FilterError]:
    if given is None:
        return
    if not isinstance(given, list | tuple):
        yield _kind(
            given, where, "a list of filters", "write it as [{exact: {type: com.example.order.paid}}]"
        )
        return
    for index, element in enumerate(given):
        yield from _element(element, f"{where}[{index}]", depth)


def _element(given: Any, where: str, depth: int) -> Iterator[FilterError]:
    if depth > DEEPEST:
        yield FilterError(f"filters nested deeper than {DEEPEST} levels", where=where, hint="flatten them")
        return
    if not isinstance(given, Mapping):
        yield _kind(given, where, "a mapping with one dialect", f"one of {', '.join(DIALECTS)}")
        return
    yield from _fields(given, where)
    for dialect in _MAPS:
        yield from _texts(given.get(dialect), f"{where}.{dialect}")
    for dialect in _LISTS:
        yield from _elements(given.get(dialect), f"{where}.{dialect}", depth + 1)
    if given.get("not") is not None:
        yield from _element(given["not"], f"{where}.not", depth + 1)
    yield from _expression(given.get("cesql"), f"{where}.cesql")


def _fields(given: Mapping[str, Any], where: str) -> Iterator[FilterError]:
    for name in given:
        if name not in DIALECTS:
            hint = nearest(str(name), DIALECTS) or f"the dialects are {', '.join(DIALECTS)}"
            yield FilterError(f"unknown dialect {short(str(name))}", where=where, hint=hint)
    used = [name for name in DIALECTS if given.get(name) or (name == "not" and given.get(name) is not None)]
    if len(used) > 1:
        message = "multiple dialects found, filters can have only one dialect set"
        hint = f"put {' and '.join(used)} in list elements of their own; every element must match"
        yield FilterError(message, where=where, hint=hint)


def _expression(given: Any, where: str) -> Iterator[FilterError]:
    if given is None or given == "":
        return
    if not isinstance(given, str):
        yield _kind(given, where, "a text", "write the expression in quotes")
        return
    from plait.filters import cesql  # noqa: PLC0415 - with it comes lark, which most Triggers do not need

    try:
        cesql.parse(given, cesql.Dialect.KNATIVE)
    except cesql.ParseError as error:
        yield FilterError(f"invalid value: {short(given)}: {error.message}", where=where, hint=error.hint)


def _kind(given: Any, where: str, wanted: str, hint: str) -> FilterError:
    names = {
        bool: "a boolean",
        int: "a number",
        float: "a number",
        str: "a text",
        list: "a list",
        dict: "a mapping",
    }
    return FilterError(
        f"{names.get(type(given), 'something else')} where {wanted} belongs", where=where, hint=hint
    )
