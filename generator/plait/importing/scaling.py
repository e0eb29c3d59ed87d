"""Autoscalers, disruption budgets and Knative's annotations -> scale and replicas."""

from __future__ import annotations

from typing import Any

from plait.edits import Object, get
from plait.importing.entry import Entry
from plait.importing.metadata import Common, of_secondary
from plait.importing.model import Manifest, Workload
from plait.importing.modern import AUTOSCALING
from plait.importing.part import Part

_MIN, _MAX, _TARGET = (f"{AUTOSCALING}{name}" for name in ("min-scale", "max-scale", "target"))


def of_deployment(entry: Entry, workload: Workload, spec: Part, shared: Common) -> None:
    """replicas, or scale where an autoscaler is there; and what becomes of a budget."""
    replicas = spec.take("replicas", int)
    scaled = workload.autoscaler is not None and _autoscaler(entry, workload.autoscaler, shared)
    if replicas not in (None, 1) and not scaled:
        entry.put("replicas", replicas, workload.main, ("spec", "replicas"))
    if workload.budget:
        _budget(entry, workload.budget, shared, several=scaled or (replicas or 0) > 1)


def _autoscaler(entry: Entry, item: Manifest, shared: Common) -> bool:
    metrics = item.get("spec", "metrics")
    targets = [_cpu_target(metric) for metric in metrics] if isinstance(metrics, list) else [None]
    resources = entry.get("resources") or {}
    if None in targets or len(targets) != 1:
        entry.report.leave(item, "autoscaler-metric")
        return False
    if "cpu" not in {**resources.get("requests", {}), **resources.get("limits", {})}:
        entry.report.leave(item, "autoscaler-cpu")
        return False
    whole = Part(item.data)
    spec = whole.part("spec")
    bounds = {
        "min": spec.take("minReplicas", int),
        "max": spec.take("maxReplicas", int),
        "target": targets[0],
    }
    if not entry.put("scale", bounds, item, ()):
        return False
    of_secondary(entry, item, whole.part("metadata"), shared)
    for key in ("metrics", "scaleTargetRef"):
        spec.take(key, object)
    for path, _ in spec.rest():
        entry.report.leave(item, "autoscaler-field", path)
    return True


def _cpu_target(metric: Any) -> int | None:
    if get(metric, "type") != "Resource" or get(metric, "resource", "name") != "cpu":
        return None
    percent = get(metric, "resource", "target", "averageUtilization")
    return percent if isinstance(percent, int) else None


def _budget(entry: Entry, item: Manifest, shared: Common, *, several: bool) -> None:
    if not several:
        entry.report.leave(item, "budget")
        return
    whole = Part(item.data)
    spec = whole.part("spec")
    spec.drop({"maxUnavailable": 1})
    spec.take("selector", dict)
    of_secondary(entry, item, whole.part("metadata"), shared)
    for path, _ in spec.rest():
        entry.report.leave(item, "budget-field", path)


def of_knative(entry: Entry, workload: Workload) -> None:
    """Bounds of Knative's autoscaler; without a max-scale they stay annotations: `scale` always has one."""
    annotations: Object = entry.get("annotations") or {}
    numbers = {key: _number(annotations.get(key)) for key in (_MIN, _MAX, _TARGET)}
    given = [key for key in numbers if key in annotations]
    if not numbers[_MAX] or any(numbers[key] is None for key in given):
        return
    scale = {"min": numbers[_MIN] or 0, "max": numbers[_MAX]}
    scale |= {"target": numbers[_TARGET]} if numbers[_TARGET] else {}
    at = ("spec", "template", "metadata", "annotations")
    if entry.put("scale", scale, workload.main, at):
        entry.set_rest("annotations", {key: text for key, text in annotations.items() if key not in numbers})


def _number(text: Any) -> int | None:
    return int(text) if isinstance(text, str) and text.isdecimal() else None
