"""What functions.yaml's own models say of a value."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ValidationError


def refusal(model: type[BaseModel], data: Any) -> str | None:
    """Why the model does not take the data, in its first error's words; None where it does."""
    try:
        model.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        return str(first["msg"])
    return None
