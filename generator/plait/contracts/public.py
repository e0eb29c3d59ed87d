"""For the tests of functions: whether an event keeps its contract."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from plait.contracts import payload
from plait.contracts.contracts import SPEC, Contracts
from plait.contracts.payload import NoJsonError
from plait.contracts.validator import Violation
from plait.errors import PlaitError, nearest


class CloudEvent(Protocol):
    """An event of the cloudevents SDK, as functions get it."""

    def get_attributes(self) -> Mapping[str, Any]:
        """Its attributes, by name."""

    def get_data(self) -> Any:
        """Its data: bytes, or the value that they stand for."""


class ContractError(PlaitError):
    """An event that breaks its contract.

    Attributes:
        kind: the event's type.
        violations: in what.
    """

    def __init__(self, kind: str, violations: Sequence[Violation], where: str | None = None) -> None:
        listed = "\n".join(f"  {violation}" for violation in violations)
        super().__init__(f"the event breaks the contract of {kind}:\n{listed}", where=where)
        self.kind = kind
        self.violations = violations


def validate(folder: str | os.PathLike[str], event: Mapping[str, Any] | CloudEvent) -> None:
    """Hold an event against the contract of its type.

    Args:
        folder: of functions.yaml.
        event: one of the cloudevents SDK, or a mapping in the CloudEvents JSON format, of which `type` and
            `data` are enough.

    Raises:
        ContractError: the event breaks its contract.
        PlaitError: functions.yaml has no contract for this type, or it cannot be read.
    """
    contracts = Contracts.load(Path(folder))
    attributes = _mapping(event)
    kind = attributes.get("type")
    if not isinstance(kind, str) or kind not in contracts:
        where = str(Path(folder) / SPEC)
        hint = nearest(str(kind), contracts.paths) or "spec.events says which types have one"
        raise PlaitError(f"no contract for events of type {kind}", where=where, hint=hint)
    check(contracts, kind, lambda: payload.of_object(attributes))


def check(contracts: Contracts, kind: str, data: Callable[[], Any], where: str | None = None) -> None:
    """Raise ContractError where the data of an event of a type with a contract break it.

    Args:
        data: called for the value; it may raise NoJsonError.
        where: the event's place, for the message.
    """
    if broken := found(contracts, kind, data):
        raise ContractError(kind, broken, where)


def found(contracts: Contracts, kind: str, data: Callable[[], Any]) -> list[Violation]:
    """In what the data of an event break the contract of its type; arguments as for `check`.

    Raises:
        PlaitError: the schema cannot be read, or is none.
    """
    try:
        return contracts.violations(kind, data())
    except NoJsonError as error:
        return [Violation("$", str(error))]


def _mapping(event: Mapping[str, Any] | CloudEvent) -> Mapping[str, Any]:
    """The event in the JSON format, but for data that are bytes."""
    if isinstance(event, Mapping):
        return event
    return {**event.get_attributes(), "data": event.get_data()}
