"""What Knative's filters see of an event: its attributes as texts, with Knative's rules for missing ones.

An event is a mapping of attribute names to texts as on the wire. Source: knative/eventing,
pkg/eventfilter/attributes, and sdk-go's binding/spec, both held against recorded cases in tests/data/knative.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

Event = Mapping[str, str]

ZERO_TIME = "0001-01-01T00:00:00Z"
"""What a missing `time` compares as: Go's zero time."""

_RFC3339 = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:[.,](\d+))?(?:Z|([+-])(\d\d):(\d\d))", re.ASCII)
_PLAIN = ("id", "type", "source", "subject", "datacontenttype")


def utc(time: str) -> str:
    """A timestamp as Knative compares it: in UTC, with no more digits than needed.

    A text that is no RFC 3339 timestamp comes back as it is.
    """
    found = _RFC3339.fullmatch(time)
    if not found:
        return time
    moment, fraction, sign, hours, minutes = found.groups()
    if sign:
        shift = timedelta(hours=int(hours), minutes=int(minutes))
        try:
            local = datetime.fromisoformat(moment)
            moment = (local - shift if sign == "+" else local + shift).isoformat()
        except (ValueError, OverflowError):
            return time
    digits = (fraction or "")[:9].rstrip("0")
    return f"{moment}.{digits}Z" if digits else f"{moment}Z"


def _time(event: Event) -> str:
    return utc(event["time"]) if "time" in event else ZERO_TIME


def _schema(event: Event) -> str:
    return event.get("schemaurl" if event.get("specversion") == "0.3" else "dataschema", "")


def _encoding(event: Event) -> str:
    return event.get("datacontentencoding", "") if event.get("specversion") == "0.3" else ""


def _media_type(event: Event) -> str:
    text = event.get("datacontenttype", "")
    return text.partition(";")[0].strip() if ";" in text else text


def _hidden(_event: Event) -> None:
    return None


COMPUTED: dict[str, Callable[[Event], str | None]] = {
    "time": _time,
    "dataschema": _schema,
    "schemaurl": _schema,
    "datacontentencoding": _encoding,
    "datamediatype": _media_type,
    "knativebrokerttl": _hidden,
}
"""Attributes that are not read from the event as they are. The Broker takes the TTL out before it filters.

Data is none: it is never filtered on (statement 21). A header `ce-data` makes an extension of that name,
which JSON cannot carry; to Knative it is one as any other."""

DEFAULTS: dict[str, str] = {**dict.fromkeys(_PLAIN, ""), "specversion": "1.0"}
"""Standard attributes that compare as this text where the event lacks them (statement 16)."""


def lookup(event: Event, name: str) -> str | None:
    """What exact, prefix, suffix and filter.attributes compare; None where the attribute is missing."""
    computed = COMPUTED.get(name)
    return computed(event) if computed else event.get(name, DEFAULTS.get(name))


def present(event: Event, name: str) -> str | None:
    """What CESQL reads; None where the attribute is missing, or a standard attribute is empty."""
    if name in ("time", "dataschema"):
        value = COMPUTED[name](event)
        return None if value in ("", ZERO_TIME) else value
    if name in DEFAULTS:
        return event.get(name, DEFAULTS[name]) or None
    if name == "knativebrokerttl":
        return None
    if name in ("schemaurl", "datacontentencoding") and event.get("specversion") == "0.3":
        return None
    return event.get(name)
