"""Routes: which event goes where, and how."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from plait.filters import Filter
from plait.local.gostd import userinfo
from plait.local.routes.policy import KNATIVE_DEFAULT, Policy

Name = tuple[str, str]
"""Namespace and name."""


@dataclass(frozen=True)
class Trigger:
    """One subscription.

    Attributes:
        namespace, name: of the Trigger.
        filter: which events it lets through.
        subscriber: the URL that gets them.
        policy: how attempts are repeated.
        dead_letter: the URL that gets what failed for good, or None.
        as_json: `delivery.format: json`, deliver in structured mode.
        shown: its `filters` or `filter` as written, for people.
        nowhere: why its subscriber is nowhere on this machine, so that it gets nothing; "" where it is.
    """

    namespace: str
    name: str
    filter: Filter = field(repr=False)
    subscriber: str
    policy: Policy = KNATIVE_DEFAULT
    dead_letter: str | None = None
    as_json: bool = False
    shown: Mapping[str, Any] = field(default_factory=dict)
    nowhere: str = ""

    @cached_property
    def key(self) -> str:
        """`NAMESPACE/NAME`."""
        return f"{self.namespace}/{self.name}"

    @cached_property
    def shown_subscriber(self) -> str:
        """Its URL without user and password, for people."""
        return userinfo.without(self.subscriber)

    @cached_property
    def shown_dead_letter(self) -> str | None:
        """Likewise of the dead letter sink."""
        return userinfo.without(self.dead_letter) if self.dead_letter else None


@dataclass(frozen=True)
class Broker:
    """One Broker and its Triggers, in the order of their declaration."""

    namespace: str
    name: str
    triggers: Sequence[Trigger] = ()
    declared: bool = True

    @cached_property
    def key(self) -> str:
        """`NAMESPACE/NAME`, its path at the ingress."""
        return f"{self.namespace}/{self.name}"


@dataclass(frozen=True)
class Routes:
    """All Brokers."""

    brokers: Sequence[Broker]

    @cached_property
    def by_key(self) -> Mapping[str, Broker]:
        """The Brokers by `NAMESPACE/NAME`."""
        return {broker.key: broker for broker in self.brokers}

    @cached_property
    def triggers(self) -> Mapping[str, Trigger]:
        """The Triggers by `NAMESPACE/NAME`, without those whose subscriber is nowhere."""
        every = (trigger for broker in self.brokers for trigger in broker.triggers)
        return {trigger.key: trigger for trigger in every if not trigger.nowhere}
