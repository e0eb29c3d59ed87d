"""The Knative Service of a function with `serving: knative`.

Reachable in the cluster only: events come from the Broker. Security stands at the container, since
Knative takes a pod-level context only behind a feature flag.
"""

from __future__ import annotations

from typing import Any

from plait.flow import Flow
from plait.resources import pod
from plait.resources.meta import of_function
from plait.spec.function import Function, Scale

AUTOSCALING = "autoscaling.knative.dev"
PRIVATE = {"networking.knative.dev/visibility": "cluster-local"}


def build(flow: Flow, name: str) -> dict[str, Any]:
    """The serving.knative.dev/v1 Service."""
    function = flow.functions[name]
    metadata = of_function(flow, name)
    annotations = {**function.annotations, **(scale_annotations(function.scale) if function.scale else {})}
    template: dict[str, Any] = {"labels": metadata["labels"]}
    if annotations:
        template["annotations"] = annotations
    if "annotations" in metadata:  # Knative refuses its autoscaling annotations on the Service itself
        kept = {key: text for key, text in metadata["annotations"].items() if not key.startswith(AUTOSCALING)}
        metadata = {**metadata, "annotations": kept}
    return {
        "apiVersion": "serving.knative.dev/v1",
        "kind": "Service",
        "metadata": {**metadata, "labels": {**metadata["labels"], **PRIVATE}},
        "spec": {"template": {"metadata": template, "spec": _revision(name, function)}},
    }


def scale_annotations(scale: Scale) -> dict[str, str]:
    """The autoscaler's settings, on the revision."""
    found = {f"{AUTOSCALING}/min-scale": str(scale.min), f"{AUTOSCALING}/max-scale": str(scale.max)}
    return found | ({f"{AUTOSCALING}/target": str(scale.target)} if scale.target else {})


def _revision(name: str, function: Function) -> dict[str, Any]:
    container = pod.container(name, function)
    container["securityContext"] |= {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}
    spec: dict[str, Any] = pod.account(name, function)
    if function.concurrency:
        spec["containerConcurrency"] = function.concurrency
    if function.timeout:
        spec["timeoutSeconds"] = function.timeout
    spec["enableServiceLinks"] = False
    spec["containers"] = [
        {**container, "ports": [{"containerPort": pod.port(function)}], **pod.probes(function, None)}
    ]
    volumes = pod.volumes(name, function)
    return {**spec, "volumes": volumes} if volumes else spec
