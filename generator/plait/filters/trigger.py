"""A Trigger's filter, compiled once, asked for every event."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from plait.filters.build import build
from plait.filters.nodes import Node, Outcome
from plait.filters.webhook import mistakes


class Verdict(NamedTuple):
    """What a Trigger's filter says of one event.

    Attributes:
        matches: whether the Broker delivers the event to the Trigger's subscriber.
        attribute: the first attribute that did not match; None where it matches, or no attribute decided.
        reason: why it does not match, for people: `type is "a", exact wants "b"`; "" where it matches.
        path: the filter element that decided, such as `filters[1].any[0]`; "" where it matches.
        broken: Knative's own filter fails on this event: the delivery counts as failed, is retried and at
            last dead-lettered, though the subscriber never sees it (tests/data/knative/f-cesql-nonbool.json).
    """

    matches: bool
    attribute: str | None = None
    reason: str = ""
    path: str = ""
    broken: bool = False


_MATCHES = Verdict(matches=True)
_DELIVERED = frozenset((Outcome.PASS, Outcome.NONE))


class Filter:
    """The compiled filter of one Trigger. Immutable, may be shared between threads."""

    __slots__ = ("node",)

    def __init__(self, node: Node | None) -> None:
        self.node = node

    def matches(self, attributes: Mapping[str, str]) -> bool:
        """Whether the event is delivered: the verdict without its reason, for where only that counts."""
        return self.node is None or self.node.outcome(attributes) in _DELIVERED

    def verdict(self, attributes: Mapping[str, str]) -> Verdict:
        """Whether the event is delivered, and if not, the first reason.

        Args:
            attributes: the event's attributes as texts, as on the wire, with names in small letters:
                specversion, id, type, source, and where it has them subject, time, datacontenttype,
                dataschema (schemaurl in 0.3) and the extensions. Bytes that are no UTF-8: surrogate escapes.
        """
        if self.node is None:
            return _MATCHES
        outcome = self.node.outcome(attributes)
        if outcome in _DELIVERED:
            return _MATCHES
        ground = self.node.blame(attributes)
        broken = outcome is Outcome.BROKEN
        return Verdict(False, ground.attribute, ground.text, ground.path, broken)  # noqa: FBT003 - its first field


def compile_trigger(spec: Mapping[str, Any]) -> Filter:
    """The filter of a Trigger: its `filters`, or where that is empty `filter.attributes` (statement 14).

    Args:
        spec: a Trigger's spec as in its manifest; other fields are not looked at.

    Raises:
        FilterError: the first thing that Knative's webhook refuses; `mistakes` gives all.
    """
    for mistake in mistakes(spec):
        raise mistake
    return Filter(build(spec))
