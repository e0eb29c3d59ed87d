"""Which Triggers an event reaches, and why not the others: by the filters that the local broker runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from plait.compare.picture import events, target
from plait.edits import Object, get
from plait.errors import PlaitError
from plait.filters import Verdict, compile_trigger

_REQUIRED = ("id", "source", "type")
_NOT_ATTRIBUTES = ("data", "data_base64")
_CLOSE = 0.6


@dataclass(frozen=True, slots=True)
class Explained:
    """One Trigger.

    Attributes:
        trigger: its name.
        subscriber: who would get the event.
        wants: its events, in words.
        verdict: of its filter.
    """

    trigger: str
    subscriber: str
    wants: str
    verdict: Verdict


def explain(objects: Sequence[Object], attributes: Mapping[str, str]) -> list[Explained]:
    """Every Trigger of an environment against one event, in the environment's order.

    Args:
        attributes: as texts, as they are on the wire.

    Raises:
        FilterError: a filter that Knative's webhook refuses.
    """
    return [
        Explained(
            item["metadata"]["name"],
            target(item["spec"].get("subscriber")) or "nobody",
            events(item["spec"]),
            compile_trigger(item["spec"]).verdict(attributes),
        )
        for item in objects
        if item["kind"] == "Trigger"
    ]


def nearest(objects: Sequence[Object], attributes: Mapping[str, str]) -> str | None:
    """The Trigger whose plain attributes look most like those of an event that reaches nobody, or None."""
    scores = {
        item["metadata"]["name"]: _likeness(item["spec"], attributes)
        for item in objects
        if item["kind"] == "Trigger"
    }
    best = max(scores, key=lambda name: (scores[name], name), default=None)
    return best if best is not None and scores[best] >= _CLOSE else None


def _likeness(spec: Mapping[str, Any], attributes: Mapping[str, str]) -> float:
    """Between 0 and 1: the mean over what the Trigger asks for exactly and the event has."""
    wanted: dict[str, str] = dict(get(spec, "filter", "attributes") or {})
    for element in spec.get("filters") or []:
        wanted |= element.get("exact", {})
    ratios = [
        SequenceMatcher(None, text, attributes[key]).ratio()
        for key, text in wanted.items()
        if key in attributes
    ]
    return sum(ratios) / len(ratios) if ratios else 0.0


def attributes_of(event: Any) -> dict[str, str]:
    """The attributes of an event in the CloudEvents JSON format, as texts. Raises PlaitError, exit code 2."""
    if not isinstance(event, dict):
        raise PlaitError("not a CloudEvent: a JSON object with id, source and type", exit_code=2)
    if missing := [name for name in _REQUIRED if not isinstance(event.get(name), str) or not event[name]]:
        hint = 'as {"specversion": "1.0", "id": "1", "source": "/shop", "type": "com.example.order.paid"}'
        raise PlaitError(f"not a CloudEvent: no {', '.join(missing)}", hint=hint, exit_code=2)
    return {
        key: _text(value) for key, value in event.items() if key not in _NOT_ATTRIBUTES and value is not None
    }


def _text(value: Any) -> str:
    """As the HTTP binding writes it: true, 12."""
    return str(value).lower() if isinstance(value, bool) else str(value)
