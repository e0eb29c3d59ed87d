"""Event contracts in the commands that send and show events: those of the functions.yaml that is here."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

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


def mark_broken(root: Path, trace: dict[str, Any], event: Callable[[str], dict[str, Any]]) -> None:
    """Note in a trace which of its events break their contracts: `contract`, a list of texts.

    Args:
        root: where functions.yaml is looked for.
        trace: as the API gives it.
        event: gives an event with its data, by its number.
    """
    contracts = _contracts(root)
    if contracts is None or not contracts.paths:
        return
    for node in _nodes(trace):
        kind = node["attributes"]["type"]
        if kind in contracts:
            data = base64.b64decode(event(str(node["seq"]))["dataBase64"])
            found = _broken(contracts, kind, node["attributes"].get("datacontenttype"), data)
            if found:
                node["contract"] = found


def _broken(contracts: Contracts, kind: str, content_type: str | None, data: bytes) -> list[str]:
    from plait.contracts.payload import of_bytes
    from plait.contracts.public import found

    try:
        return [str(one) for one in found(contracts, kind, lambda: of_bytes(content_type, data))]
    except PlaitError as error:
        return [f"cannot be told: {error.where}: {error.message}"]


def _nodes(trace: dict[str, Any]) -> Iterator[dict[str, Any]]:
    todo = [trace]
    while todo:
        node = todo.pop()
        yield node
        todo += [reply for trigger in node["triggers"] for reply in trigger.get("replies", ())]


def _contracts(root: Path) -> Contracts | None:
    """None where there is no functions.yaml that can be read: the event may be for any project."""
    from plait.contracts.contracts import SPEC, Contracts

    if not (root / SPEC).exists():
        return None
    try:
        return Contracts.load(root)
    except PlaitError:
        return None
