"""An event as an HTTP request (CloudEvents HTTP binding 1.0.2, section 3)."""

from __future__ import annotations

import base64
import contextlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from plait.local.client.http import Answer, request
from plait.local.gostd import mime

STRUCTURED = "application/cloudevents+json"
CONTENT_TYPE = "datacontenttype"
_PLAIN = re.compile(r"[!#$&-~]+")


@dataclass(frozen=True)
class Message:
    """An event ready to be sent.

    Attributes:
        attributes: what is known of it, as texts.
        headers, body: of the request.
        where: where it comes from, for messages.
    """

    attributes: Mapping[str, str]
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    where: str | None = None


def post(url: str, message: Message) -> Answer:
    """Send it. Raises PlaitError as `http.request`."""
    return request("POST", url, message.headers, message.body)


def make(attributes: Mapping[str, str], data: bytes | None, *, structured: bool = False) -> Message:
    """An event of attributes (datacontenttype among them) and data.

    It is in binary mode where its attributes are such that a header can carry them as they are. Others
    would have to be percent-encoded, which Knative does not undo: then it is in structured mode.
    """
    plain = all(_PLAIN.fullmatch(text) for name, text in attributes.items() if name != CONTENT_TYPE)
    if structured or not plain:
        return Message(
            attributes, {"Content-Type": f"{STRUCTURED}; charset=utf-8"}, _object(attributes, data)
        )
    names = {name: "Content-Type" if name == CONTENT_TYPE else f"ce-{name}" for name in attributes}
    return Message(attributes, {names[name]: text for name, text in attributes.items()}, data or b"")


def content_type(data: bytes) -> str:
    """A guess: JSON where it parses, text where it is UTF-8."""
    if is_json(data):
        return "application/json"
    try:
        data.decode()
    except UnicodeDecodeError:
        return "application/octet-stream"
    return "text/plain"


def is_json(data: bytes) -> bool:
    """Whether the bytes are one JSON value in UTF-8."""
    try:
        json.loads(data.decode(), parse_constant=_refuse)
    except (ValueError, RecursionError):
        return False
    return True


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _object(attributes: Mapping[str, str], data: bytes | None) -> bytes:
    """The event in the JSON format; JSON data as it is, text as a text, all else in base64."""
    members = [f"{json.dumps(name)}:{json.dumps(text)}" for name, text in attributes.items()]
    if data is not None:
        members.append(_data(attributes.get(CONTENT_TYPE, ""), data))
    return ("{" + ",".join(members) + "}").encode()


def _data(kind: str, data: bytes) -> str:
    """The member that holds the data, as Knative reads it: `+json` types are not JSON to it."""
    if mime.is_json(kind) and is_json(data):
        return f'"data":{data.decode()}'
    if kind.startswith("text/"):
        with contextlib.suppress(UnicodeDecodeError):
            return f'"data":{json.dumps(data.decode())}'
    return f'"data_base64":"{base64.b64encode(data).decode()}"'
