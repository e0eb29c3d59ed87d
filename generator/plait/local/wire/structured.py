"""Structured mode: the whole event is one JSON object (event/event_unmarshal.go of the SDK).

The SDK reads the members in one pass, so it matters what stands before `specversion` and before
`datacontenttype`: data that is read later is kept as raw bytes, with the space after the colon, and
base64 with that space before it is refused.
"""

from __future__ import annotations

import binascii
from collections.abc import Sequence
from typing import Any

from plait.local.gostd import mime
from plait.local.gostd.escape import raw as bytes_of
from plait.local.gostd.number import LEAST, MOST
from plait.local.wire import values
from plait.local.wire.event import VERSIONS, Event, NotAnEventError
from plait.local.wire.scan import Member, members

_DATA = ("data", "data_base64")
_NOT_ATTRIBUTES = {
    "1.0": frozenset(("data", "data_base64", "datacontenttype")),
    "0.3": frozenset(("data", "datacontentencoding", "datacontenttype")),
}


def decode(body: bytes) -> Event:
    """The event of a message in structured mode.

    Raises:
        NotAnEventError: where the body is no JSON object, or the SDK refuses a member of it.
    """
    found = _until_nameless(members(body))
    places = [index for index, member in enumerate(found) if member.name == "specversion"]
    if len(places) != 1 or found[places[0]].value not in VERSIONS:
        raise NotAnEventError("specversion is missing, repeated or unknown")
    version: str = found[places[0]].value
    reading = _Reading(version, found[: places[0]], found[places[0] + 1 :])
    return Event(reading.attributes(), reading.data())


def _until_nameless(found: Sequence[Member]) -> Sequence[Member]:
    """The SDK stops at a member whose name is empty."""
    names = [member.name for member in found]
    return found[: names.index("")] if "" in names else found


class _Reading:
    """The members of one event, before and after its specversion."""

    def __init__(self, version: str, before: Sequence[Member], after: Sequence[Member]) -> None:
        self.version, self.before, self.after = version, before, after
        self.types = [member for member in (*before, *after) if member.name == "datacontenttype"]
        late = [member for member in after if member.name == "datacontenttype"]
        if late and len(self.types) > 1:
            raise NotAnEventError("datacontenttype is repeated")
        self.type = _text(self.types[-1].value) if self.types else ""
        self.late_empty_type = bool(late) and not self.type

    def attributes(self) -> dict[str, str]:
        if self.late_empty_type:
            raise NotAnEventError("datacontenttype is empty")
        found = {"specversion": self.version}
        for member in (*self.before, *self.after):
            if member.name in _NOT_ATTRIBUTES[self.version]:
                continue
            name, text = self._attribute(member)
            found.pop(name, None)
            if text is not None:
                found[name] = text
        if self.type:
            found["datacontenttype"] = self.type
        return found

    def _attribute(self, member: Member) -> tuple[str, str | None]:
        name, value = member.name, member.value
        if name in ("id", "type"):
            return name, _text(value)
        if name == "source":
            return name, _required(_text(value))
        if name in ("subject", "time"):
            text = _text(value) or None
            return name, values.moment(text) if text and name == "time" else text
        if name == values.OPTIONAL_URL[self.version]:
            return name, _lenient(_text(value))
        return _extension(member, self.version)

    def data(self) -> bytes:
        return _first_version(self) if self.version == "1.0" else _version_03(self)


def _first_version(reading: _Reading) -> bytes:
    early = [member for member in reading.before if member.name in _DATA]
    cached = _last(early, "data")
    encoded = _last(early, "data_base64")
    if encoded is not None:
        cached = Member("data_base64", encoded.raw.lstrip(" \t\r\n"), encoded.value)
    base64, data, typed = encoded is not None, b"", any(m.name == "datacontenttype" for m in reading.before)
    for member in reading.after:
        typed = typed or member.name == "datacontenttype"
        if member.name in _DATA and typed:
            data = _direct(member, reading.type)
        elif member.name in _DATA:
            base64, cached = base64 or member.name == "data_base64", member
    return data if cached is None else _cached(cached, reading.type, base64=base64)


def _version_03(reading: _Reading) -> bytes:
    encodings = [m for m in (*reading.before, *reading.after) if m.name == "datacontentencoding"]
    if any(member.value != "base64" for member in encodings):
        raise NotAnEventError("datacontentencoding is not base64")
    if len(encodings) > 1 and encodings[-1] in reading.after:
        raise NotAnEventError("datacontentencoding is repeated")
    known, data, cached = {member.name for member in reading.before}, b"", _last(reading.before, "data")
    for member in reading.after:
        known.add(member.name)
        if member.name == "data" and {"datacontenttype", "datacontentencoding"} <= known:
            data = _base64(_text(member.value))
        elif member.name == "data":
            cached = member
    return data if cached is None else _cached(cached, reading.type, base64=bool(encodings))


def _last(found: Sequence[Member], name: str) -> Member | None:
    return next((member for member in reversed(found) if member.name == name), None)


def _direct(member: Member, kind: str) -> bytes:
    """Data whose type was known when it was read."""
    if member.name == "data_base64":
        return _base64(_text(member.value))
    return bytes_of(member.raw if mime.is_json(kind) else _text(member.value))


def _cached(member: Member, kind: str, *, base64: bool) -> bytes:
    """Data that was kept as raw bytes: of base64 the SDK drops the first and the last one."""
    if not base64:
        return bytes_of(member.raw if mime.is_json(kind) else _text(member.value))
    return _base64(member.raw[1:-1])


def _base64(text: str) -> bytes:
    try:
        return binascii.a2b_base64(text, strict_mode=True)
    except ValueError:
        raise NotAnEventError("the data is not base64") from None


def _text(value: Any) -> str:
    """A text, "" for null. Raises NotAnEventError for any other value."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise NotAnEventError("an attribute is not a text")
    return value


def _required(text: str) -> str:
    if not text:
        raise NotAnEventError("source is missing or empty")
    return values.reference(text)


def _lenient(text: str) -> str | None:
    """A schema's URL; one that cannot be parsed counts as none."""
    try:
        return values.reference(text) or None
    except NotAnEventError:
        return None


def _extension(member: Member, version: str) -> tuple[str, str | None]:
    name = values.extension_name(member.name, version) if version == "1.0" else member.name.lower()
    if name in values.RESERVED[version]:
        raise NotAnEventError(f"{name} cannot be an extension")
    return name, _extension_text(member.value)


def _extension_text(value: Any) -> str | None:
    """A text, truth value or number as a header carries it; None for null."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and LEAST <= value <= MOST:
        return str(int(value))
    raise NotAnEventError("an extension is neither text nor truth value nor 32 bit number")
