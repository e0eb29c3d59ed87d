"""Binary mode: one header for each attribute, the body is the data. Values are not percent-decoded."""

from __future__ import annotations

import re
from collections.abc import Callable

from plait.local.wire import values
from plait.local.wire.event import EmptyNameError, Event, Headers, NotAnEventError

PREFIX = "ce-"
CONTENT_TYPE = "content-type"

_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", re.ASCII)


class UnsendableError(Exception):
    """An event that HTTP headers cannot carry, such as a subject with a line break."""


def decode(headers: Headers, body: bytes) -> Event:
    """The event of a message in binary mode.

    Raises:
        NotAnEventError: on an unknown specversion, a value or a name that the SDK refuses.
    """
    version = headers["ce-specversion"][0]
    readers = _READERS.get(version)
    if readers is None:
        raise NotAnEventError("unknown specversion")
    attributes = {"specversion": version}
    for header, texts in headers.items():
        if header.startswith(PREFIX):
            name = header[len(PREFIX) :]
            text = (readers.get(name) or _extension)(name, version, texts[0])
            if text is not None:
                attributes[name] = text
    kind = headers.get(CONTENT_TYPE, [""])[0].strip()
    if kind:
        attributes["datacontenttype"] = kind
    return Event(attributes, body)


def encode(event: Event) -> Headers:
    """The headers of an event in binary mode. Raises UnsendableError; blank attributes are left out."""
    headers: Headers = {}
    blank_is_missing = values.RESERVED[event.attributes["specversion"]]
    for name, text in event.attributes.items():
        header = CONTENT_TYPE if name == "datacontenttype" else PREFIX + name
        if not _TOKEN.fullmatch(header) or _CONTROL.search(text):
            raise UnsendableError(f"{name} cannot be a header")
        if text or name not in blank_is_missing:
            headers[header] = [text.strip(" \t")]
    return headers


_Reader = Callable[[str, str, str], str | None]


def _extension(name: str, version: str, text: str) -> str:
    if not name:
        raise EmptyNameError("a header without a name after ce-")
    if name != "dataschema":  # in 0.3: an extension
        values.extension_name(name, version)
    return text


def _id(_: str, __: str, text: str) -> str:
    if not (stripped := text.strip()):
        raise NotAnEventError("id is empty")
    return stripped


def _text(_: str, __: str, text: str) -> str | None:
    return text.strip() or None


def _source(_: str, __: str, text: str) -> str:
    return values.reference(text)


def _schema(_: str, __: str, text: str) -> str | None:
    return values.reference(text.strip()) or None


def _time(_: str, __: str, text: str) -> str | None:
    return values.moment(text)


def _version(_: str, version: str, __: str) -> str:
    return version


def _encoding(_: str, __: str, text: str) -> None:
    """0.3 alone; the SDK checks it and loses it on the way out."""
    if text.strip().lower() not in ("", "base64"):
        raise NotAnEventError("datacontentencoding is not base64")


_COMMON: dict[str, _Reader] = {
    "specversion": _version,
    "id": _id,
    "source": _source,
    "type": _text,
    "subject": _text,
    "time": _time,
}
_READERS: dict[str, dict[str, _Reader]] = {
    "1.0": {**_COMMON, "dataschema": _schema},
    "0.3": {**_COMMON, "schemaurl": _schema, "datacontentencoding": _encoding},
}
