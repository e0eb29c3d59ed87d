"""minikube: images loaded by hand (never pulled again), one replica, small requests, no disruption budget."""

from __future__ import annotations

from plait.edits import Object, get, in_container, put
from plait.flow import Flow
from plait.spec.names import amount

SMALL = {"cpu": "10m", "memory": "32Mi"}


def adjust(item: Object, _flow: Flow) -> Object | None:
    """The object as it runs there."""
    if item["kind"] == "PodDisruptionBudget":
        return None
    if item["kind"] == "HorizontalPodAutoscaler":
        fewest = ("spec", "minReplicas")
        changed: Object = put(item, fewest, 1) if get(item, *fewest) > 1 else item
        return changed
    if item["kind"] == "Deployment" and (get(item, "spec", "replicas") or 0) > 1:
        item = put(item, ("spec", "replicas"), 1)
    return in_container(item, _small)


def _small(container: Object) -> Object:
    requests = get(container, "resources", "requests") or {}
    smaller = {
        key: SMALL[key] if key in SMALL and amount(SMALL[key]) < amount(value) else value
        for key, value in requests.items()
    }
    if smaller != requests:
        container = put(container, ("resources", "requests"), smaller)
    return {**container, "imagePullPolicy": "IfNotPresent"}
