"""Expressions over events."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plait_handler import Reject
from plait_handler.errors import SettingsError
from plait_wasmtime.values.expressions import compiled

from .guests import event

DATA = {"a": {"b": 5}, "list": [1, [2, 3]], "x.y": {"0": 7}, "": 8, "n": None}


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        (5, 5),
        (-0.5, -0.5),
        ("-12", -12),
        (" 1e3 ", 1000.0),
        ("data.a.b", 5),
        ("data.list[0]", 1),
        ("data.list.1.0", 2),
        ("data.list[1][1]", 3),
        ('data["x.y"][0]', 7),
        ('data["x.y"]["0"]', 7),
        ('data[""]', 8),
        ("data.n", None),
        ("subject", 7),
        ("myext", "x7"),
        ("specversion", 1.0),
    ],
)
def test_values(expression: str | float, value: Any) -> None:
    """Numbers, members, items, attributes."""
    incoming = event(json.dumps(DATA).encode(), subject="7", myext="x7")
    assert compiled(expression)(incoming) == value


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("data.b", "data.b is not there"),
        ("data.a.b.c", "data.a.b.c is not there: data.a.b is a number"),
        ("data.list[9]", "data.list[9] is not there"),
        ("data.list.a", "data.list.a is not there: data.list is a list"),
        ("subject", "the event has no attribute 'subject'"),
    ],
)
def test_values_that_are_not_there(expression: str, message: str) -> None:
    """Reject the event, with the place."""
    with pytest.raises(Reject) as raised:
        compiled(expression)(event(json.dumps(DATA).encode()))
    assert str(raised.value) == message


@pytest.mark.parametrize(
    "expression", ["", "data.", "data[x]", "Data", "data..a", "data[-1]", "a b", "data.a + 1"]
)
def test_no_expressions(expression: str) -> None:
    """Are told when the server starts."""
    with pytest.raises(SettingsError, match="is no expression: write a number, an attribute"):
        compiled(expression)


def test_attributes_have_no_members() -> None:
    """And a reader who writes one has taken an attribute for data."""
    with pytest.raises(SettingsError, match="'subject' is an attribute, which has no members"):
        compiled("subject.a")


JSON = st.recursive(
    st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(JSON, st.data())
def test_every_value_has_an_expression(document: Any, data: st.DataObject) -> None:
    """A path of quoted members and items leads to the value that it was made of."""
    value, path = document, "data"
    while isinstance(value, dict | list) and value:
        if isinstance(value, list):
            index = data.draw(st.integers(0, len(value) - 1))
            value, path = value[index], f"{path}[{index}]"
        else:
            name = data.draw(st.sampled_from(sorted(value)))
            value, path = value[name], f"{path}[{json.dumps(name)}]"
    assert compiled(path)(event(json.dumps(document).encode())) == value
