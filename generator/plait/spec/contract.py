"""The contract of an event: what its data hold, for those who emit it and those who take it."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from plait.spec.base import Model
from plait.spec.names import RelativePath


class Contract(Model):
    """What is promised of all events of one type."""

    schema_: RelativePath | None = Field(None, alias="schema", examples=["schemas/order-paid.json"])
    """The JSON Schema (draft 2020-12) of the events' data: a file below the folder of functions.yaml."""
    description: str | None = Field(None, examples=["An order was paid in full."])
    """What has happened when this event occurs, for people."""
    example: dict[str, Any] | RelativePath | None = Field(
        None, examples=[{"order": "4711", "total": 18.5}, "schemas/order-paid.example.json"]
    )
    """Data of such an event, which `plait check` holds against the schema: a mapping, or a JSON file."""
