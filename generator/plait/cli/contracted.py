"""Event contracts of what is sent: those of the functions.yaml that is here."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from plait.errors import PlaitError

if TYPE_CHECKING:
    from plait.contracts.contracts import Contracts
    from plait.local.client import Message

_HINT = "plait send --no-check sends it anyway"


def refuse_broken(root: Path, messages: Sequence[Message]) -> None:
    """Refuse events that break a contract, before any is sent. Raises PlaitError."""
    from plait.contracts.payload import of_message
    from plait.contracts.public import check

    contracts = _contracts(root)
    for message in messages:
        kind = message.attributes["type"]
        if contracts is not None and kind in contracts:
            data = partial(of_message, message.headers.get("Content-Type"), message.body)
            try:
                check(contracts, kind, data, message.where)
            except PlaitError as error:
                raise PlaitError(error.message, where=error.where, hint=error.hint or _HINT) from None


def _contracts(root: Path) -> Contracts | None:
    """None where there is no functions.yaml that can be read: the event may be for any project."""
    from plait.contracts.contracts import SPEC, Contracts

    if not (root / SPEC).exists():
        return None
    try:
        return Contracts.load(root)
    except PlaitError:
        return None
