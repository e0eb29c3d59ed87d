"""What every door renders: an environment's objects, from a repository or from functions.yaml alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from plait import render
from plait.disk import Scan
from plait.edits import Object
from plait.errors import PlaitError
from plait.project import Project
from plait.spec.load import Source
from plait.state import State


@dataclass(frozen=True, slots=True)
class Rendered:
    """One environment.

    Attributes:
        objects: as `plait render` prints them.
        notes: what a user should know about them.
    """

    objects: Sequence[Object]
    notes: Sequence[str]


def of_repository(root: Path, environment: str) -> Rendered:
    """From functions.yaml and the overlay beside it.

    Raises:
        SpecError: functions.yaml has mistakes.
        PlaitError: no such environment, entries of the user's in its overlay, no overlay of a gated one,
            or nothing to render.
    """
    return _rendered(Project.load(root), environment)


def of_source(source: Source, folder: Path, environment: str) -> Rendered:
    """From functions.yaml alone; sources of code are read below `folder`. Raises as above."""
    return _rendered(Project(folder, folder, source, Scan()), environment)


def _rendered(project: Project, environment: str) -> Rendered:
    settings = project.environment(environment)
    state = project.states.get(environment)
    if state is None and settings.promotesFrom:
        hint = "run it where overlays/ is, or render the environment that it is promoted from"
        message = (
            f"{environment} is gated, and what was promoted to it is not here: no overlays/{environment}"
        )
        raise PlaitError(message, hint=hint)
    try:
        render.refuse_foreign(project.overlays[environment], state or State())
    except PlaitError as error:
        hint = f"sync overlays/{environment} as plain kustomize, without this plugin: that applies them"
        raise PlaitError(error.message, where=error.where, hint=hint) from None
    objects = render.objects(project.overlays[environment])
    if not objects:
        raise PlaitError(
            f"{environment} holds no object", hint="spec.namespace and spec.broker are create: false"
        )
    notes = [] if state else [f"overlays/{environment} is not here: these are the versions of functions.yaml"]
    return Rendered(objects, notes)
