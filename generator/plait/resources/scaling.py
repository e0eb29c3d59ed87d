"""HorizontalPodAutoscaler and PodDisruptionBudget of a Deployment."""

from __future__ import annotations

from typing import Any

from plait.flow import Flow
from plait.resources.meta import NAME, of_function

DEFAULT_UTILIZATION = 80


def build(flow: Flow, name: str) -> dict[str, dict[str, Any]]:
    """`hpa` where the function scales, `pdb` where it has more than one pod in some environment."""
    objects = {}
    if flow.functions[name].scale:
        objects["hpa"] = _autoscaler(flow, name)
    if _several(flow, name):
        objects["pdb"] = _budget(flow, name)
    return objects


def cpu_metric(target: int | None) -> dict[str, Any]:
    """The metric of an autoscaler: CPU utilisation in percent of the request."""
    average = {"type": "Utilization", "averageUtilization": target or DEFAULT_UTILIZATION}
    return {"type": "Resource", "resource": {"name": "cpu", "target": average}}


def _autoscaler(flow: Flow, name: str) -> dict[str, Any]:
    scale = flow.functions[name].scale
    assert scale is not None
    return {
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": of_function(flow, name),
        "spec": {
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": name},
            "minReplicas": scale.min,
            "maxReplicas": scale.max,
            "metrics": [cpu_metric(scale.target)],
        },
    }


def _several(flow: Flow, name: str) -> bool:
    function = flow.functions[name]
    counts = [function.replicas or 1]
    for environment in flow.environments.values():
        override = environment.functions.get(name)
        counts.append(override.replicas or 1 if override else 1)
    return max(counts) > 1 or function.scale is not None


def _budget(flow: Flow, name: str) -> dict[str, Any]:
    return {
        "apiVersion": "policy/v1",
        "kind": "PodDisruptionBudget",
        "metadata": of_function(flow, name),
        "spec": {"maxUnavailable": 1, "selector": {"matchLabels": {NAME: name}}},
    }
