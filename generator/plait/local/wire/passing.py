"""Headers that go along with an event: the few of Knative's list, and the trace context (statement 13)."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Sequence
from urllib.parse import unquote_to_bytes

from plait.local.gostd.escape import escape, text_of
from plait.local.wire.event import Headers

Passed = list[tuple[str, str]]
"""Name and value of each header, in small letters; a repeated one is there twice."""

_NAMES = frozenset(("x-request-id", "retry-after"))
_PREFIXES = ("knative-", "x-b3-")
TRACE = ("traceparent", "tracestate", "baggage")

_PARENT = re.compile(r"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?", re.ASCII)
_STATE = re.compile(r"[a-z0-9][a-z0-9_*/@-]{0,255}=[\x20-\x2b\x2d-\x3c\x3e-\x7e]{1,256}")
_STATE_MEMBERS = 32
_BAGGAGE_MEMBERS = 64
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", re.ASCII)
_VALUE = re.compile(r"[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*")
_PLAIN_VALUE = frozenset(byte for byte in range(0x21, 0x7F) if byte not in b'",;\\%')
_KNOWN_FLAGS = 3
_NEWEST_VERSION = 254


def passed(headers: Headers) -> Passed:
    """What of a message's headers goes on, the trace context apart."""
    return [
        (name, value)
        for name, values in headers.items()
        if name in _NAMES or name.startswith(_PREFIXES)
        for value in values
    ]


def trace(headers: Headers) -> Passed:
    """The trace context of a message, as OpenTelemetry's Go propagators keep it."""
    context: Passed = []
    if parent := _parent(headers.get("traceparent", [""])[0]):
        context.append(("traceparent", parent))
        if state := _state(headers.get("tracestate", [""])[0]):
            context.append(("tracestate", state))
    if baggage := _baggage(headers.get("baggage", [])):
        context.append(("baggage", baggage))
    return context


def with_new_span(context: Passed) -> Passed:
    """The context as one request carries it: the same trace, a span of its own."""
    return [(name, _new_span(value) if name == "traceparent" else value) for name, value in context]


def _new_span(parent: str) -> str:
    version, trace_id, _, flags = parent.split("-")
    return f"{version}-{trace_id}-{secrets.token_hex(8)}-{flags}"


def _parent(text: str) -> str | None:
    match = _PARENT.fullmatch(text)
    if not match or int(match[1], 16) > _NEWEST_VERSION or not int(match[2], 16) or not int(match[3], 16):
        return None
    flags = int(match[4], 16)
    if match[1] == "00" and (match[5] or flags > _KNOWN_FLAGS):
        return None
    return f"00-{match[2]}-{match[3]}-{flags & _KNOWN_FLAGS:02x}"


def _state(text: str) -> str | None:
    """The text, or None where one member of it is malformed or there twice."""
    members = [member.strip(" \t") for member in text.split(",") if member.strip(" \t")]
    names = {member.partition("=")[0] for member in members}
    well_formed = all(_STATE.fullmatch(member) for member in members)
    return ",".join(members) if well_formed and len(names) == len(members) <= _STATE_MEMBERS else None


def _baggage(values: Sequence[str]) -> str:
    """The well-formed members of all headers; of a name that comes twice, the last."""
    found = dict(member for value in values for member in _members(value))
    return ",".join(f"{name}={value}" for name, value in list(found.items())[:_BAGGAGE_MEMBERS])


def _members(text: str) -> Iterator[tuple[str, str]]:
    for member in text.split(","):
        pair, _, properties = member.partition(";")
        name, equals, value = (part.strip() for part in pair.partition("="))
        if equals and _TOKEN.fullmatch(name) and _VALUE.fullmatch(value):
            decoded = text_of(unquote_to_bytes(value)).encode("utf-8", "replace")
            tail = ";".join(part.strip() for part in properties.split(";")) if properties else ""
            yield name, escape(decoded, _PLAIN_VALUE) + (f";{tail}" if tail else "")
