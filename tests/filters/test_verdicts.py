"""What a verdict says: the first attribute that did not match, the reason, the element."""

from typing import Any

import pytest

from plait.filters import Verdict, compile_trigger

EVENT = {"specversion": "1.0", "id": "1", "type": "a.b", "source": "/src", "color": "red", "empty": ""}


def verdict(*filters: dict[str, Any], **more: str) -> Verdict:
    """The verdict of a Trigger with these filters for EVENT and more attributes."""
    return compile_trigger({"filters": list(filters)}).verdict(EVENT | more)


REASONS: list[tuple[dict[str, Any], str | None, str, str]] = [
    ({"exact": {"type": "a"}}, "type", 'type is "a.b", exact wants "a"', ""),
    ({"exact": {"type": "a.b", "source": "/x"}}, "source", 'source is "/src", exact wants "/x"', ""),
    ({"prefix": {"type": "b"}}, "type", 'type is "a.b", prefix wants it to start with "b"', ""),
    ({"suffix": {"shape": "b"}}, "shape", 'shape is not there, suffix wants it to end with "b"', ""),
    ({"exact": {"empty": "b"}}, "empty", 'empty is empty, exact wants "b"', ""),
    ({"exact": {"subject": "s"}}, "subject", 'subject is not there, exact wants "s"', ""),
    ({"exact": {"time": "x"}}, "time", 'time is not there, exact wants "x"', ""),
    (
        {"all": [{"exact": {"color": "red"}}, {"exact": {"id": "2"}}]},
        "id",
        'id is "1", exact wants "2"',
        ".all[1]",
    ),
    (
        {"any": [{"exact": {"id": "2"}}, {"exact": {"id": "3"}}]},
        "id",
        'id is "1", exact wants "2"; id is "1", exact wants "3"',
        "",
    ),
    (
        {"any": [{"exact": {"id": str(number)}} for number in range(2, 8)]},
        "id",
        'id is "1", exact wants "2"; id is "1", exact wants "3"; id is "1", exact wants "4"; 3 more',
        "",
    ),
    ({"not": {"exact": {"color": "red"}}}, "color", 'color is "red", and not rules that out', ""),
    (
        {"not": {"any": [{"exact": {"id": "2"}}, {"prefix": {"color": "r"}}]}},
        "color",
        'color is "red", and not rules that out',
        "",
    ),
    (
        {"not": {"not": {"exact": {"id": "2"}}}},
        "id",
        'id is "1", exact wants "2", and not rules that out',
        "",
    ),
    (
        {"cesql": "type = 'a.b' AND (id = '1' AND color = 'x')"},
        "color",
        "color = 'x' is false: color is \"red\"",
        "",
    ),
    (
        {"cesql": "type = 'x' OR id = '2'"},
        "type",
        "type = 'x' OR id = '2' is false: type is \"a.b\", id is \"1\"",
        "",
    ),
    ({"cesql": "id = '1' AND shape = 'x'"}, "shape", "shape is not there, cesql asks shape = 'x'", ""),
    ({"cesql": "INT(type) = 5"}, "type", "'a.b' is no 32 bit integer, cesql asks INT(type) = 5", ""),
    ({"cesql": "FALSE"}, None, "FALSE is false", ""),
    (
        {"not": {"cesql": "EXISTS color"}},
        "color",
        'EXISTS color is true: color is "red", and not rules that out',
        "",
    ),
]


@pytest.mark.parametrize(
    ("element", "attribute", "reason", "path"), REASONS, ids=[str(row[0])[:60] for row in REASONS]
)
def test_the_reason(element: dict[str, Any], attribute: str | None, reason: str, path: str) -> None:
    """For each dialect, what the event has and what the filter wants, and where."""
    assert verdict(element) == (False, attribute, reason, f"filters[0]{path}", False)


def test_filter_attributes_is_named() -> None:
    """The older field has its own name in the reason, and wants "any value" where it holds an empty text."""
    given = compile_trigger({"filter": {"attributes": {"color": "", "subject": ""}}}).verdict(EVENT)
    wanted = "subject is not there, filter.attributes wants any value"
    assert given == (False, "subject", wanted, "filter.attributes", False)


def test_a_long_value_is_shortened() -> None:
    """A reason stays readable when an attribute is long or not printable."""
    reason = verdict({"exact": {"type": "a"}}, type="x" * 5000 + "\x1b[31m").reason
    assert len(reason) < 200
    assert reason.isprintable()


def test_the_second_element_is_named() -> None:
    """The path counts the elements of the list, skipped ones too."""
    assert verdict({}, {"exact": {"id": "2"}}).path == "filters[1]"


@pytest.mark.parametrize("expression", ["type", "LENGTH(type)", "SUBSTRING(type, 1, -1) = 'a'"])
@pytest.mark.parametrize("wrap", ["{}", "not", "all", "any"])
def test_what_breaks_knatives_filter(expression: str, wrap: str) -> None:
    """An expression that gives no boolean is never delivered, not even under not, and the verdict says why."""
    element: dict[str, Any] = {"cesql": expression}
    if wrap != "{}":
        element = {wrap: element if wrap == "not" else [element]}
    given = verdict(element)
    assert given.broken
    assert not given.matches
    assert "Knative's filter fails on that" in given.reason


def test_an_element_before_a_broken_one_decides() -> None:
    """all stops at what fails, any at what passes, before the element that would break."""
    broken = {"cesql": "type"}
    assert verdict({"any": [{"exact": {"id": "1"}}, broken]}).matches
    assert not verdict({"all": [{"exact": {"id": "2"}}, broken]}).broken


def test_a_broken_element_before_others_decides() -> None:
    """The crash comes before all and any ask what follows."""
    broken = {"cesql": "type"}
    assert verdict({"any": [broken, {"exact": {"id": "1"}}]}).broken
    assert verdict({"all": [broken, {"exact": {"id": "1"}}]}).broken


@pytest.mark.parametrize(
    ("event", "name", "value"),
    [
        ({"time": "2026-02-03T06:05:06.500+02:00"}, "time", "2026-02-03T04:05:06.5Z"),
        ({"time": "2026-02-03T06:05:06,123456789123Z"}, "time", "2026-02-03T06:05:06.123456789Z"),
        ({"time": "no time"}, "time", "no time"),
        ({"time": "0001-01-01T00:00:00+10:00"}, "time", "0001-01-01T00:00:00+10:00"),
        ({"time": "2026-13-03T06:05:06+02:00"}, "time", "2026-13-03T06:05:06+02:00"),
        ({"datacontenttype": "text/plain; charset=utf-8"}, "datamediatype", "text/plain"),
        ({"dataschema": "urn:s"}, "schemaurl", "urn:s"),
        ({"specversion": "0.3", "schemaurl": "urn:s"}, "dataschema", "urn:s"),
        ({"specversion": "0.3", "datacontentencoding": "base64"}, "datacontentencoding", "base64"),
        ({"specversion": "0.3"}, "specversion", "0.3"),
    ],
)
def test_attributes_compare_as_in_knative(event: dict[str, str], name: str, value: str) -> None:
    """Times in UTC, the media type without parameters, the schema under both of its names."""
    assert compile_trigger({"filters": [{"exact": {name: value}}]}).verdict(EVENT | event).matches


def test_cesql_reads_the_schema_as_dataschema() -> None:
    """The names that only specversion 0.3 has are no identifiers of CESQL there; in 1.0 they are extensions."""
    old = {"specversion": "0.3", "schemaurl": "urn:s", "datacontentencoding": "base64"}
    assert verdict({"cesql": "dataschema = 'urn:s'"}, **old).matches
    for name in ("schemaurl", "datacontentencoding"):
        assert not verdict({"cesql": f"EXISTS {name}"}, **old).matches
        assert verdict({"cesql": f"EXISTS {name}"}, **old | {"specversion": "1.0"}).matches


def test_what_no_filter_sees() -> None:
    """The Broker takes its TTL out before it filters."""
    assert not verdict({"prefix": {"knativebrokerttl": "2"}}, knativebrokerttl="255").matches
    assert not verdict({"cesql": "EXISTS knativebrokerttl"}, knativebrokerttl="255").matches


@pytest.mark.parametrize(
    "element", [{"exact": {"data": "x"}}, {"cesql": "data = 'x'"}, {"cesql": "EXISTS data"}]
)
def test_an_extension_that_is_named_data(element: dict[str, Any]) -> None:
    """A header `ce-data` makes one, and to Knative it is as any other; without it there is nothing."""
    assert verdict(element, data="x").matches
    assert not verdict(element).matches


@pytest.mark.parametrize("spec", [{}, {"filters": []}, {"filters": None}, {"filter": None}, {"filter": {}}])
def test_without_a_filter_everything_matches(spec: dict[str, Any]) -> None:
    """Every way to have no filter (statement 14)."""
    assert compile_trigger(spec).verdict(EVENT) == Verdict(matches=True)
