"""`plait render`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from plait import emit, render
from plait.cli.options import environment_of
from plait.errors import PlaitError
from plait.project import Project
from plait.state import State


@click.command("render")
@click.argument("environment")
@click.option("--format", "form", type=click.Choice(["yaml", "json"]), default="yaml", help="How to print the objects.")
@click.pass_obj
def command(root: Path, environment: str, form: str) -> None:
    """Print the objects of ENVIRONMENT as a kustomize build of its overlay gives them.

    Needs no kustomize. Where you added patches or resources of your own to the overlay, it says so and
    exits 1: kustomize would print something else.
    """
    project = Project.load(root)
    environment_of(project, environment)
    render.refuse_foreign(project.overlays[environment], project.states.get(environment, State()))
    objects = render.objects(project.overlays[environment])
    if not objects:
        raise PlaitError(f"{environment} holds no object", hint="spec.namespace and spec.broker are create: false")
    click.echo(json.dumps(objects, indent=2) if form == "json" else emit.stream(objects).rstrip("\n"))
