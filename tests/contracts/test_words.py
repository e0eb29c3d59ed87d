"""What changes from one schema to another, in words, and whether that breaks those who take the events."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from plait.compare.schemas import steps

A: dict[str, Any] = {"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}}}


def of(**properties: Any) -> dict[str, Any]:
    """An object's schema."""
    return {"type": "object", "properties": properties}


def told(old: Any, new: Any) -> list[tuple[str, bool | None]]:
    """The steps, as texts and verdicts."""
    return [(step.text, step.breaking) for step in steps(json.dumps(old), json.dumps(new))]


CASES: list[tuple[Any, Any, list[tuple[str, bool | None]]]] = [
    (A, {**A, "title": "T", "examples": [1], "$comment": "c"}, []),
    (of(), of(b={}), [("b is added", False)]),
    (of(), {**of(b={}), "required": ["b"]}, [("b is added, and required", False)]),
    (
        {**of(), "additionalProperties": False},
        {**of(b={}), "additionalProperties": False},
        [("b is added", True)],
    ),
    (of(b={}), of(), [("b is removed", True)]),
    (A, of(), [("a is removed", True)]),
    (A, {**A, "required": []}, [("a is no longer required", True)]),
    ({**A, "required": []}, A, [("a is now required", False)]),
    ({}, {"required": ["x"]}, [("x is now required", False)]),
    (of(a={"type": "string"}), of(a={"type": "number"}), [("a is a number, no longer a string", True)]),
    (of(a={"type": "integer"}), of(a={"type": "number"}), [("a is a number, no longer an integer", True)]),
    (of(a={"type": "number"}), of(a={"type": "integer"}), [("a is an integer, no longer a number", False)]),
    (
        {"type": ["string", "null"]},
        {"type": "string"},
        [("the data is a string, no longer a null or a string", False)],
    ),
    ({}, {"type": "array"}, [("the data is an array, no longer of any type", False)]),
    ({"type": "array"}, {}, [("the data is of any type, no longer an array", True)]),
    (of(a=of(b={})), of(a=of()), [("a.b is removed", True)]),
    (of(a={"items": of(b={})}), of(a={"items": of()}), [("a[].b is removed", True)]),
    ({"items": {}}, {}, [("the items of the data change", None)]),
    (
        {"enum": ["a", 1]},
        {"enum": [1, "b"]},
        [('the data may now be "b"', True), ('the data is no longer "a"', False)],
    ),
    ({"const": 1}, {"enum": [1]}, []),
    ({}, {"const": 1}, [("the data takes only certain values now", False)]),
    ({"enum": [1]}, {}, [("the data takes any value now", True)]),
    ({"minimum": 0}, {"minimum": 1}, [("minimum of the data is 1, no longer 0", False)]),
    ({"maximum": 0}, {"maximum": 1}, [("maximum of the data is 1, no longer 0", True)]),
    ({"maxLength": 5}, {}, [("maxLength of the data is not set, no longer 5", True)]),
    ({}, {"minItems": 5}, [("minItems of the data is 5, no longer not set", False)]),
    ({}, {"additionalProperties": False}, [("other properties are no longer allowed", False)]),
    (of(a={"additionalProperties": False}), of(a={}), [("other properties in a are now allowed", True)]),
    ({"additionalProperties": {}}, {}, [("what other properties may be changes", None)]),
    ({"pattern": "a"}, {"pattern": "b"}, [("pattern of the data changes", None)]),
    (True, {}, []),
    (True, False, [("not of the data changes", None)]),
]


@pytest.mark.parametrize(("old", "new", "expected"), CASES)
def test_each_change(old: Any, new: Any, expected: list[tuple[str, bool | None]]) -> None:
    """One sentence, one verdict."""
    assert told(old, new) == expected


def test_references_are_followed() -> None:
    """Within the document, and to embedded files; a schema that contains itself ends."""
    one = {
        "$ref": "#/$defs/node",
        "$defs": {"node": {"properties": {"next": {"$ref": "#/$defs/node"}, "a": {}}}},
    }
    two = {"$ref": "#/$defs/node", "$defs": {"node": {"properties": {"next": {"$ref": "#/$defs/node"}}}}}
    assert ("a is removed", True) in told(one, two)
    ours = {"$ref": "m.json#/$defs/x", "$defs": {"file:///s/m.json": {"$defs": {"x": {"type": "string"}}}}}
    theirs = {"$ref": "m.json#/$defs/x", "$defs": {"file:///s/m.json": {"$defs": {"x": {"type": "number"}}}}}
    assert told(ours, theirs) == [("the data is a number, no longer a string", True)]
    loop = {"$ref": "#"}
    assert told(loop, loop) == []


SCHEMAS = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(["object", "number", "integer", ["object", "null"]]),
        "required": st.lists(st.sampled_from("ab"), unique=True),
        "minimum": st.integers(0, 3),
        "maxProperties": st.integers(0, 2),
        "enum": st.lists(st.sampled_from([0, 1, 2, {}, {"a": 1}]), unique_by=str, min_size=1),
        "additionalProperties": st.just(value=False),
        "properties": st.dictionaries(
            st.sampled_from("ab"), st.sampled_from([{}, {"type": "string"}, {"type": "number"}, {"const": 1}])
        ),
    },
)
DATA = st.none() | st.integers(0, 3) | st.dictionaries(st.sampled_from("abc"), st.sampled_from([0, 1, "x"]))


@settings(deadline=None)
@given(SCHEMAS, SCHEMAS, DATA)
def test_compatible_is_true(old: dict[str, Any], new: dict[str, Any], data: Any) -> None:
    """Where every step is compatible, what the new schema lets through the old one would have, too.

    Properties that are added are left out: by the letter a value of that name might have passed before.
    """
    found = told(old, new)
    if all(breaking is False for _, breaking in found) and Draft202012Validator(new).is_valid(data):
        assert Draft202012Validator(old).is_valid(data)
