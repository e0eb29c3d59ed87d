"""What Knative's webhook refuses, all of it, with where and how to mend it."""

from typing import Any

import pytest

from plait.filters import compile_trigger, mistakes
from plait.filters.webhook import DEEPEST


def told(spec: dict[str, Any]) -> list[tuple[str | None, str]]:
    """Where and what of every mistake; each has a hint."""
    found = list(mistakes(spec))
    assert all(error.hint for error in found)
    return [(error.where, error.message) for error in found]


@pytest.mark.parametrize(
    ("spec", "where", "message"),
    [
        ({"filters": {"exact": {"type": "a"}}}, "spec.filters", "a mapping where a list of filters belongs"),
        ({"filters": ["type"]}, "spec.filters[0]", "a text where a mapping with one dialect belongs"),
        ({"filters": [{"exakt": {"type": "a"}}]}, "spec.filters[0]", "unknown dialect 'exakt'"),
        ({"filters": [{"exact": {"n": 5}}]}, "spec.filters[0].exact[n]", "a number where a text belongs"),
        ({"filters": [{"exact": {"n": True}}]}, "spec.filters[0].exact[n]", "a boolean where a text belongs"),
        (
            {"filters": [{"exact": "type"}]},
            "spec.filters[0].exact",
            "a text where a mapping of attributes to texts belongs",
        ),
        (
            {"filters": [{"all": {"exact": {}}}]},
            "spec.filters[0].all",
            "a mapping where a list of filters belongs",
        ),
        ({"filters": [{"cesql": True}]}, "spec.filters[0].cesql", "a boolean where a text belongs"),
        (
            {"filters": [{"not": {}, "cesql": "TRUE"}]},
            "spec.filters[0]",
            "multiple dialects found, filters can have only one dialect set",
        ),
        ({"filter": ["type"]}, "spec.filter", "a list where a mapping belongs"),
        ({"filter": {"type": "a"}}, "spec.filter", "unknown field 'type'"),
        (
            {"filter": {"attributes": {"Type": "a"}}},
            "spec.filter.attributes[Type]",
            'invalid key name "Type"',
        ),
        (
            {"filters": [{"prefix": {"\x1b": "a"}}]},
            "spec.filters[0].prefix[\\x1b]",
            'invalid key name "\\x1b"',
        ),
    ],
)
def test_a_mistake_is_told(spec: dict[str, Any], where: str, message: str) -> None:
    """The place in the Trigger, and what is wrong there."""
    assert told(spec) == [(where, message)]


def test_all_mistakes_are_told() -> None:
    """Those of `filter` too, although `filters` overrides it."""
    spec = {
        "filter": {"attributes": {"A": "x"}},
        "filters": [
            {"exact": {"b-c": "x"}, "prefix": {"type": "x"}},
            {"not": {"any": [{"suffix": {"1": "x"}}]}},
        ],
    }
    assert [where for where, _ in told(spec)] == [
        "spec.filter.attributes[A]",
        "spec.filters[0]",
        "spec.filters[0].exact[b-c]",
        "spec.filters[1].not.any[0].suffix[1]",
    ]


@pytest.mark.parametrize(
    "element",
    [
        {},
        {"exact": {}, "prefix": {"type": "a"}},
        {"all": [], "cesql": "TRUE"},
        {"cesql": "", "exact": {"a": "b"}},
        {"exact": None},
    ],
    ids=str,
)
def test_what_is_empty_is_not_there(element: dict[str, Any]) -> None:
    """An empty dialect does not count, as in Knative."""
    assert told({"filters": [element]}) == []


def test_nesting_is_bounded() -> None:
    """A mistake, never a RecursionError; what is just below the bound compiles."""
    element: dict[str, Any] = {"exact": {"type": "a"}}
    for _ in range(DEEPEST):
        element = {"not": element}
    assert compile_trigger({"filters": [element]}).verdict({"type": "a"}).matches
    for _ in range(3000):
        element = {"not": element}
    assert [message for _, message in told({"filters": [element]})] == [
        "filters nested deeper than 50 levels"
    ]


def test_a_wrong_expression_says_what_is_wrong() -> None:
    """The parser's own words, with line and column, and its hint."""
    (error,) = mistakes({"filters": [{"any": [{"cesql": "type == 'a'"}]}]})
    assert str(error) == (
        "spec.filters[0].any[0].cesql: invalid value: \"type == 'a'\": '=' at 1:7 does not fit there\n"
        "  hint: CESQL compares with a single ="
    )
