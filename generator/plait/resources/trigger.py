"""A Trigger: one subscription."""

from __future__ import annotations

from typing import Any

from plait.flow import Flow, Trigger
from plait.resources.broker import delivery, subscriber
from plait.resources.meta import TRIGGER_WAVE, of_function


def build(flow: Flow, trigger: Trigger) -> dict[str, Any]:
    """The eventing.knative.dev/v1 Trigger."""
    spec: dict[str, Any] = {"broker": flow.broker.name}
    if trigger.filters:
        spec["filters"] = list(trigger.filters)
    spec["subscriber"] = {"ref": subscriber(flow, trigger.function)}
    if trigger.delivery:
        spec["delivery"] = delivery(flow, trigger.delivery)
    return {
        "apiVersion": "eventing.knative.dev/v1",
        "kind": "Trigger",
        "metadata": of_function(flow, trigger.function, trigger.name, TRIGGER_WAVE),
        "spec": spec,
    }
