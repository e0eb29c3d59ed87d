"""`plait graph`."""

from __future__ import annotations

from pathlib import Path

import click

from plait.cli.options import environments, objects_of
from plait.project import Project

_FORMS = ("text", "mermaid", "dot", "svg", "json")


@click.command("graph")
@click.option(
    "--env",
    "environment",
    metavar="ENV",
    shell_complete=environments,
    help="What this environment runs, not what functions.yaml says.",
)
@click.option("--format", "form", type=click.Choice(_FORMS), default="text", help="How to draw it.")
@click.pass_obj
def command(root: Path, environment: str | None, form: str) -> None:
    """Draw the flow: who emits which events, and who takes them.

    mermaid is drawn by GitHub and GitLab in Markdown; svg is a picture for browsers, light and dark.
    """
    from plait.graph import FORMS, build

    project = Project.load(root)
    objects = objects_of(project, environment)
    click.echo(FORMS[form](build(project.flow, objects, environment)))
