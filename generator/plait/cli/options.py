"""Arguments that several commands share: how they are checked, and how a shell completes them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from plait import render
from plait.edits import Object
from plait.errors import PlaitError
from plait.project import Project, load_spec
from plait.spec.model import Body


def environments(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    """The environments that a shell offers."""
    body = _body(ctx)
    return _beginning(body.environments if body else (), incomplete)


def functions_of(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    """The functions that a shell offers."""
    body = _body(ctx)
    return _beginning(body.functions if body else (), incomplete)


def objects_of(project: Project, environment: str | None) -> list[Object]:
    """What --env asks for: the objects that an environment runs; without it, those of functions.yaml."""
    if environment is None:
        return [item for group in project.base.values() for item in group.values()]
    project.environment(environment)
    return render.objects(project.overlays[environment])


def _beginning(names: Iterable[str], incomplete: str) -> list[str]:
    return [name for name in names if name.startswith(incomplete)]


def _body(ctx: click.Context) -> Body | None:
    """What functions.yaml says; None where it says nothing: a shell is not the place for its mistakes."""
    directory: Path = ctx.find_root().params.get("directory") or Path()
    try:
        return load_spec(directory).spec.spec
    except PlaitError:
        return None
