"""What an environment's objects mean: who runs, at which version, and which events reach whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from plait.edits import Object, get, pod_spec

Settings = Mapping[str, Any]
# Knative: a Broker without delivery (config-br-default-channel and the default class's retries).
_DELIVERY = ("retry", "backoffPolicy", "backoffDelay", "timeout", "format", "retryAfterMax")


@dataclass(frozen=True, slots=True)
class Workload:
    """One function.

    Attributes:
        image: as it is pulled.
        replicas: or None where something else decides.
        env: the variables by name; a value or a reference.
        code: whether it is mounted from a ConfigMap: its data, or None.
        serving: deployment or knative.
    """

    image: str
    replicas: int | None
    env: Mapping[str, Any]
    code: Any
    serving: str


@dataclass(frozen=True, slots=True)
class Picture:
    """One environment.

    Attributes:
        workloads: by name.
        routes: events (in words) and who gets them.
        sinks: who gets the dead letters of a subscriber's Trigger, by subscriber and events; None for nobody.
        delivery: the settings in force there.
    """

    workloads: Mapping[str, Workload]
    routes: frozenset[tuple[str, str]]
    sinks: Mapping[tuple[str, str], str | None]
    delivery: Mapping[tuple[str, str], Settings]


def picture(objects: Sequence[Object]) -> Picture:
    """Read it from the objects of one environment."""
    brokers = {item["metadata"]["name"]: _delivery(item) for item in objects if item["kind"] == "Broker"}
    code = {item["metadata"]["name"]: item for item in objects if item["kind"] == "ConfigMap"}
    routes, sinks, delivery = set(), {}, {}
    for item in objects:
        if item["kind"] == "Trigger":
            route = (events(item["spec"]), target(item["spec"].get("subscriber")) or "nobody")
            routes.add(route)
            shared = brokers.get(item["spec"].get("broker", ""), {})
            sinks[route] = target(_delivery(item).get("deadLetterSink") or shared.get("deadLetterSink"))
            delivery[route] = _in_force(_delivery(item), shared)
    return Picture(dict(_workloads(objects, code)), frozenset(routes), sinks, delivery)


def _workloads(objects: Sequence[Object], code: Mapping[str, Object]) -> Iterator[tuple[str, Workload]]:
    for item in objects:
        path = pod_spec(item)
        container = get(item, *path, "containers", 0) if path else None
        if path and container is not None:
            serving = "deployment" if item["kind"] == "Deployment" else "knative"
            mounts = [get(volume, "configMap", "name") for volume in get(item, *path, "volumes") or []]
            held = [get(code, name, key) for name in mounts if name in code for key in ("data", "binaryData")]
            env = {entry["name"]: entry for entry in container.get("env", [])}
            replicas = get(item, "spec", "replicas")
            workload = Workload(container.get("image", ""), replicas, env, held or None, serving)
            yield item["metadata"]["name"], workload


def _delivery(item: Object) -> Settings:
    return get(item, "spec", "delivery") or {}


def _in_force(own: Settings, shared: Settings) -> Settings:
    """Any delivery of a Trigger but a dead letter sink alone replaces the Broker's settings whole."""
    chosen = own if any(key in own for key in _DELIVERY) else shared
    return {key: chosen[key] for key in _DELIVERY if key in chosen}


def target(sink: Any) -> str | None:
    """Name of a Service, or the address, of a subscriber or a sink."""
    if not sink:
        return None
    name = get(sink, "ref", "name")
    return str(name) if name else str(sink.get("uri", "")) or None


def events(spec: Mapping[str, Any]) -> str:
    """A Trigger's events in words."""
    filters = spec.get("filters")
    if not filters:
        attributes = get(spec, "filter", "attributes") or {}
        filters = [{"exact": {key: value for key, value in attributes.items() if value}}]
    return _all(filters) or "every event"


def _all(elements: Sequence[Mapping[str, Any]]) -> str:
    return " and ".join(filter(None, map(_element, elements)))


def _element(element: Mapping[str, Any]) -> str:
    dialect: str
    value: Any
    dialect, value = next(iter(element.items()), ("", None))
    if dialect == "exact":
        return _exact(value)
    if dialect in ("prefix", "suffix"):
        verb = "starts" if dialect == "prefix" else "ends"
        return " and ".join(f"events whose {key} {verb} with {text}" for key, text in value.items())
    if dialect == "all":
        return _all(value)
    if dialect == "any":
        return " or ".join(filter(None, map(_element, value)))
    return f"not ({_element(value)})" if dialect == "not" else f"events where {value}"


def _exact(attributes: Mapping[str, str]) -> str:
    """`TYPE from SOURCE with subject X`; the type alone is what most people call the event."""
    rest = dict(attributes)
    words = [str(rest.pop("type", ""))] if rest.get("type") else ["events"] if rest else []
    if source := rest.pop("source", None):
        words.append(f"from {source}")
    words += [f"with {key} {text}" for key, text in rest.items()]
    return " ".join(words)
