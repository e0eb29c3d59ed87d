"""CESQL against its specification's test suite (TCK), tests/data/cesql/tck: 275 cases."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from plait.filters.cesql import Dialect, ParseError, parse

FOLDER = Path(__file__).parent.parent / "data" / "cesql" / "tck"
ANY_EVENT = {"specversion": "1.0", "id": "1", "source": "/src", "type": "t.one"}

KNATIVE_GIVES = {"Timestamp type cohercion to string": "2018-04-26T12:48:09Z"}
"""Knative's Broker compares a time in UTC; the suite's own runner gives the library the event as it came."""


class _Typed(yaml.SafeLoader):
    """YAML with integers and booleans, and times as texts, as in JSON."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - PyYAML's own attribute
        first: [(tag, pattern) for tag, pattern in pairs if tag != "tag:yaml.org,2002:timestamp"]
        for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def cases() -> list[Any]:
    """Every case, with expressions and events as texts and results as YAML types them."""
    found = []
    for path in sorted(FOLDER.glob("*.yaml")):
        texts = yaml.load(path.read_text(), yaml.BaseLoader)["tests"]  # noqa: S506 - the safest loader of all
        typed = yaml.load(path.read_text(), _Typed)["tests"]  # noqa: S506 - it makes plain values alone
        found += [
            pytest.param(
                case | {"expression": text["expression"], "event": text.get("event", ANY_EVENT)},
                id=f"{path.stem}-{n}",
            )
            for n, (text, case) in enumerate(zip(texts, typed, strict=True))
        ]
    return found


CASES = cases()


def run(case: dict[str, Any], dialect: Dialect) -> tuple[Any, str | None]:
    """The value and the error of a case."""
    try:
        expression = parse(case["expression"], dialect)
    except ParseError as error:
        return case.get("result"), error.kind
    result = expression.evaluate(case["event"] | case.get("eventOverrides", {}))
    return result.value, result.error.kind if result.error else None


def test_the_suite_is_whole() -> None:
    """No case was lost on the way: the suite of version 1.0.0 has 275."""
    assert len(CASES) == 275


@pytest.mark.parametrize("dialect", Dialect, ids=lambda dialect: dialect.value)
@pytest.mark.parametrize("case", CASES)
def test_case(case: dict[str, Any], dialect: Dialect) -> None:
    """Value, type of the value and error are as the suite has them."""
    value, error = run(case, dialect)
    expected = case.get("result")
    if dialect is Dialect.KNATIVE:
        expected = KNATIVE_GIVES.get(case["name"], expected)
    assert (value, type(value), error) == (expected, type(expected), case.get("error"))
