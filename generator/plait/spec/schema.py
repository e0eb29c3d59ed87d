"""The JSON Schema of functions.yaml, for editors: completion, checks and texts to hover over.

It is the models' schema with a field's docstring (the text under it) as its description. It takes
whatever `load` takes; rules that look across fields are `load`'s alone.
"""

from __future__ import annotations

import ast
import inspect
import json
import textwrap
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any, cast

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from plait.spec.model import Spec

DIALECT = "https://json-schema.org/draft/2020-12/schema"
ID = "https://plait.dev/schemas/functions.v1.json"


def text() -> str:
    """The schema as schemas/functions.v1.json holds it."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


def json_schema() -> dict[str, Any]:
    """The schema as JSON Schema, draft 2020-12."""
    schema = _clean(Spec.model_json_schema(by_alias=True, schema_generator=_Generator))
    models = dict(sorted(schema.pop("$defs").items()))
    head = {"$schema": DIALECT, "$id": ID, "title": "functions.yaml of plait, version 1"}
    return {**head, **schema, "$defs": models}


class _Generator(GenerateJsonSchema):
    """Pydantic's schema with descriptions from docstrings."""

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        shown = super().model_schema(schema)
        model = cast("type[BaseModel]", schema["cls"])
        for name, description in docstrings(model).items():
            alias = model.model_fields[name].alias or name
            shown["properties"][alias]["description"] = description
        return shown

    def sort(self, value: JsonSchemaValue, parent_key: str | None = None) -> JsonSchemaValue:  # noqa: ARG002
        """As the models have it, which is the order for people."""
        return value


def docstrings(model: type[BaseModel]) -> dict[str, str]:
    """The text that stands under each field of a model.

    Read from the source when a schema is wanted: pydantic's own way costs every command 100 ms.
    """
    tree = ast.parse(textwrap.dedent(inspect.getsource(model)))
    body = cast("ast.ClassDef", tree.body[0]).body
    found = {}
    for field, following in pairwise(body):
        if (
            isinstance(field, ast.AnnAssign)
            and isinstance(field.target, ast.Name)
            and (docstring := _text(following))
        ):
            found[field.target.id] = docstring
    return found


def _text(statement: ast.stmt) -> str | None:
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
        return inspect.cleandoc(str(statement.value.value)).replace("\n", " ")
    return None


def _clean(schema: Any) -> Any:
    """Without pydantic's titles, nulls and defaults that are null or empty."""
    if isinstance(schema, list):
        return [_clean(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    return _closed(_without_null(dict(_cleaned(schema))))


def _cleaned(schema: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, item in schema.items():
        if key in ("properties", "$defs"):  # their keys are names, not keywords
            yield key, {name: _clean(entry) for name, entry in item.items()}
        elif key in ("examples", "default", "enum", "const"):
            if key != "default" or item not in (None, {}, []):
                yield key, item
        elif key == "description":
            yield key, " ".join(item.split())
        elif key != "title":
            yield key, _clean(item)


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    branches = [branch for branch in schema.get("anyOf", ()) if branch != {"type": "null"}]
    if len(branches) == 1:
        rest = {key: item for key, item in schema.items() if key != "anyOf"}
        return {**branches[0], **rest}
    return {**schema, "anyOf": branches} if branches else schema


def _closed(schema: dict[str, Any]) -> dict[str, Any]:
    """A mapping whose keys have a form takes no others."""
    return {**schema, "additionalProperties": False} if "patternProperties" in schema else schema
