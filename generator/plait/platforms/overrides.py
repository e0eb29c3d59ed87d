"""What an environment in functions.yaml says itself: labels, Broker, and single functions.

Each override applies where its target is there: a gated environment may still run an older shape
that has, say, no autoscaler yet.
"""

from __future__ import annotations

from plait.edits import Object, get, in_container, merge, put
from plait.flow import Flow
from plait.resources import broker, knative, pod
from plait.resources.scaling import cpu_metric
from plait.spec.environment import BrokerOverride, Environment, FunctionOverride
from plait.spec.function import Env, Resources, Scale


def shared(item: Object, flow: Flow, environment: Environment) -> Object:
    """The object with the environment's labels, and the Broker with its overrides."""
    if environment.labels:
        item = merge(item, ("metadata", "labels"), environment.labels)
        if get(item, "spec", "template", "metadata"):
            item = merge(item, ("spec", "template", "metadata", "labels"), environment.labels)
    if item["kind"] == "Broker" and environment.broker:
        item = _broker(item, flow, environment.broker)
    return item


def _broker(item: Object, flow: Flow, override: BrokerOverride) -> Object:
    if override.class_:
        item = merge(item, ("metadata", "annotations"), {broker.CLASS: override.class_})
    if override.config:
        item = put(item, ("spec", "config"), broker.config(override.config))
    if override.delivery:
        item = put(item, ("spec", "delivery"), broker.delivery(flow, override.delivery))
    return item


def of_function(item: Object, override: FunctionOverride) -> Object:
    """The object with what the environment changes of its function."""
    if override.replicas is not None and item["kind"] == "Deployment" and "replicas" in item["spec"]:
        item = put(item, ("spec", "replicas"), override.replicas)
    if override.scale:
        item = _scaled(item, override.scale)
    if override.resources:
        wanted = override.resources
        item = in_container(item, lambda container: _resources(container, wanted))
    if override.env:
        item = in_container(item, lambda container: _environment(container, override.env))
    return item


def _scaled(item: Object, scale: Scale) -> Object:
    if item["kind"] == "HorizontalPodAutoscaler":
        metrics = [cpu_metric(scale.target)] if scale.target else item["spec"]["metrics"]
        bounds = {"minReplicas": scale.min, "maxReplicas": scale.max, "metrics": metrics}
        return merge(item, ("spec",), bounds)  # type: ignore[no-any-return]
    if item["apiVersion"].startswith("serving.knative.dev/"):
        at = ("spec", "template", "metadata", "annotations")
        return merge(item, at, knative.scale_annotations(scale))  # type: ignore[no-any-return]
    return item


def _resources(container: Object, wanted: Resources) -> Object:
    for kind, values in wanted.model_dump().items():
        container = merge(container, ("resources", kind), values)
    return container


def _environment(container: Object, env: Env) -> Object:
    """The environment's variables first, as kustomize's merge orders them, then the function's others.

    A variable that is replaced is replaced whole: `valueFrom` does not stay beside a new `value`.
    """
    mine = [pod.variable(key, source) for key, source in env.items()]
    have = {entry["name"]: entry for entry in container.get("env", [])}
    fresh = [entry for entry in mine if have.get(entry["name"]) != entry]
    changed = {entry["name"] for entry in fresh}
    rest = [entry for entry in container.get("env", []) if entry["name"] not in changed]
    return {**container, "env": fresh + rest}
