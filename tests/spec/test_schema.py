"""schemas/functions.v1.json: what editors know of functions.yaml."""

import copy
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from plait import emit
from plait.spec import schema
from plait.spec.base import Model
from plait.spec.load import load
from plait.yamlio import plain
from tests.spec import cases
from tests.support.specs import specs

COMMITTED = Path(__file__).parents[2] / "schemas" / "functions.v1.json"
SCHEMA = schema.json_schema()
VALIDATOR = Draft202012Validator(SCHEMA)
MODELS = {"Spec": SCHEMA, **SCHEMA["$defs"]}
FIELDS = [(model, field) for model, content in MODELS.items() for field in content["properties"]]
PYTHON_ONLY = re.compile(r"\(\?(?:P|<[=!]|#|[aiLmsux])|\\[AZz]|[*+?}]\+")


def keywords(content: Any) -> Iterator[tuple[str, Any]]:
    """Each keyword with its value; the names of fields and models are none."""
    if isinstance(content, dict):
        for key, value in content.items():
            yield key, value
            if key in ("properties", "patternProperties", "$defs"):
                yield from (pair for part in value.values() for pair in keywords(part))
            elif key not in ("examples", "default", "enum"):
                yield from keywords(value)
    elif isinstance(content, list):
        yield from (pair for part in content for pair in keywords(part))


def mappings(value: Any) -> Iterator[dict[str, Any]]:
    """The data's mappings whose keys are fields, found by the fields that they have."""
    if isinstance(value, dict):
        yield value
        for item in value.values():
            yield from mappings(item)
    elif isinstance(value, list):
        for item in value:
            yield from mappings(item)


def test_the_committed_schema_is_current() -> None:
    """`plait schema` writes it."""
    assert COMMITTED.read_text(encoding="utf-8") == schema.text()


def test_it_is_json_schema() -> None:
    """Draft 2020-12, with a name of its own."""
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == Draft202012Validator.META_SCHEMA["$id"]
    assert SCHEMA["$id"] == "https://plait.dev/schemas/functions.v1.json"
    assert schema.text() == json.dumps(SCHEMA, indent=2, ensure_ascii=False) + "\n"


@pytest.mark.parametrize("model", MODELS)
def test_every_model_is_described_and_closed(model: str) -> None:
    """A misspelt key is underlined."""
    assert MODELS[model]["description"]
    assert MODELS[model]["additionalProperties"] is False


@pytest.mark.parametrize(("model", "field"), FIELDS)
def test_every_field_has_a_description_and_valid_examples(model: str, field: str) -> None:
    """What one reads when the pointer rests on a key."""
    content = MODELS[model]["properties"][field]
    assert content["description"].endswith((".", ")"))
    assert content["examples"]
    validator = VALIDATOR.evolve(schema=content | {"$defs": SCHEMA["$defs"]})
    assert not [error.message for example in content["examples"] for error in validator.iter_errors(example)]


def test_every_field_of_the_models_is_there() -> None:
    """By its name in functions.yaml."""
    models = {model.__name__: model for model in Model.__subclasses__()}
    assert models.keys() == MODELS.keys()
    for name, model in models.items():
        fields = [field.alias or attribute for attribute, field in model.model_fields.items()]
        assert list(MODELS[name]["properties"]) == fields
        assert schema.docstrings(model).keys() == model.model_fields.keys()


def test_only_what_editors_use() -> None:
    """No titles and nulls of pydantic's; patterns that mean the same in JavaScript."""
    found = list(keywords(SCHEMA))
    assert [value for key, value in found if key == "title"] == [SCHEMA["title"]]
    assert ("type", "null") not in found
    assert ("default", None) not in found
    patterns = [value for key, value in found if key == "pattern"]
    patterns += [pattern for key, value in found if key == "patternProperties" for pattern in value]
    assert patterns
    assert not [pattern for pattern in patterns if PYTHON_ONLY.search(pattern)]
    assert all(pattern.startswith("^") and pattern.endswith("$") for pattern in patterns)


@settings(deadline=None)
@given(specs())
def test_it_takes_what_plait_takes(spec: dict[str, Any]) -> None:
    """An editor must not underline what is right."""
    load(emit.document(spec).encode())
    assert not [f"{error.json_path}: {error.message}" for error in VALIDATOR.iter_errors(spec)]


@settings(deadline=None)
@given(specs(), st.data())
def test_it_refuses_unknown_keys_and_other_types(spec: dict[str, Any], data: st.DataObject) -> None:
    """Wherever they stand."""
    changed = copy.deepcopy(spec)
    mapping = data.draw(st.sampled_from(list(mappings(changed))))
    key = data.draw(st.sampled_from(["an unknown key", *mapping]))
    mapping[key] = [[None]]
    assert not VALIDATOR.is_valid(changed)


@pytest.mark.parametrize(
    "name", ["types/unknown-key.txt", "types/bounds.txt", "types/choices.txt", "names/paths.txt"]
)
def test_it_refuses_what_it_can_know(name: str) -> None:
    """Most mistakes of a single value."""
    assert not VALIDATOR.is_valid(plain(cases.inputs()[name])[0])


def test_short_forms() -> None:
    """A text or a flag in the place of a mapping."""
    function = {
        "runtime": "python",
        "image": "a",
        "env": {"A": "b", "C": {"secret": {"name": "d", "key": "e"}}},
    }
    body = {"namespace": "shop", "networkPolicy": True, "functions": {"orders": function}}
    spec = {"apiVersion": "plait.dev/v1", "kind": "Functions", "metadata": {"name": "shop"}, "spec": body}
    assert VALIDATOR.is_valid(spec)
    assert VALIDATOR.is_valid(spec | {"spec": body | {"namespace": {"name": "shop", "create": False}}})
    assert not VALIDATOR.is_valid(spec | {"spec": body | {"namespace": 5}})
    assert not VALIDATOR.is_valid(spec | {"spec": body | {"networkPolicy": "yes"}})
