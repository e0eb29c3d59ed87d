"""The Deployment of a function with `serving: deployment`."""

from __future__ import annotations

from typing import Any

from plait.flow import Flow
from plait.resources import pod
from plait.resources.meta import NAME, of_function


def build(flow: Flow, name: str) -> dict[str, Any]:
    """The apps/v1 Deployment. With `scale` it has no replicas field: the autoscaler owns it."""
    function = flow.functions[name]
    metadata = of_function(flow, name)
    spec: dict[str, Any] = (
        {} if function.scale else {"replicas": 1 if function.replicas is None else function.replicas}
    )
    spec["selector"] = {"matchLabels": {NAME: name}}
    spec["template"] = {
        "metadata": {key: value for key, value in metadata.items() if key != "name"},
        "spec": _pod(flow, name),
    }
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "spec": spec}


def _pod(flow: Flow, name: str) -> dict[str, Any]:
    function = flow.functions[name]
    container = pod.container(name, function)
    ports = [{"name": "http", "containerPort": pod.port(function), "protocol": "TCP"}]
    spec = {
        **pod.account(name, function),
        "enableServiceLinks": False,
        "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
        "terminationGracePeriodSeconds": (function.timeout or pod.DEFAULT_TIMEOUT) + pod.GRACE,
        "containers": [{**container, "ports": ports, **pod.probes(function, "http")}],
    }
    volumes = pod.volumes(name, function)
    return {**spec, "volumes": volumes} if volumes else spec
