"""No bytes make `load` fail in any way but with a SpecError that can be shown."""

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from plait import emit
from plait.errors import SpecError
from plait.spec.load import Source, load
from plait.spec.places import known_keys
from tests.spec import cases
from tests.support.data import DATA, TEXT
from tests.support.specs import specs

PLACES: list[tuple[str, ...]] = [
    (),
    ("spec",),
    ("spec", "functions"),
    ("spec", "functions", "a"),
    ("spec", "environments", "a"),
]
KEYS = st.sampled_from([key for place in PLACES for key in known_keys(place)])
PIECES = st.sampled_from(
    [*"\n \t:-?#[]{}&*!|>'\"%@,\x00\xff", "<<", "*a", "&a ", "!!str ", "---", "\n  ", "null", "5"]
)
NESTED = st.recursive(
    DATA, lambda children: st.dictionaries(KEYS | TEXT, children, max_size=5), max_leaves=30
)
HEAD = {"apiVersion": "plait.dev/v1", "kind": "Functions", "metadata": {"name": "shop"}}


def answer(data: bytes) -> Source | None:
    """The source, or None where `load` tells mistakes in a way that can be shown."""
    try:
        return load(data)
    except SpecError as caught:
        error = caught
    assert error.problems
    assert str(error).replace("\n", "").isprintable()
    assert all(problem.line > 0 and problem.column > 0 for problem in error.problems)
    return None


@settings(deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
@example(b"?")
@example(b"\xef\xbb\xbf\xff")
def test_bytes(data: bytes) -> None:
    """Whatever stands in the file."""
    answer(data)


@settings(deadline=None)
@given(NESTED, st.sampled_from(PLACES))
def test_data(data: Any, place: tuple[str, ...]) -> None:
    """Right keys with wrong values, at right and wrong places."""
    for key in reversed(place):
        data = {key: data}
    answer(emit.document(HEAD | data if isinstance(data, dict) else data).encode())


@settings(deadline=None)
@given(st.data(), st.sampled_from(sorted(cases.inputs().values())))
def test_pieces_in_files(data: st.DataObject, text: str) -> None:
    """A slip of the finger anywhere."""
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = start + data.draw(st.integers(0, 3))
        text = text[:start] + data.draw(PIECES) + text[end:]
    answer(text.encode())


@settings(deadline=None)
@given(specs(), st.data())
def test_one_wrong_value_is_told_where_it_stands(spec: dict[str, Any], data: st.DataObject) -> None:
    """A mistake in one place makes no mistakes at others."""
    text = emit.document(spec)
    assert answer(text.encode())
    lines = text.splitlines()
    index = data.draw(st.sampled_from([i for i, line in enumerate(lines) if not line.startswith("  ")]))
    lines[index] = lines[index].replace(":", "X:", 1)
    with pytest.raises(SpecError) as raised:
        load("\n".join(lines).encode())
    assert index + 1 in {problem.line for problem in raised.value.problems}


def test_keys_are_those_of_the_models() -> None:
    """The strategy above is made of them."""
    assert (
        known_keys(("spec", "functions", "a", "subscribes", 0, "filters", 0, "not", "all", 1))[-1] == "cesql"
    )
    assert known_keys(("spec", "nothing")) == []
