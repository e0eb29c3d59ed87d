"""Spec -> Flow: the event graph that cluster objects and the local broker are both made from.

A Flow knows the Broker, the functions and the Triggers between them. `findings` tells what looks
wrong in it without being forbidden: an event that nobody listens to, a Trigger that nothing fires.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from plait.spec.environment import Broker, Environment
from plait.spec.events import Delivery, Event, trigger_names
from plait.spec.function import Env, Function
from plait.spec.image import Image
from plait.spec.model import Body, Spec

Location = tuple[str | int, ...]
KNATIVE_TIMEOUT = 600


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
class Finding:
    """Something worth a warning. `location` is its place in functions.yaml, `rule` its kind."""

    location: Location
    message: str
    hint: str | None = None
    rule: str = "flow"


@dataclass(frozen=True)
class Flow:
    """The event graph of one functions.yaml."""

    spec: Spec

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
        return "${" in self.spec.model_dump_json()

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


def findings(flow: Flow) -> list[Finding]:
    """Every finding, kind by kind."""
    emitted = [event for function in flow.functions.values() for event in function.emits]
    everything = [*emitted, *flow.body.external]
    graph = [*_unheard(flow), *_unfired(flow, everything), *_loops(flow)]
    return [*graph, *_secrets(flow), *_limits(flow)]


def _unheard(flow: Flow) -> Iterator[Finding]:
    triggers = [trigger for group in flow.triggers.values() for trigger in group]
    for name, function in flow.functions.items():
        for index, event in enumerate(function.emits):
            if not any(may_match(trigger.filters, event) for trigger in triggers):
                message = f"nobody subscribes to {event.type}, which {name} emits"
                yield Finding(("spec", "functions", name, "emits", index), message)


def _unfired(flow: Flow, events: Sequence[Event]) -> Iterator[Finding]:
    for name, triggers in flow.triggers.items():
        for trigger in triggers:
            if not any(may_match(trigger.filters, event) for event in events):
                message = f"no function emits what Trigger {trigger.name} of {name} waits for"
                hint = "list it under spec.external when it comes from outside"
                yield Finding(("spec", "functions", name, "subscribes", trigger.index), message, hint)


def _loops(flow: Flow) -> Iterator[Finding]:
    for name, function in flow.functions.items():
        for index, event in enumerate(function.emits):
            if any(may_match(trigger.filters, event) for trigger in flow.triggers[name]):
                message = f"{name} receives its own {event.type}: it may go round until the Broker's TTL ends"
                yield Finding(("spec", "functions", name, "emits", index), message)


_SECRET_WORDS = ("password", "passwd", "secret", "token", "apikey", "api_key", "private_key", "credential")


def _secrets(flow: Flow) -> Iterator[Finding]:
    """A literal that looks like a secret; plait takes secrets by reference only."""
    for name, function in flow.functions.items():
        yield from _plain_secrets(("spec", "functions", name, "env"), function.env)
    for name, environment in flow.environments.items():
        for function_name, override in environment.functions.items():
            at: Location = ("spec", "environments", name, "functions", function_name, "env")
            yield from _plain_secrets(at, override.env)


def _plain_secrets(at: Location, env: Env) -> Iterator[Finding]:
    for key, source in env.items():
        named = any(word in key.lower() for word in _SECRET_WORDS)
        if source.value and (named or source.value.startswith("-----BEGIN ")):
            hint = "put it into a Secret and write {secret: {name: ..., key: ...}}"
            yield Finding((*at, key), f"{key} looks like a secret in plain text", hint, "secret")


def _limits(flow: Flow) -> Iterator[Finding]:
    """What a cluster may refuse, or run as another version than meant."""
    for name, function in flow.functions.items():
        at: Location = ("spec", "functions", name)
        if function.serving == "knative" and (function.timeout or 0) > KNATIVE_TIMEOUT:
            message = (
                f"Knative refuses more than its max-revision-timeout-seconds, {KNATIVE_TIMEOUT} by default"
            )
            yield Finding(
                (*at, "timeout"), message, "raise it in the ConfigMap config-defaults first", "limit"
            )
        if function.image and Image.parse(function.image).version is None:
            message = f"{name} has neither tag nor digest: what runs is whatever :latest is then"
            yield Finding((*at, "image"), message, "name a version, as :1.0.0", "limit")


def may_match(filters: Sequence[dict[str, Any]], event: Event) -> bool:
    """Whether an event of this type and source can pass: False only where it certainly cannot."""
    return verdict(filters, event) is not False


def verdict(filters: Sequence[dict[str, Any]], event: Event) -> bool | None:
    """Whether such events pass: True, False, or None where it depends on what is not declared."""
    return _every([_verdict(element, event) for element in filters])


def _verdict(element: dict[str, Any], event: Event) -> bool | None:
    """True, False, or None where it depends on what the declaration does not say."""
    dialect, value = next(iter(element.items()))
    if dialect in ("exact", "prefix", "suffix"):
        return _every([_compare(dialect, getattr(event, key, None), text) for key, text in value.items()])
    if dialect == "all":
        return _every([_verdict(item, event) for item in value])
    if dialect == "any":
        return _invert(_every([_invert(_verdict(item, event)) for item in value]))
    return _invert(_verdict(value, event)) if dialect == "not" else None


def _compare(dialect: str, have: str | None, text: str) -> bool | None:
    if have is None:
        return None
    if dialect == "prefix":
        return have.startswith(text)
    return have.endswith(text) if dialect == "suffix" else have == text


def _every(verdicts: Sequence[bool | None]) -> bool | None:
    if False in verdicts:
        return False
    return None if None in verdicts else True


def _invert(verdict: bool | None) -> bool | None:  # noqa: FBT001 (a logical operator)
    return None if verdict is None else not verdict
