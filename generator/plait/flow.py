"""Spec -> Flow: the event graph that cluster objects and the local broker are both made from.

A Flow knows the Broker, the functions and the Triggers between them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from plait.spec.environment import Broker, Environment
from plait.spec.events import Delivery, Event, trigger_names
from plait.spec.function import Function
from plait.spec.model import Body, Spec


@dataclass(frozen=True)
class Trigger:
    """One subscription of one function.

    Attributes:
        name: the Trigger's name, unique in the namespace.
        function: the subscriber.
        index: its place in the function's `subscribes`.
        filters: Knative's filter list; empty means every event.
        delivery: its own settings, else the function's, else None (the Broker's apply).
    """

    name: str
    function: str
    index: int
    filters: Sequence[dict[str, Any]]
    delivery: Delivery | None


@dataclass(frozen=True)
class Flow:
    """The event graph of one functions.yaml.

    Attributes:
        spec: what the file says.
        contracts: the schema of each type that has one, with all that it refers to, as JSON
            (`plait.contracts`). Only the objects of base/ need it.
    """

    spec: Spec
    contracts: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def body(self) -> Body:
        """The file's `spec`."""
        return self.spec.spec

    @property
    def application(self) -> str:
        """The file's name, the label app.kubernetes.io/part-of."""
        return self.spec.metadata.name

    @property
    def broker(self) -> Broker:
        """The Broker that all events go through."""
        return self.body.broker

    @property
    def functions(self) -> Mapping[str, Function]:
        """The functions, by name."""
        return self.body.functions

    @property
    def environments(self) -> Mapping[str, Environment]:
        """The environments, by name."""
        return self.body.environments

    @cached_property
    def has_variables(self) -> bool:
        """Whether `${` occurs in the file: a quick look before every object is searched."""
        return "${" in self.spec.model_dump_json() or any("${" in text for text in self.contracts.values())

    @cached_property
    def triggers(self) -> Mapping[str, Sequence[Trigger]]:
        """The Triggers of each function, in the order of its subscriptions."""
        return {name: _triggers(name, function) for name, function in self.functions.items()}


def _triggers(name: str, function: Function) -> Sequence[Trigger]:
    names = trigger_names(name, function.subscribes)
    return [
        Trigger(trigger, name, index, subscription.filter_list(), subscription.delivery or function.delivery)
        for index, (trigger, subscription) in enumerate(zip(names, function.subscribes, strict=True))
    ]


def may_match(filters: Sequence[dict[str, Any]], event: Event) -> bool:
    """Whether an event of this type and source can pass: False only where it certainly cannot."""
    return verdict(filters, event) is not False


def verdict(filters: Sequence[dict[str, Any]], event: Event) -> bool | None:
    """Whether such events pass: True, False, or None where it depends on what is not declared."""
    return _every(_verdict(element, event) for element in filters)


def _verdict(element: dict[str, Any], event: Event) -> bool | None:
    """True, False, or None where it depends on what the declaration does not say."""
    dialect, value = next(iter(element.items()))
    if dialect in ("exact", "prefix", "suffix"):
        return _every(_compare(dialect, getattr(event, key, None), text) for key, text in value.items())
    if dialect == "all":
        return _every(_verdict(item, event) for item in value)
    if dialect == "any":
        return _invert(_every(_invert(_verdict(item, event)) for item in value))
    return _invert(_verdict(value, event)) if dialect == "not" else _cesql(value, event)


def _cesql(expression: str, event: Event) -> bool | None:
    from plait.filters.constant import verdict as proved  # noqa: PLC0415 - with it comes lark

    return proved(expression, {"type": event.type} | ({"source": event.source} if event.source else {}))


def _compare(dialect: str, have: str | None, text: str) -> bool | None:
    if have is None:
        return None
    if dialect == "prefix":
        return have.startswith(text)
    return have.endswith(text) if dialect == "suffix" else have == text


def _every(verdicts: Iterable[bool | None]) -> bool | None:
    """False at the first False: what comes after it, CESQL maybe, is not looked at."""
    known = True
    for verdict in verdicts:
        if verdict is False:
            return False
        known = known and verdict is not None
    return True if known else None


def _invert(verdict: bool | None) -> bool | None:  # noqa: FBT001 (a logical operator)
    return None if verdict is None else not verdict
