"""What all models of functions.yaml share."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator
from pydantic.config import JsonDict


class Model(BaseModel):
    """Frozen, strict (a number is no text), and without unknown keys.

    A field that stands there without a value (`env:`) is a field not given, as in Kubernetes.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)

    @model_validator(mode="before")
    @classmethod
    def _drop_empty(cls, data: Any) -> Any:
        if isinstance(data, dict) and None in data.values():
            known = field_names(cls)
            return {key: value for key, value in data.items() if value is not None or key not in known}
        return data


ONE_FIELD: JsonDict = {"minProperties": 1, "maxProperties": 1}
"""For a JSON Schema: a model that takes exactly one of its fields."""


def field_names(model: type[BaseModel]) -> dict[str, str]:
    """The keys a user may write, each with the attribute that holds it."""
    return {field.alias or name: name for name, field in model.model_fields.items()}
