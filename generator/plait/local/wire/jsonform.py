"""An event as the JSON that `delivery.format: json` sends (event/event_marshal.go of the SDK)."""

from __future__ import annotations

import json
import re

from plait.local.gostd import mime
from plait.local.gostd.escape import raw, text_of
from plait.local.wire.binary import UnsendableError
from plait.local.wire.event import Event, NotAnEventError
from plait.local.wire.scan import members
from plait.local.wire.values import RESERVED

_ORDER = {
    "1.0": ("specversion", "id", "source", "type", "subject", "datacontenttype", "dataschema", "time"),
    "0.3": ("specversion", "id", "source", "type", "subject", "datacontenttype", "schemaurl", "time"),
}
_TOKEN = re.compile(r'("(?:[^"\\]|\\.)*")|[ \t\r\n]+', re.DOTALL)
_HTML = str.maketrans(
    {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
)


def encode(event: Event) -> bytes:
    """The event as one JSON object.

    Raises:
        UnsendableError: where data of a JSON type is not JSON. As in Go, the object is looked at whole.
    """
    version = event.attributes["specversion"]
    fields = [
        (name, _quoted(event.attributes[name])) for name in _ORDER[version] if event.attributes.get(name)
    ]
    if event.data:
        fields.append(("data", _data(event)))
    known = {*_ORDER[version], *RESERVED[version]}
    extensions = sorted(name for name in event.attributes if name not in known)
    fields += [(name, _quoted(event.attributes[name])) for name in extensions]
    text = "{" + ",".join(f'"{name}":{value}' for name, value in fields) + "}"
    try:
        members(raw(text))
    except NotAnEventError:
        raise UnsendableError("the data is not JSON") from None
    return raw(_TOKEN.sub(lambda match: match[1] or "", text).translate(_HTML))


def _data(event: Event) -> str:
    kind = event.attributes.get("datacontenttype", "").lower()
    text = text_of(event.data)
    return text if mime.is_json(kind) else _quoted(text)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
