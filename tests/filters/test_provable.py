"""Filters that can be proved to match nothing, or everything; and those that cannot."""

from typing import Any

import pytest

from plait.filters import always_matches, never_matches

NEVER: list[tuple[list[dict[str, Any]], str]] = [
    ([{"exact": {"type": "a"}}, {"exact": {"type": "b"}}], 'type cannot be exact "a" and exact "b"'),
    ([{"exact": {"type": "a"}}, {"prefix": {"type": "b"}}], 'exact "a" and prefix "b"'),
    ([{"suffix": {"type": "b"}}, {"exact": {"type": "a"}}], 'suffix "b" and exact "a"'),
    ([{"prefix": {"type": "a.b"}}, {"prefix": {"type": "a.c"}}], 'prefix "a.b" and prefix "a.c"'),
    ([{"suffix": {"type": "b"}}, {"suffix": {"type": "ac"}}], 'suffix "b" and suffix "ac"'),
    ([{"exact": {"type": "a"}}, {"not": {"prefix": {"type": "a"}}}], 'exact "a" and not prefix "a"'),
    ([{"all": [{"exact": {"type": "a"}}]}, {"exact": {"type": "b"}}], "filters[0].all[0] and filters[1]"),
    ([{"any": [{"cesql": "FALSE"}, {"exact": {"data": "x"}}]}], "data is never there"),
    (
        [{"not": {"any": [{"exact": {"x": "a"}}, {"not": {"exact": {"x": "a"}}}]}}],
        "together match everything",
    ),
    ([{"exact": {"knativebrokerttl": "1"}}], "the Broker takes it out before it filters"),
    ([{"exact": {"time": "2026-02-03T06:05:06+02:00"}}], 'compared in UTC, as "2026-02-03T04:05:06Z"'),
    ([{"exact": {"specversion": "2.0"}}], "specversion is 0.3 or 1.0"),
    ([{"cesql": "1 = 2"}], "always the same"),
    ([{"cesql": "1 / 0 = 1"}], "always the same"),
    ([{"cesql": "LENGTH(type)"}], "never a boolean"),
    ([{"cesql": "flag"}], "never a boolean"),
    ([{"cesql": "nosuch(type)"}], "there is no function NOSUCH"),
    ([{"cesql": "type = 't' AND type = 'u'"}], 'type cannot be "t" and "u"'),
    ([{"cesql": "type = 't' AND (EXISTS x AND type = 'u')"}], 'type cannot be "t" and "u"'),
    ([{"not": {"cesql": "EXISTS type"}}], "every event has type"),
    ([{"cesql": "NOT EXISTS type AND EXISTS x"}], "never true: every event has type"),
    ([{"cesql": "type = ''"}], "every event has type"),
    ([{"cesql": "EXISTS data"}], "data is never there"),
    ([{"cesql": "data = 'x' AND type = 'y'"}], "data is never there"),
    ([{"exact": {"type": "t"}}, {"cesql": "type = 'u'"}], 'never true: type is "t"'),
    ([{"exact": {"type": "t"}}, {"cesql": "type LIKE 'u%' AND EXISTS x"}], 'never true: type is "t"'),
]

ALWAYS: list[tuple[list[dict[str, Any]], str]] = [
    ([{"exact": {"type": ""}}], "an empty value, and Knative skips it"),
    ([{}], "Knative skips it"),
    ([{"any": [{"suffix": {"type": ""}}]}], "Knative skips it"),
    ([{"not": {"exact": {"color": ""}}}], "Knative skips it"),
    ([{"cesql": "TRUE"}], "always the same"),
    ([{"not": {"exact": {"data": "x"}}}], "data is never there"),
    ([{"not": {"cesql": "nosuch(type)"}}], "there is no function NOSUCH"),
    ([{"any": [{"exact": {"x": "a"}}, {"not": {"exact": {"x": "a"}}}]}], "together match everything"),
    ([{"any": [{"not": {"exact": {"x": "ab"}}}, {"prefix": {"x": "a"}}]}], "together match everything"),
    ([{"cesql": "EXISTS id"}], "always true: every event has id"),
    ([{"cesql": "type LIKE '%'"}], "always true: every event has type"),
    ([{"cesql": "NOT (type NOT LIKE '%%')"}], "always true: every event has type"),
    ([{"cesql": "EXISTS source OR x = 'y'"}], "always true: every event has source"),
    (
        [{"cesql": "source <> '' AND EXISTS specversion"}],
        "every event has source, every event has specversion",
    ),
    ([{"not": {"cesql": "EXISTS data"}}], "data is never there"),
    ([{"not": {"cesql": "type = 't' AND type = 'u'"}}], 'type cannot be "t" and "u"'),
    ([{"not": {"all": [{"exact": {"type": "a"}}, {"exact": {"type": "b"}}]}}], 'exact "a" and exact "b"'),
]

OPEN: list[list[dict[str, Any]]] = [
    [],
    [{"exact": {"type": "a"}}],
    [{"exact": {"type": "a"}}, {"exact": {"source": "b"}}],
    [{"prefix": {"type": "a"}}, {"prefix": {"type": "ab"}}],
    [{"prefix": {"type": "a"}}, {"suffix": {"type": "b"}}],
    [{"prefix": {"type": "a"}}, {"not": {"exact": {"type": "a"}}}],
    [{"any": [{"exact": {"type": "a"}}, {"exact": {"type": "b"}}]}],
    [{"any": [{"exact": {"x": "a"}}, {"not": {"prefix": {"x": "a"}}}]}],
    [{"exact": {"type": ""}}, {"exact": {"type": "a"}}],
    [{"cesql": "EXISTS color"}],
    [{"cesql": "flag = TRUE"}],
    [{"cesql": "type = 't' OR type = 'u'"}],
    [{"cesql": "type = 't' AND source = 'u'"}],
    [{"cesql": "x = 1 AND x = '01'"}],
    [{"cesql": "x = 'y' OR EXISTS source"}],  # an error where x is missing
    [{"cesql": "x LIKE '%'"}],
    [{"cesql": "type LIKE '%a'"}],
    [{"cesql": "subject <> ''"}],
    [{"exact": {"type": "t"}}, {"cesql": "type LIKE 't%'"}],
    [{"any": [{"exact": {"type": "t"}}, {"cesql": "type = 'u'"}]}],
    [{"cesql": "BOOL(flag)"}],
    [{"not": {"cesql": "flag"}}],  # passes where flag is missing, breaks where it is there
    [{"not": {"exact": {"x": "a", "y": "b"}}}, {"exact": {"x": "a"}}],
]


def ids(rows: list[Any]) -> list[str]:
    """A readable name for each row."""
    return [str(row)[:80] for row in rows]


@pytest.mark.parametrize(("filters", "why"), NEVER, ids=ids(NEVER))
def test_never(filters: list[dict[str, Any]], why: str) -> None:
    """No event passes, and the reason says why."""
    assert why in (never_matches({"filters": filters}) or "")
    assert always_matches({"filters": filters}) is None


@pytest.mark.parametrize(("filters", "why"), ALWAYS, ids=ids(ALWAYS))
def test_always(filters: list[dict[str, Any]], why: str) -> None:
    """Every event passes, and the reason says why."""
    assert why in (always_matches({"filters": filters}) or "")
    assert never_matches({"filters": filters}) is None


@pytest.mark.parametrize("filters", OPEN, ids=ids(OPEN))
def test_neither(filters: list[dict[str, Any]]) -> None:
    """Nothing is claimed where some events pass and some do not, or where there is no filter."""
    assert never_matches({"filters": filters}) is None
    assert always_matches({"filters": filters}) is None


def test_filter_attributes() -> None:
    """The older field is looked at too."""
    assert "data is never there" in (never_matches({"filter": {"attributes": {"data": ""}}}) or "")
    assert never_matches({"filter": {"attributes": {"subject": ""}}}) is None
    assert always_matches({"filter": {"attributes": {}}}) is None
