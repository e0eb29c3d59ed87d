"""Which environment runs which version of which function, and who is ahead of whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from plait import promote
from plait.kustomization import ENVIRONMENT
from plait.project import Project
from plait.state import Snapshot

Ahead = Literal["new", "version", "code", "shape", "removed"]


@dataclass(frozen=True)
class Cell:
    """One function in one environment.

    Attributes:
        version: tag, digest or both; None where it does not run or has neither.
        image: the whole reference, or None where it does not run.
        follows: whether it follows functions.yaml.
        ahead: how the environment before this one is ahead: `new` (not here yet), `version`, `code`,
            `shape` (anything else in its objects), `removed` (gone there). None where both are alike.
    """

    version: str | None = None
    image: str | None = None
    follows: bool = False
    ahead: Ahead | None = None


Matrix = dict[str, dict[str, Cell]]


def status(project: Project) -> Matrix:
    """Function to environment to cell; `_environment` stands for Namespace and Broker."""
    running = {name: promote.snapshots(project, name) for name in project.overlays}
    for name in project.overlays:
        running[name][ENVIRONMENT] = promote.shared(project, name)
    functions = sorted({function for held in running.values() for function in held})
    return {function: _row(project, running, function) for function in functions}


def _row(project: Project, running: dict[str, dict[str, Snapshot]], function: str) -> dict[str, Cell]:
    row = {}
    for name, overlay in project.overlays.items():
        here = running[name].get(function)
        unit = overlay.units.get(function)
        image = unit.image if unit else None
        before = overlay.environment.promotesFrom
        ahead = _ahead(running[before].get(function), here) if before else None
        row[name] = Cell(
            image.version if image else None,
            str(image) if image else None,
            bool(unit and unit.follows),
            ahead,
        )
    return row


def _ahead(before: Snapshot | None, here: Snapshot | None) -> Ahead | None:
    if before is None or here is None:
        return "removed" if here else "new" if before else None
    if before.image != here.image:
        return "version"
    if before.code != here.code:
        return "code"
    same = before.objects == here.objects and before.namespace == here.namespace
    return None if same else "shape"
