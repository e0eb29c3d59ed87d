"""CESQL as Knative's library evaluates it: recorded from that library, see tests/data/cesql/README.md."""

import json
from pathlib import Path
from typing import Any

import pytest

from plait.filters.cesql import Dialect, ParseError, parse

RECORD = json.loads((Path(__file__).parent.parent / "data" / "cesql" / "sdk-go.json").read_text())


def answer(text: str) -> dict[str, Any]:
    """What plait gives, in the form of the record."""
    try:
        result = parse(text, Dialect.KNATIVE).evaluate(RECORD["event"])
    except ParseError as error:
        return {"error": error.kind}
    if result.error:
        return {"error": "panic" if result.error.panics else result.error.kind}
    return {"result": result.value}


@pytest.mark.parametrize("cases", [RECORD["cases"][start::8] for start in range(8)], ids=range(8))
def test_the_library_gives_the_same(cases: list[dict[str, Any]]) -> None:
    """Value and type, or the kind of the error, for every recorded expression."""
    for case in cases:
        wanted = {name: value for name, value in case.items() if name != "expression"}
        given = answer(case["expression"])
        assert given == wanted, case["expression"]
        assert type(given.get("result")) is type(wanted.get("result")), case["expression"]


def test_the_record_has_every_outcome() -> None:
    """Each kind of error, a crash and plain values are in the record."""
    kinds = {case.get("error") for case in RECORD["cases"]}
    named = {"parse", "math", "cast", "missingAttribute", "missingFunction", "functionEvaluation", "panic"}
    assert kinds == named | {None}
