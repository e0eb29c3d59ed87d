"""`plait render`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import click

from plait import emit, render
from plait.cli import show
from plait.cli.options import environments
from plait.edits import Object, get, pod_spec
from plait.errors import PlaitError
from plait.project import Project
from plait.state import State


def _names(objects: list[Object]) -> str:
    """A line an object: kind, name, and the image of a workload."""
    lines = []
    for item in objects:
        path = pod_spec(item)
        image = get(item, *path, "containers", 0, "image") if path else ""
        lines.append(f"{item['kind']:24}{item['metadata']['name']:32}{image}".rstrip())
    return "\n".join(lines)


_FORMATS: dict[str, Callable[[list[Object]], str]] = {
    "yaml": lambda objects: emit.stream(objects).rstrip("\n"),
    "json": lambda objects: json.dumps(objects, indent=2),
    "name": _names,
}


@click.command("render")
@click.argument("environment", shell_complete=environments)
@click.option(
    "--format", "form", type=click.Choice(list(_FORMATS)), default="yaml", help="How to print the objects."
)
@click.pass_obj
def command(root: Path, environment: str, form: str) -> None:
    """Print an environment's objects, without kustomize.

    They are what a kustomize build of overlays/ENVIRONMENT gives. Where you added patches or resources
    of your own to the overlay, it says so and exits 1: kustomize would print something else.
    """
    project = Project.load(root)
    project.environment(environment)
    show.stale(project, environment)
    render.refuse_foreign(project.overlays[environment], project.states.get(environment, State()))
    objects = render.objects(project.overlays[environment])
    if not objects:
        raise PlaitError(
            f"{environment} holds no object", hint="spec.namespace and spec.broker are create: false"
        )
    click.echo(_FORMATS[form](objects))
