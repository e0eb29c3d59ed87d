"""Events in functions.yaml: what a function subscribes to and emits, and how events are delivered.

Source of the rules: Knative Eventing's admission webhook for Broker and Trigger, and the CloudEvents
Subscriptions API 1.0 (filter dialects).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from plait.spec.base import ONE_FIELD, Model
from plait.spec.form import Form, wrong
from plait.spec.names import Attribute, Attributes, Cesql, FilterText, FunctionName, NonEmpty, Subdomain, Url
from plait.spec.times import Duration, Timeout

DIALECTS = ("exact", "prefix", "suffix", "all", "any", "not", "cesql")
CORE_ATTRIBUTES = frozenset(
    ("id", "source", "type", "specversion", "datacontenttype", "dataschema", "subject", "time", "data")
)


def _check_extension(name: str) -> str:
    if name in CORE_ATTRIBUTES:
        own_field = name in ("type", "source", "subject")
        hint = f"write it as {name}:" if own_field else f"as filters: [{{exact: {{{name}: ...}}}}]"
        raise wrong(f"{name!r} is an attribute of every event, not an extension", hint)
    return name


Extension = Annotated[Attribute, Form(_check_extension)]


class Event(Model):
    """A kind of CloudEvent: its type and where it comes from."""

    type: NonEmpty = Field(examples=["com.example.order.paid"])
    """The CloudEvents attribute `type`."""
    source: NonEmpty | None = Field(None, examples=["/shop/checkout"])
    """The CloudEvents attribute `source`. Left out: any source."""
    description: str | None = Field(None, examples=["An order was paid in full."])
    """What has happened when this event occurs, for people."""


class Filter(Model):
    """One element of Knative's `filters`: exactly one dialect."""

    model_config = ConfigDict(json_schema_extra=ONE_FIELD)

    exact: Attributes | None = Field(None, examples=[{"type": "com.example.order.paid"}])
    """Attributes that must be equal to these values (all of them)."""
    prefix: Attributes | None = Field(None, examples=[{"type": "com.example.order."}])
    """Attributes that must start with these values (all of them)."""
    suffix: Attributes | None = Field(None, examples=[{"type": ".paid"}])
    """Attributes that must end with these values (all of them)."""
    all: list[Filter] | None = Field(None, min_length=1, examples=[[{"exact": {"type": "a"}}]])
    """Every one of these filters matches."""
    any: list[Filter] | None = Field(None, min_length=1, examples=[[{"exact": {"type": "a"}}]])
    """At least one of these filters matches."""
    not_: Filter | None = Field(None, alias="not", examples=[{"exact": {"type": "a"}}])
    """This filter does not match."""
    cesql: Cesql | None = Field(None, examples=["type LIKE 'com.example.%' AND EXISTS subject"])
    """A CloudEvents SQL expression that is true."""

    @model_validator(mode="after")
    def _one_dialect(self) -> Self:
        given = self.model_fields_set
        if not given:
            raise wrong("a filter without a dialect", f"one of {', '.join(DIALECTS)}")
        if len(given) > 1:
            found = ", ".join(sorted(name.rstrip("_") for name in given))
            hint = "put each in a list element of its own, or into an `all` list"
            raise wrong(f"a filter holds exactly one dialect; here: {found}", hint)
        for dialect in ("exact", "prefix", "suffix"):
            if getattr(self, dialect) == {}:
                raise wrong(
                    f"`{dialect}` without an attribute", f"as {dialect}: {{type: com.example.order.paid}}"
                )
        return self

    def data(self) -> dict[str, Any]:
        """The filter as Knative reads it."""
        return self.model_dump(by_alias=True, exclude_unset=True)


class Reference(Model):
    """An object of the cluster that takes events (anything that Knative can address)."""

    apiVersion: NonEmpty = Field(examples=["eventing.knative.dev/v1"])
    """Its API version."""
    kind: NonEmpty = Field(examples=["Broker"])
    """Its kind."""
    name: Subdomain = Field(examples=["dead-letters"])
    """Its name."""
    namespace: Subdomain | None = Field(None, examples=["operations"])
    """Its namespace. Left out: the namespace of the functions."""


class DeadLetter(Model):
    """Where an event goes that could not be delivered: one of the three."""

    model_config = ConfigDict(json_schema_extra=ONE_FIELD)

    function: FunctionName | None = Field(None, examples=["dead-letters"])
    """A function of this file."""
    uri: Url | None = Field(None, examples=["http://dead-letters.example.com/"])
    """An absolute URL."""
    ref: Reference | None = Field(
        None, examples=[{"apiVersion": "eventing.knative.dev/v1", "kind": "Broker", "name": "dead-letters"}]
    )
    """Any object of the cluster that takes events."""

    @model_validator(mode="after")
    def _one(self) -> Self:
        if len(self.model_fields_set) != 1:
            raise wrong(
                "deadLetter names exactly one of function, uri, ref", "as deadLetter: {function: NAME}"
            )
        return self


class Delivery(Model):
    """How the Broker delivers: Knative's DeliverySpec. What is left out is the Broker's default."""

    retry: int | None = Field(None, ge=0, le=2**31 - 1, examples=[5])
    """How often a failed delivery is tried again."""
    backoffPolicy: Literal["linear", "exponential"] | None = Field(None, examples=["exponential"])
    """How the wait between two tries grows."""
    backoffDelay: Duration | None = Field(None, examples=["PT0.2S"])
    """The wait before the first retry, an ISO 8601 duration."""
    timeout: Timeout | None = Field(None, examples=["PT30S"])
    """How long one try may take, an ISO 8601 duration."""
    format: Literal["json", "binary"] | None = Field(None, examples=["binary"])
    """`json` delivers in structured mode, `binary` (Knative's default) in binary mode."""
    deadLetter: DeadLetter | None = Field(None, examples=[{"function": "dead-letters"}])
    """Where an event goes when every try has failed."""


class Subscription(Model):
    """One Trigger: the events that reach the function. Everything given must match."""

    name: Subdomain | None = Field(None, examples=["orders-paid"])
    """The Trigger's name. Left out: the function's name, with a hash of the filter where it has several."""
    type: FilterText | None = Field(None, examples=["com.example.order.paid"])
    """The attribute `type` must be equal to this."""
    source: FilterText | None = Field(None, examples=["/shop/checkout"])
    """The attribute `source` must be equal to this."""
    subject: FilterText | None = Field(None, examples=["order-17"])
    """The attribute `subject` must be equal to this."""
    extensions: dict[Extension, FilterText] = Field(default_factory=dict, examples=[{"tenant": "acme"}])
    """Extension attributes that must be equal to these values."""
    filters: list[Filter] = Field(default_factory=list, examples=[[{"prefix": {"type": "com.example."}}]])
    """Knative's filter list, as in a Trigger: every element must match."""
    delivery: Delivery | None = Field(None, examples=[{"retry": 3}])
    """How events are delivered here; replaces the function's and the Broker's retry settings."""

    def filter_list(self) -> list[dict[str, Any]]:
        """Knative's `filters`: one exact element of the plain fields, then the given list."""
        exact = {k: v for k in ("type", "source", "subject") if (v := getattr(self, k)) is not None}
        exact |= dict(sorted(self.extensions.items()))
        return [{"exact": exact}] * bool(exact) + [item.data() for item in self.filters]


def trigger_names(function: str, subscriptions: Sequence[Subscription]) -> list[str]:
    """The Trigger names of a function, in the order of its subscriptions. Stable: never an index.

    The given name, else the function's name where it has one subscription, else the function's name
    and 8 hex digits of the SHA-256 of the filter.
    """
    if len(subscriptions) == 1:
        return [subscriptions[0].name or function]
    return [subscription.name or f"{function}-{_digest(subscription)}" for subscription in subscriptions]


def _digest(subscription: Subscription) -> str:
    filters = json.dumps(subscription.filter_list(), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(filters.encode()).hexdigest()[:8]
