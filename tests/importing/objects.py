"""Manifests as data, each with what a test changes of it."""

from typing import Any

from plait import emit

Object = dict[str, Any]
SHOP = {"namespace": "shop"}


def named(api: str, kind: str, name: str = "orders", spec: Any = None, **more: Any) -> Object:
    """Any object; `more` goes into its metadata."""
    block = {"metadata": {"name": name, **SHOP, **more}}
    return {"apiVersion": api, "kind": kind, **block, **({"spec": spec} if spec is not None else {})}


def container(**more: Any) -> Object:
    """The container of a workload."""
    return {
        "name": "orders",
        "image": "registry.example.com/orders:1",
        "ports": [{"containerPort": 8080}],
        **more,
    }


def deployment(
    name: str = "orders", *, pod: Any = None, spec: Any = None, labels: Any = None, **more: Any
) -> Object:
    """A Deployment; `more` goes into its container."""
    inner = {"containers": [container(**more)], **(pod or {})}
    template = {"metadata": {"labels": {"app": name, **(labels or {})}}, "spec": inner}
    whole = {"selector": {"matchLabels": {"app": name}}, "template": template, **(spec or {})}
    return named("apps/v1", "Deployment", name, whole)


def knative(*, pod: Any = None, annotations: Any = None, spec: Any = None, **more: Any) -> Object:
    """A Knative Service; `more` goes into its container."""
    inner = {"containers": [{**container(**more), "ports": []}], **(pod or {})}
    template = {"metadata": {"annotations": annotations or {}}, "spec": inner}
    return named("serving.knative.dev/v1", "Service", spec={"template": template, **(spec or {})})


def service(name: str = "orders", *, app: str = "orders", **more: Any) -> Object:
    """A core Service."""
    spec = {"selector": {"app": app}, "ports": [{"port": 80, "targetPort": 8080}], **more}
    return named("v1", "Service", name, spec)


def trigger(name: str = "paid", *, subscriber: Any = None, **spec: Any) -> Object:
    """A Trigger of the function orders."""
    ref = {"ref": {"apiVersion": "v1", "kind": "Service", "name": "orders"}}
    whole = {"broker": "default", "subscriber": ref if subscriber is None else subscriber, **spec}
    return named("eventing.knative.dev/v1", "Trigger", name, whole)


def broker(name: str = "default", **spec: Any) -> Object:
    """A Broker."""
    return named("eventing.knative.dev/v1", "Broker", name, spec)


def autoscaler(**spec: Any) -> Object:
    """An autoscaler of the Deployment orders."""
    target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "orders"}
    return named(
        "autoscaling/v2", "HorizontalPodAutoscaler", spec={"scaleTargetRef": target, "maxReplicas": 5, **spec}
    )


def budget(**spec: Any) -> Object:
    """A disruption budget of the Deployment orders."""
    return named(
        "policy/v1", "PodDisruptionBudget", spec={"selector": {"matchLabels": {"app": "orders"}}, **spec}
    )


def yaml(*objects: Object) -> str:
    """The documents as text."""
    return emit.stream(objects)
