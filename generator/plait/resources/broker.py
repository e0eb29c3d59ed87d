"""The Broker and the delivery settings that it shares with Triggers (Knative's DeliverySpec)."""

from __future__ import annotations

from typing import Any

from plait.flow import Flow
from plait.resources.meta import BROKER_WAVE, WAVE, labels, metadata
from plait.spec.environment import BrokerConfig
from plait.spec.events import DeadLetter, Delivery

CLASS = "eventing.knative.dev/broker.class"


def build(flow: Flow) -> dict[str, Any]:
    """The eventing.knative.dev/v1 Broker."""
    broker = flow.broker
    spec: dict[str, Any] = {}
    if broker.config:
        spec["config"] = config(broker.config)
    if broker.delivery:
        spec["delivery"] = delivery(flow, broker.delivery)
    annotations = {WAVE: BROKER_WAVE, **({CLASS: broker.class_} if broker.class_ else {})}
    head = {"apiVersion": "eventing.knative.dev/v1", "kind": "Broker"}
    block = {"metadata": metadata(broker.name, labels(flow, broker.name), annotations)}
    return {**head, **block, "spec": spec} if spec else {**head, **block}


def config(reference: BrokerConfig) -> dict[str, Any]:
    """spec.config of a Broker."""
    return reference.model_dump(exclude_none=True)


def delivery(flow: Flow, settings: Delivery) -> dict[str, Any]:
    """A DeliverySpec."""
    data: dict[str, Any] = settings.model_dump(exclude={"deadLetter"}, exclude_none=True)
    if settings.deadLetter:
        data["deadLetterSink"] = _sink(flow, settings.deadLetter)
    return data


def _sink(flow: Flow, letter: DeadLetter) -> dict[str, Any]:
    if letter.function:
        return {"ref": subscriber(flow, letter.function)}
    if letter.ref:
        return {"ref": letter.ref.model_dump(exclude_none=True)}
    return {"uri": letter.uri}


def subscriber(flow: Flow, function: str) -> dict[str, str]:
    """The reference to the Service of a function. Without a namespace: kustomize would not change it."""
    spec = flow.functions.get(function)
    knative = spec is not None and spec.serving == "knative"
    return {"apiVersion": "serving.knative.dev/v1" if knative else "v1", "kind": "Service", "name": function}
