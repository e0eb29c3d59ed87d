"""Findings of the event graph: events that reach nobody or go round, Triggers that nothing fires."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence

from plait.errors import nearest
from plait.findings.model import Finding
from plait.flow import Flow, may_match
from plait.spec.events import Event

TTL = 255
"""How often Knative's Broker lets an event and its replies go round (statement 8 of its behaviour)."""


def unheard(flow: Flow) -> Iterator[Finding]:
    """An event that is emitted and that nobody subscribes to."""
    triggers = [trigger for group in flow.triggers.values() for trigger in group]
    for name, function in flow.functions.items():
        for index, event in enumerate(function.emits):
            if not any(may_match(trigger.filters, event) for trigger in triggers):
                message = f"nobody subscribes to {event.type}, which {name} emits"
                yield Finding("unheard-event", ("spec", "functions", name, "emits", index), message)


def unfired(flow: Flow) -> Iterator[Finding]:
    """A subscription to what nothing declared emits, unless `spec.external` lists it."""
    emitted = [event for function in flow.functions.values() for event in function.emits]
    events = [*emitted, *flow.body.external]
    for name, triggers in flow.triggers.items():
        for trigger in triggers:
            if not any(may_match(trigger.filters, event) for event in events):
                message = f"no function emits what Trigger {trigger.name} of {name} waits for"
                hint = "list it under spec.external when it comes from outside"
                at = ("spec", "functions", name, "subscribes", trigger.index)
                yield Finding("unfired-subscription", at, message, hint)


def unused(flow: Flow) -> Iterator[Finding]:
    """A contract of an event that nobody emits and nobody subscribes to: most likely its type is misspelt."""
    emitted = {event.type for function in flow.functions.values() for event in function.emits}
    known = emitted | {event.type for event in flow.body.external}
    triggers = [trigger for group in flow.triggers.values() for trigger in group]
    for kind in flow.body.events:
        if kind not in known and not any(
            may_match(trigger.filters, Event(type=kind)) for trigger in triggers
        ):
            message = f"nobody emits {kind} and nobody subscribes to it"
            yield Finding("contract", ("spec", "events", kind), message, nearest(kind, known))


def loops(flow: Flow) -> Iterator[Finding]:
    """Events that may go round: for each emission the shortest way back, and each way round once."""
    reached = {name: list(_reached(flow, function.emits)) for name, function in flow.functions.items()}
    after = {name: dict.fromkeys(itertools.chain(*heads)) for name, heads in reached.items()}
    seen: set[frozenset[str]] = set()
    for name, function in flow.functions.items():
        for index, (event, heads) in enumerate(zip(function.emits, reached[name], strict=True)):
            way = _way(after, heads, name)
            if way is None or frozenset(way) in seen:
                continue
            seen.add(frozenset(way))
            place = ("spec", "functions", name, "emits", index)
            yield Finding("reply-loop", place, _message(name, event, way))


def _message(name: str, event: Event, way: Sequence[str]) -> str:
    if len(way) == 1:
        told = f"{name} receives its own {event.type}"
    else:
        told = f"{event.type} may come back to {name}: {' -> '.join([name, *way])}"
    return f"{told}: it may go round until the Broker ends it, after {TTL} rounds"


def _reached(flow: Flow, emits: Sequence[Event]) -> Iterator[list[str]]:
    """For each emission the functions that may get it."""
    for event in emits:
        yield [
            name
            for name, triggers in flow.triggers.items()
            if any(may_match(trigger.filters, event) for trigger in triggers)
        ]


def _way(after: Mapping[str, Iterable[str]], starts: Sequence[str], end: str) -> list[str] | None:
    """The shortest way from one of several functions to another, both included; None where there is none."""
    before: dict[str, str | None] = dict.fromkeys(starts)
    queue = list(starts)
    for here in queue:
        if here == end:
            break
        for name in after[here]:
            if name not in before:
                before[name] = here
                queue.append(name)
    if end not in before:
        return None
    way: list[str] = []
    step: str | None = end
    while step is not None:
        way.append(step)
        step = before[step]
    return way[::-1]
