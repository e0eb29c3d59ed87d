"""Which environment runs which version of which function, and who is ahead of whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from plait import promote
from plait.errors import PlaitError
from plait.kustomization import ENVIRONMENT
from plait.project import Project
from plait.state import Snapshot

Ahead = Literal["new", "version", "code", "shape", "removed", "unknown"]


@dataclass(frozen=True)
class Cell:
    """One function in one environment.

    Attributes:
        version: tag, digest or both; None where it does not run or has neither.
        image: the whole reference, or None where it does not run.
        follows: whether it follows functions.yaml.
        ahead: how the environment before this one is ahead: `new` (not here yet), `version`, `code`,
            `shape` (anything else in its objects), `removed` (gone there), `unknown` (that environment is
            broken). None where both are alike.
    """

    version: str | None = None
    image: str | None = None
    follows: bool = False
    ahead: Ahead | None = None


Row = dict[str, Cell | None]
Running = Mapping[str, Mapping[str, Snapshot]]


@dataclass(frozen=True)
class Matrix:
    """All functions in all environments.

    Attributes:
        rows: function to environment to cell, None where the environment is broken; `_environment` stands
            for Namespace and Broker.
        broken: environment to why it cannot be read.
    """

    rows: Mapping[str, Row]
    broken: Mapping[str, PlaitError]


def status(project: Project) -> Matrix:
    """What runs where; a broken environment hides none of the others."""
    running: dict[str, dict[str, Snapshot]] = {}
    broken: dict[str, PlaitError] = {}
    for name in project.overlays:
        try:
            shared = promote.shared(project, name)
            running[name] = {**promote.snapshots(project, name), ENVIRONMENT: shared}
        except PlaitError as error:
            broken[name] = error
    functions = sorted({function for held in running.values() for function in held})
    return Matrix({function: _row(project, running, function) for function in functions}, broken)


def _row(project: Project, running: Running, function: str) -> Row:
    return {
        name: _cell(project, running, name, function) if name in running else None
        for name in project.overlays
    }


def _cell(project: Project, running: Running, name: str, function: str) -> Cell:
    overlay = project.overlays[name]
    unit = overlay.units.get(function)
    image = unit.image if unit else None
    before = overlay.environment.promotesFrom
    return Cell(
        image.version if image else None,
        str(image) if image else None,
        bool(unit and unit.follows),
        _ahead(running, before, name, function) if before else None,
    )


def _ahead(running: Running, source: str, name: str, function: str) -> Ahead | None:
    if source not in running:
        return "unknown"
    before, here = running[source].get(function), running[name].get(function)
    if before is None or here is None:
        return "removed" if here else "new" if before else None
    if before.image != here.image:
        return "version"
    if before.code != here.code:
        return "code"
    same = before.objects == here.objects and before.namespace == here.namespace
    return None if same else "shape"
