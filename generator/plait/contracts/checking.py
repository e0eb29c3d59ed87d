"""What `plait check` says of the contracts themselves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from plait.contracts import reading
from plait.contracts.validator import InvalidSchemaError, compiled, violations
from plait.errors import PlaitError
from plait.spec.contract import Contract
from plait.spec.model import Body

Location = tuple[str | int, ...]
Mistake = tuple[Location, str, str | None]


def mistakes(root: Path, body: Body) -> Iterator[Mistake]:
    """Schemas that cannot be read or are none; examples that break theirs.

    Args:
        root: the folder of functions.yaml.
        body: what it says.
    """
    for kind, contract in body.events.items():
        at: Location = ("spec", "events", kind)
        if contract.schema_ is None:
            if contract.example is not None:
                yield (*at, "example"), "an example without a schema to hold it against", "add `schema`"
            continue
        try:
            document = reading.schema(root, contract.schema_)
            document.text()
            validator = compiled(document.document)
        except PlaitError as error:
            yield (*at, "schema"), _told(error), error.hint
        except InvalidSchemaError as error:
            yield (*at, "schema"), f"{contract.schema_} is not a JSON Schema: {error}", None
        else:
            yield from _example(root, at, contract, validator)


def _example(root: Path, at: Location, contract: Contract, validator: Any) -> Iterator[Mistake]:
    try:
        data = reading.example(root, contract)
    except PlaitError as error:
        yield (*at, "example"), _told(error), error.hint
        return
    if contract.example is not None:
        for violation in violations(validator, data):
            yield (*at, "example"), f"the example breaks {contract.schema_}: {violation}", None


def _told(error: PlaitError) -> str:
    return f"{error.where}: {error.message}" if error.where else error.message
