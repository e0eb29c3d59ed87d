"""`plait cmp`."""

from __future__ import annotations

import json
import os
from pathlib import Path

import click

from plait import emit
from plait.cli import show


@click.command("cmp")
@click.argument(
    "action",
    type=click.Choice(["generate", "parameters", "plugin", "containerfile"]),
    default="generate",
)
@click.pass_obj
def command(root: Path, action: str) -> None:
    """Be a config management plugin of Argo CD.

    \b
    generate       print the objects of the Application's environment
    parameters     print the announcement of its parameters
    plugin         print the plugin.yaml of the sidecar
    containerfile  print the Containerfile of the sidecar

    The environment is the Application's parameter `environment`, its variable PLAIT_ENVIRONMENT, or that of
    its path overlays/ENV.
    """  # noqa: D301 - click reads that character
    from plait.doors import cmp

    if action == "plugin":
        click.echo(cmp.asset("plugin.yaml"), nl=False)
    elif action == "containerfile":
        click.echo(cmp.asset("Containerfile"), nl=False)
    elif action == "parameters":
        click.echo(json.dumps(cmp.parameters(root)))
    else:
        found = cmp.rendered(root, os.environ)
        for note in found.notes:
            show.talk(note)
        click.echo(emit.stream(found.objects), nl=False)
