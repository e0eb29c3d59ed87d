"""YAML as kubectl takes it: `yamlio.lenient`."""

from typing import Any

import pytest
from hypothesis import given

from plait import emit
from plait.yamlio import YamlProblem, lenient, plain
from tests.support.data import DATA


def data(text: str) -> list[Any]:
    """The documents as data."""
    return [node.plain() for node in lenient(text)[0]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\na: 2\n", {"a": 2}),
        ("a: &x {b: 1}\nc: *x\n", {"a": {"b": 1}, "c": {"b": 1}}),
        ("a: &x {b: 1, c: 1}\nd:\n  c: 2\n  <<: *x\n", {"a": {"b": 1, "c": 1}, "d": {"b": 1, "c": 2}}),
        ("a: {<<: [{b: 1}, {b: 2, c: 2}]}\n", {"a": {"b": 1, "c": 2}}),
        ('{"<<": 1, <<: {b: 2}}\n', {"<<": 1, "b": 2}),
        ("a: {<<: text, b: 1}\n", {"a": {"b": 1}}),
        ("[yes, No, ON, off, 'yes', y]\n", [True, False, True, False, "yes", "y"]),
        ("%YAML 1.1\n---\non: 1\n", {"on": 1}),
    ],
)
def test_what_it_takes(text: str, expected: Any) -> None:
    """The last key, merge keys, old booleans, a directive."""
    assert data(text) == [expected]


def test_keys_that_stand_twice_are_noted() -> None:
    """With both lines."""
    (note,) = lenient("a: 1\nb: 2\na: 3\n")[1]
    assert (note.line, note.column, note.message) == (3, 1, "'a' stands in line 1 too; the last one counts")


@pytest.mark.parametrize("text", ["a: [", "{[a]: b}", "a: !x b", "a: *b", "a: &a [*a]", "a: \x07"])
def test_what_it_does_not_take(text: str) -> None:
    """Mistakes that kubectl refuses too, and tags."""
    with pytest.raises(YamlProblem):
        lenient(text)


@given(DATA)
def test_what_the_strict_reader_takes(value: Any) -> None:
    """For what plait writes both readers agree."""
    text = emit.document(value)
    assert data(text) == plain(text)
