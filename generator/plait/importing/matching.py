"""Which objects belong together: a workload with its Service, autoscaler, budget and account."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from plait.edits import get
from plait.importing.model import Manifest, Report, Workload
from plait.importing.ports import is_served, port_of
from plait.importing.refusal import refusal
from plait.spec.function import Function
from plait.spec.function_rules import KNATIVE_NAME_LIMIT, RESERVED_NAMES
from plait.spec.model import Body

_POD = ("spec", "template", "spec")
_IMAGE = "registry.example.com/a:1"


def workloads(items: Sequence[Manifest], report: Report) -> list[Workload]:
    """Every Deployment and Knative Service that can be a function, in the order of the files."""
    found: dict[str, Workload] = {}
    around = _Around(items)
    for item in filter(is_workload, items):
        workload = _workload(item, around, report)
        if workload is None:
            continue
        if other := found.get(workload.function):
            name = f"{other.main.kind} {other.main.name}"
            report.leave(item, "same-name", other=name, function=workload.function)
        else:
            found[workload.function] = workload
    return list(found.values())


def is_workload(item: Manifest) -> bool:
    """Whether it may be a function."""
    return item.is_a("serving.knative.dev", "Service") or (
        item.kind == "Deployment" and item.group in ("apps", "extensions")
    )


def _workload(item: Manifest, around: _Around, report: Report) -> Workload | None:
    services = around.services_of(item)
    service = services[0] if services else None
    name = service.name if service else item.name
    containers = get(item.data, *_POD, "containers") or []
    index = _main(containers, service)
    if why := _unfit(name, knative=item.kind == "Service"):
        report.leave(item, "name", why=why)
        return None
    if index is None:
        report.leave(item, "no-container")
        return None
    for other in services[1:]:
        report.leave(other, "service-second", other=name)
    port = port_of(containers[index], service)
    return Workload(name, item, index, port, service, **around.others_of(item, name))


def _unfit(name: str, *, knative: bool) -> str | None:
    """Why a name cannot be a function's."""
    if name in RESERVED_NAMES:
        return "plait has a folder of this name itself"
    if knative and len(name) > KNATIVE_NAME_LIMIT:
        return f"Knative Services have {KNATIVE_NAME_LIMIT} characters at the most"
    content = {"namespace": "a", "functions": {name: {"runtime": "container", "image": _IMAGE}}}
    return refusal(Body, content)


def _main(containers: Sequence[Any], service: Manifest | None) -> int | None:
    """The container that the Service sends to, else the first with an image that plait can read."""
    fit = [index for index, entry in enumerate(containers) if _has_image(entry)]
    served = (index for index in fit if is_served(containers[index], service))
    return next(served, next(iter(fit), None))


def _has_image(container: Any) -> bool:
    image = container.get("image")
    return image is not None and refusal(Function, {"runtime": "container", "image": image}) is None


class _Around:
    """What may belong to a workload, by kind."""

    def __init__(self, items: Sequence[Manifest]) -> None:
        self._services = [(item, item.get("spec", "selector")) for item in items if item.is_a("", "Service")]
        self._budgets = [
            (item, item.get("spec", "selector", "matchLabels")) for item in _of("PodDisruptionBudget", items)
        ]
        self._accounts = {item.name: item for item in _of("ServiceAccount", items)}
        self._scalers = {
            item.get("spec", "scaleTargetRef", "name"): item
            for item in _of("HorizontalPodAutoscaler", items)
            if item.get("spec", "scaleTargetRef", "kind") == "Deployment"
        }
        self._named = {item.get("spec", "subscriber", "ref", "name") for item in _of("Trigger", items)}

    def services_of(self, item: Manifest) -> list[Manifest]:
        """The Services for a Deployment's pods: those that Triggers name, the one of its name, the others."""
        if item.kind != "Deployment":
            return []
        labels = get(item.data, "spec", "template", "metadata", "labels")
        found = [service for service, selector in self._services if _within(selector, labels)]
        return sorted(found, key=lambda one: (one.name not in self._named, one.name != item.name, one.name))

    def others_of(self, item: Manifest, function: str) -> dict[str, Manifest | None]:
        """Its autoscaler, budget and account, as fields of a Workload."""
        account = self._account(item, function)
        if item.kind != "Deployment":
            return {"account": account}
        labels = get(item.data, "spec", "template", "metadata", "labels")
        budget = next((one for one, selector in self._budgets if _within(selector, labels)), None)
        return {"autoscaler": self._scalers.get(item.name), "budget": budget, "account": account}

    def _account(self, item: Manifest, function: str) -> Manifest | None:
        """The account that carries the pull secrets: one as plait writes it, or the default one."""
        name = get(item.data, *_POD, "serviceAccountName") or "default"
        found = self._accounts.get(name)
        if found is None or not found.get("imagePullSecrets"):
            return None
        bare = found.get("automountServiceAccountToken") is False and not found.get("secrets")
        return found if name == "default" or (name == function and bare) else None


def _of(kind: str, items: Sequence[Manifest]) -> list[Manifest]:
    return [item for item in items if item.kind == kind]


def _within(selector: Any, labels: Any) -> bool:
    """Whether a selector, one that is not empty, takes pods with these labels."""
    return bool(selector) and bool(labels) and selector.items() <= labels.items()
