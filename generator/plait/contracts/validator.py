"""Data against a contract."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from plait.contracts.bundle import specifications

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError

MOST = 10
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing in which data break a contract.

    Attributes:
        path: of the value, as JSONPath: `$.items[0].price`; `$` is the data as a whole.
        reason: what is wrong with it.
    """

    path: str
    reason: str

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"


class InvalidSchemaError(ValueError):
    """A schema that is none; the message says where and why."""


def compiled(document: Any) -> Draft202012Validator:
    """A validator of a schema that `bundle` made. It fetches nothing.

    Formats (`format: date-time`) are notes and no rules, as in the draft by default.

    Raises:
        InvalidSchemaError: the draft's metaschema refuses it.
    """
    from jsonschema import Draft202012Validator  # noqa: PLC0415 - few commands need it
    from jsonschema.exceptions import SchemaError  # noqa: PLC0415

    try:
        Draft202012Validator.check_schema(document)
    except SchemaError as error:
        raise InvalidSchemaError(f"{error.json_path}: {_short(error.message)}") from None
    return Draft202012Validator(document, registry=specifications())


def violations(validator: Draft202012Validator, data: Any) -> list[Violation]:
    """Every one, at most MOST, in the order of the data."""
    found = {Violation(error.json_path, _short(error.message)): None for error in _innermost(validator, data)}
    return sorted(found, key=lambda one: one.path)[:MOST]


def _innermost(validator: Draft202012Validator, data: Any) -> Iterator[ValidationError]:
    """Of alternatives (anyOf, oneOf) the one that comes nearest."""
    from jsonschema.exceptions import best_match  # noqa: PLC0415

    for error in validator.iter_errors(data):
        yield best_match([error]) if error.context else error


def _short(message: str) -> str:
    """The library's message holds the value; its end says what is wrong with it."""
    return message if len(message) <= _LONGEST else f"{message[:60]} ... {message[-120:]}"
