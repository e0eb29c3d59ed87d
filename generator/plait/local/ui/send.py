"""`POST /_plait/api/send`: an event from the page's form, made as `plait send` makes it."""

from __future__ import annotations

import json
import re
from typing import Any

from plait.local import ingress
from plait.local.api import answer
from plait.local.broker import LocalBroker
from plait.local.client import Message, make
from plait.local.client.files import defaults
from plait.local.client.message import CONTENT_TYPE, content_type
from plait.local.http.message import Request, Response

_ACCEPTED = 202
_NAME = re.compile(r"[a-z0-9]+")
_SHAPE = '{"broker": "NAMESPACE/NAME", "attributes": {"type": "..."}, "data": "..."}'


class _MistakeError(Exception):
    """What is wrong with the request."""


async def send(broker: LocalBroker, request: Request) -> Response:
    """Have the ingress take the event: `{"seq": N}`, or `{"error": "..."}` with the ingress's status."""
    if request.method != "POST":
        return answer({"error": f"{request.method} is not for send"}, 405)
    if (request.header(b"content-type") or "").partition(";")[0].strip() != "application/json":
        return answer({"error": "the content type is not application/json"}, 415)
    try:
        key, message = _read(request.body)
    except _MistakeError as error:
        return answer({"error": str(error)}, 400)
    headers = [(name.encode(), text.encode()) for name, text in message.headers.items()]
    taken = await ingress.serve(broker, Request("POST", f"/{key}", headers, message.body))
    if taken.status != _ACCEPTED:
        return answer({"error": taken.body.decode("utf-8", "replace").strip()}, taken.status)
    return answer({"seq": int(dict(taken.headers)[b"Plait-Seq"])}, _ACCEPTED)


def _read(body: bytes) -> tuple[str, Message]:
    """The Broker and the event. Raises _MistakeError."""
    try:
        found = json.loads(body.decode())
        json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError):  # UnicodeError is a ValueError: half a character cannot be sent
        raise _MistakeError("the body is not JSON in UTF-8") from None
    if not isinstance(found, dict) or not isinstance(found.get("broker"), str):
        raise _MistakeError(f"the body is not {_SHAPE}")
    data = found.get("data")
    if data is not None and not isinstance(data, str):
        raise _MistakeError("data is not a text")
    return found["broker"], _message(found.get("attributes"), None if data is None else data.encode())


def _message(attributes: Any, data: bytes | None) -> Message:
    if not isinstance(attributes, dict) or not attributes.get("type"):
        raise _MistakeError("an event needs a type")
    for name, text in attributes.items():
        if not _NAME.fullmatch(name) or name == "data" or not isinstance(text, str):
            raise _MistakeError(f"attribute {name}: small letters and digits, and a text as its value")
    kind = {} if data is None or CONTENT_TYPE in attributes else {CONTENT_TYPE: content_type(data)}
    return make({**defaults(), **kind, **attributes}, data)
