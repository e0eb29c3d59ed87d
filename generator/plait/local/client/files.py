"""Files with one event, or a list of events, in the CloudEvents JSON format."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from plait.errors import PlaitError
from plait.local.client.message import STRUCTURED, Message
from plait.local.wire.event import NotAnEventError
from plait.local.wire.scan import members

SOURCE = "/plait/send"
_SPACE = " \t\r\n"
_NOT_ATTRIBUTES = ("data", "data_base64")
_HINT = 'as {"specversion": "1.0", "id": "1", "source": "/shop", "type": "com.example.order.paid"}'


def defaults() -> dict[str, str]:
    """What an event gets where nobody says: version, a fresh id, a source."""
    return {"specversion": "1.0", "id": str(uuid.uuid4()), "source": SOURCE}


def read_events(content: bytes, where: str, given: Mapping[str, str] | None = None) -> list[Message]:
    """The events of a file, in structured mode; their data stay as they are written, byte for byte.

    Args:
        content: one JSON object, or a list of them.
        where: the file's name.
        given: attributes in place of the file's.

    Raises:
        PlaitError: not JSON, or not an event. Exit code 2.
    """
    try:
        texts = list(_texts(content.decode("utf-8-sig").strip(_SPACE)))
    except json.JSONDecodeError as error:
        place = f"{where}:{error.lineno}:{error.colno}"
        raise PlaitError(f"not JSON: {error.msg}", where=place, exit_code=2) from None
    except (ValueError, RecursionError) as error:
        raise PlaitError(f"not JSON: {error}", where=where, exit_code=2) from None
    if not texts:
        raise PlaitError("no event in it", where=where, hint=_HINT, exit_code=2)
    several = len(texts) > 1
    return [
        _message(text, f"{where}, event {number}" if several else where, given or {})
        for number, text in enumerate(texts, 1)
    ]


def _texts(text: str) -> Iterator[str]:
    """The text, or the texts of the elements of the list that it is."""
    whole = json.loads(text)
    if not isinstance(whole, list):
        yield text
        return
    decoder, position = json.JSONDecoder(), 1
    for _ in whole:
        start = _skip(text, position, _SPACE + ",")
        _, position = decoder.raw_decode(text, start)
        yield text[start:position]


def _skip(text: str, position: int, characters: str) -> int:
    while text[position] in characters:
        position += 1
    return position


def _message(text: str, where: str, given: Mapping[str, str]) -> Message:
    try:
        found = members(text.encode())
    except (NotAnEventError, UnicodeEncodeError):
        raise PlaitError("not a CloudEvent: a JSON object", where=where, hint=_HINT, exit_code=2) from None
    have = {member.name: member.value for member in found}
    if not (given.get("type") or have.get("type")):
        raise PlaitError("not a CloudEvent: it has no type", where=where, hint=_HINT, exit_code=2)
    added = {name: value for name, value in defaults().items() if have.get(name) is None} | dict(given)
    kept = [f"{json.dumps(item.name)}:{item.raw}" for item in found if item.name not in added]
    # specversion and datacontenttype first: Knative reads the members in one pass.
    fresh = [f"{json.dumps(name)}:{json.dumps(value)}" for name, value in added.items()]
    body = text if not added else "{" + ",".join([*fresh, *kept]) + "}"
    attributes = {
        name: _shown(value) for name, value in {**have, **added}.items() if name not in _NOT_ATTRIBUTES
    }
    return Message(attributes, {"Content-Type": f"{STRUCTURED}; charset=utf-8"}, body.encode(), where)


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else str(value)
