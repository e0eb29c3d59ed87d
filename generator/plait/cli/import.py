"""`plait import`."""

from __future__ import annotations

from pathlib import Path

import click

from plait import disk, importing, render, scaffold
from plait.cli import show
from plait.cli.imported import differences, left, summary
from plait.errors import PlaitError
from plait.importing import Imported, Settings
from plait.project import SPEC, Project
from plait.spec.environment import Environment
from plait.state import State

PLATFORMS = ["kubernetes", "minikube", "openshift"]


@click.command("import")
@click.argument("paths", nargs=-1, required=True, metavar="FILE_OR_DIR...", type=click.Path(path_type=Path, allow_dash=True))
@click.option("-o", "--output", metavar="FILE|-", help="Where to write it; functions.yaml, if not given. - prints it.")
@click.option("--force", is_flag=True, help="Overwrite the file that is there.")
@click.option("--namespace", metavar="NAME", help="Which namespace, where the files hold several or none.")
@click.option("--env", "environment", metavar="ENV", help="The environment to write, or to prove.")
@click.option("--platform", type=click.Choice(PLATFORMS), default="kubernetes", help="What it runs on.")
@click.option("--prove", metavar="DIR", help="Compare the files with what the functions.yaml in DIR builds.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to tell it.")
@click.pass_obj
def command(  # noqa: PLR0913 - a command has the options that it has
    root: Path,
    *,
    paths: tuple[Path, ...],
    output: str | None,
    force: bool,
    namespace: str | None,
    environment: str | None,
    platform: str,
    prove: str | None,
    form: str,
) -> None:
    """Make a functions.yaml of Kubernetes manifests.
    """
