"""What nobody took of a workload: left, each field by the rule that names it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from plait.edits import Object, get
from plait.importing.model import Report, Steps, Workload, shown
from plait.importing.part import list_steps
from plait.importing.reasons import of_field
from plait.importing.security import LOOSE_VOLUME, is_loose_volume, loose

_POD: Steps = ("spec", "template", "spec")


def leave(report: Report, workload: Workload, fields: Iterable[tuple[Steps, Any]], platform: str) -> None:
    """Each field with its reason; and what the pod's other containers lose as restricted ones.

    Args:
        fields: path and value.
        platform: the environment's.
    """
    for path, value in fields:
        if why := loose(path, value, platform):
            report.leave(workload.main, "loose", path, why=f"{path[-1]}: {why}")
            continue
        rule = of_field(shown(path))
        minikube = rule == "pull-policy" and platform == "minikube"
        report.leave(workload.main, "pull-policy-minikube" if minikube else rule, path)
    for path, container in _others(workload):
        for below, value in _leaves(container.get("securityContext"), (*path, "securityContext")):
            if why := loose(below, value, platform):
                report.leave(workload.main, "loose", below, why=f"{below[-1]}: {why}")
    _volumes(report, workload)


def _others(workload: Workload) -> Iterator[tuple[Steps, Object]]:
    """The pod's containers beside the function's: path and container."""
    main = workload.main.get(*_POD, "containers", workload.container)
    yield from (found for found in _containers(workload) if found[1] is not main)


def _containers(workload: Workload) -> Iterator[tuple[Steps, Object]]:
    for key in ("containers", "initContainers"):
        for step, entry in _entries(workload.main.get(*_POD, key)):
            yield (*_POD, key, step), entry


def _entries(value: Any) -> Iterator[tuple[str, Object]]:
    entries = value if isinstance(value, list) else []
    for step, entry in zip(list_steps(entries), entries, strict=True):
        if isinstance(entry, dict):
            yield step, entry


def _leaves(value: Any, path: Steps) -> Iterator[tuple[Steps, Any]]:
    if isinstance(value, dict):
        for key, below in value.items():
            yield from _leaves(below, (*path, key))
    elif value is not None and path[-2:] != ("capabilities", "drop"):
        yield path, value


def _volumes(report: Report, workload: Workload) -> None:
    """Volumes that a restricted pod may not have, and their mounts."""
    for step, volume in _entries(workload.main.get(*_POD, "volumes")):
        if not is_loose_volume(volume):
            continue
        why = LOOSE_VOLUME.format(name=get(volume, "name"))
        report.leave(workload.main, "loose", (*_POD, "volumes", step), why=why)
        for path, container in _containers(workload):
            for at, mount in _entries(container.get("volumeMounts")):
                if get(mount, "name") == get(volume, "name"):
                    report.leave(workload.main, "loose", (*path, "volumeMounts", at), why=why)
