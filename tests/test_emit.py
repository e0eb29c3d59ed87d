"""What `plait.emit` writes is read the same by every YAML reader that a cluster's tools have."""

from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from ruamel.yaml import YAML

from plait import emit
from plait.yamlio import plain
from tests.support.data import DATA, NASTY, TEXT


def readings(text: str) -> dict[str, Any]:
    """The text as this project's reader sees it, a reader of YAML 1.2, and one of YAML 1.1."""
    return {
        "plait": plain(text),
        "ruamel.yaml (YAML 1.2)": list(YAML(typ="safe", pure=True).load_all(text)),
        "PyYAML and libyaml (YAML 1.1)": list(yaml.load_all(text, yaml.CSafeLoader)),
    }


def assert_read_back(data: Any) -> None:
    """Every reader gives the data back, in its order."""
    __tracebackhide__ = True
    for reader, found in readings(emit.document(data)).items():
        assert repr(found) == repr([data]), reader


@settings(deadline=None)
@given(DATA)
def test_data_is_read_back(data: Any) -> None:
    """Whatever it is: the tree in Git must be what functions.yaml says."""
    assert_read_back(data)


@pytest.mark.parametrize("text", NASTY, ids=ascii)
def test_a_text_stays_a_text(text: str) -> None:
    """At every place: alone, as a key, as a value, in a list."""
    assert_read_back([text, {text: text}, [[text]], {"a": [{text: [text]}, {"b": text}]}])
    assert_read_back(text)


@pytest.mark.parametrize("number", [0.1, 1.0, -0.0, 1e16, 1e-7, 1.5e300, float("inf"), float("-inf"), 5e-324])
def test_a_number_stays_a_number(number: float) -> None:
    """YAML 1.1 wants a point in every float."""
    assert_read_back({"a": number})


@settings(deadline=None)
@given(TEXT, TEXT)
@example("a" * 2000, "b")
@example("\x00" * 900, "b\n")
def test_long_lines_are_not_folded(key: str, value: str) -> None:
    """A folded line would show up as a change of two lines in every diff."""
    data = {key + "k" * 1000: value + " a" * 1000, "a": [{key * 200: [value * 200]}]}
    assert_read_back(data)
    assert "k" * 1000 in emit.document(data)


def test_style() -> None:
    """As kubectl writes it: lists at the indentation of their key, a literal for several lines of text."""
    data = {
        "a": {"b": [1, [2, 3], {"c": None, "d": {}, "e": []}], "f": "yes"},
        "script": "line\n  line\n\nline\n",
        "no newline": "a\nb",
        "empty": {},
        "g": [[], {}, [{"h": "i"}]],
    }
    assert emit.document(data) == (
        "a:\n"
        "  b:\n"
        "  - 1\n"
        "  -\n"
        "    - 2\n"
        "    - 3\n"
        "  - c: null\n"
        "    d: {}\n"
        "    e: []\n"
        '  f: "yes"\n'
        "script: |\n"
        "  line\n"
        "    line\n"
        "\n"
        "  line\n"
        '"no newline": "a\\nb"\n'
        "empty: {}\n"
        "g:\n"
        "- []\n"
        "- {}\n"
        "-\n"
        "  - h: i\n"
    )


def test_stream() -> None:
    """Documents with --- between them, as kubectl reads several objects."""
    assert emit.stream([{"a": 1}, "b"]) == "a: 1\n---\nb\n"
    assert plain(emit.stream([{"a": "---"}, [], None, "..."])) == [{"a": "---"}, [], None, "..."]
