"""Which objects belong together: a workload with its Service, autoscaler, budget and account."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from plait.edits import Object, get
from plait.importing.model import Manifest, Report, Workload
from plait.importing.refusal import refusal
from plait.spec.function_rules import KNATIVE_NAME_LIMIT, RESERVED_NAMES
from plait.spec.model import Body

_POD = ("spec", "template", "spec")
DEFAULT_PORT = 8080
_IMAGE = "registry.example.com/a:1"


def workloads(items: Sequence[Manifest], report: Report) -> list[Workload]:
    """Every Deployment and Knative Service that can be a function, in the order of the files."""
    found: dict[str, Workload] = {}
    for item in items:
        if not is_workload(item):
            continue
        workload = _workload(item, items, report)
        if workload is None:
            continue
        if other := found.get(workload.function):
            report.leave(item, "same-name", other=_name(other.main), function=workload.function)
        else:
            found[workload.function] = workload
    return list(found.values())


def is_workload(item: Manifest) -> bool:
    """Whether it may be a function."""
    return item.is_a("apps", "Deployment") or item.is_a("serving.knative.dev", "Service")


def _name(item: Manifest) -> str:
    return f"{item.kind} {item.name}"


def _workload(item: Manifest, items: Sequence[Manifest], report: Report) -> Workload | None:
    services = [] if item.is_a("serving.knative.dev", "Service") else _services(item, items)
    service = _chosen(item, services, items)
    name = service.name if service else item.name
    why = _unfit(name, knative=item.kind == "Service")
    containers = get(item.data, *_POD, "containers")
    index = _main(containers, service)
    if why or index is None:
        report.leave(item, "name", why=why) if why else report.leave(item, "no-container")
        return None
    for other in services:
        if other is not service:
            report.leave(other, "service-second", other=name)
    container = containers[index]
    return Workload(
        function=name,
        main=item,
        container=index,
        port=_port(container, service),
        service=service,
        autoscaler=_autoscaler(item, items),
        budget=_budget(item, items),
        account=_account(item, name, items),
    )


def _unfit(name: str, *, knative: bool) -> str | None:
    """Why a name cannot be a function's."""
    if name in RESERVED_NAMES:
        return "plait has a folder of this name itself"
    if knative and len(name) > KNATIVE_NAME_LIMIT:
        return f"Knative Services have {KNATIVE_NAME_LIMIT} characters at the most"
    content = {"namespace": "a", "functions": {name: {"runtime": "container", "image": _IMAGE}}}
    return refusal(Body, content)


def _services(item: Manifest, items: Iterable[Manifest]) -> list[Manifest]:
    labels = get(item.data, "spec", "template", "metadata", "labels")
    return [
        other
        for other in items
        if other.is_a("", "Service") and _within(other.get("spec", "selector"), labels)
    ]


def _within(selector: Any, labels: Any) -> bool:
    return (
        isinstance(selector, dict)
        and isinstance(labels, dict)
        and bool(selector)
        and selector.items() <= labels.items()
    )


def _chosen(item: Manifest, services: Sequence[Manifest], items: Iterable[Manifest]) -> Manifest | None:
    """The Service that Triggers name, else the one with the workload's name, else the first."""
    named = {
        get(trigger.data, "spec", "subscriber", "ref", "name")
        for trigger in items
        if trigger.kind == "Trigger"
    }
    by_rank = sorted(
        services, key=lambda other: (other.name not in named, other.name != item.name, other.name)
    )
    return by_rank[0] if by_rank else None


def _main(containers: Any, service: Manifest | None) -> int | None:
    """The container that the Service sends to, else the first that has an image."""
    if not isinstance(containers, list) or not all(isinstance(entry, dict) for entry in containers):
        return None
    fit = [index for index, entry in enumerate(containers) if _image(entry)]
    target = _target(service)
    served = [
        index
        for index in fit
        if _numbered(containers[index], target) is not None and _ports(containers[index])
    ]
    return next(iter(served or fit), None)


def _image(container: Any) -> bool:
    from plait.spec.function import Function  # noqa: PLC0415 - for its field alone

    image = get(container, "image")
    return isinstance(image, str) and refusal(Function, {"runtime": "container", "image": image}) is None


def _target(service: Manifest | None) -> int | str | None:
    """Where a Service sends what it gets on port 80, or on its first port."""
    ports = service.get("spec", "ports") if service else None
    if not isinstance(ports, list) or not all(isinstance(port, dict) for port in ports) or not ports:
        return None
    entry = next((port for port in ports if port.get("port") == DEFAULT_SERVICE_PORT), ports[0])
    found = entry.get("targetPort", entry.get("port"))
    return found if isinstance(found, int | str) else None


DEFAULT_SERVICE_PORT = 80


def _ports(container: Object) -> list[Object]:
    ports = container.get("ports")
    return [port for port in ports if isinstance(port, dict)] if isinstance(ports, list) else []


def _numbered(container: Object, target: int | str | None) -> int | None:
    """The number of a port that is given by number or name."""
    return resolved(target, {port.get("name"): port.get("containerPort") for port in _ports(container)})


def resolved(target: Any, names: dict[Any, Any]) -> int | None:
    """A port's number: its own, or that of the container's port of this name."""
    number = (
        names.get(target, int(target) if target.isdigit() else None) if isinstance(target, str) else target
    )
    fits = isinstance(number, int) and not isinstance(number, bool) and 0 < number < 2**16
    return number if fits else None


def port_names(container: Object) -> dict[Any, Any]:
    """The container's ports: name to number."""
    return {port["name"]: port.get("containerPort") for port in _ports(container) if "name" in port}


def _port(container: Object, service: Manifest | None) -> int:
    by_service = _numbered(container, _target(service))
    first = next(
        (number for port in _ports(container) if (number := resolved(port.get("containerPort"), {}))), None
    )
    return by_service or first or DEFAULT_PORT


def _autoscaler(item: Manifest, items: Iterable[Manifest]) -> Manifest | None:
    if item.kind != "Deployment":
        return None
    for other in items:
        target = other.get("spec", "scaleTargetRef") if other.kind == "HorizontalPodAutoscaler" else None
        if get(target, "kind") == "Deployment" and get(target, "name") == item.name:
            return other
    return None


def _budget(item: Manifest, items: Iterable[Manifest]) -> Manifest | None:
    labels = get(item.data, "spec", "template", "metadata", "labels")
    for other in items:
        selector = (
            other.get("spec", "selector", "matchLabels") if other.kind == "PodDisruptionBudget" else None
        )
        if item.kind == "Deployment" and _within(selector, labels):
            return other
    return None


def _account(item: Manifest, function: str, items: Iterable[Manifest]) -> Manifest | None:
    """The account that carries the pull secrets: one as plait writes it, or the default one."""
    name = get(item.data, *_POD, "serviceAccountName") or "default"
    for other in items:
        if other.kind != "ServiceAccount" or other.name != name or not other.get("imagePullSecrets"):
            continue
        bare = other.get("automountServiceAccountToken") is False and not other.get("secrets")
        if name == "default" or (name == function and bare):
            return other
    return None
