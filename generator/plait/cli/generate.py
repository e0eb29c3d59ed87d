"""`plait generate`."""

from __future__ import annotations

from pathlib import Path

import click

from plait import disk, tree
from plait.cli import show
from plait.document import Owned, Raw
from plait.errors import PlaitError
from plait.project import Project
from plait.tree import Changes


@click.command("generate")
@click.option("--dry-run", is_flag=True, help="Show the difference and write nothing.")
@click.option("--force", is_flag=True, help="Overwrite files of plait's that were edited by hand.")
@click.option(
    "-o",
    "--output",
    metavar="DIR|-",
    help="The folder that base/ and overlays/ are in, if another; - prints every YAML file.",
)
@click.pass_obj
def command(root: Path, *, dry_run: bool, force: bool, output: str | None) -> None:
    """Write base/, overlays/ and gitops/ from functions.yaml.

    Only what differs is written; running it again writes nothing. Files that were edited by hand, and
    folders to be removed that hold entries of yours, stop it.
    """
    if output == "-":
        _print(Project.load(root))
        return
    target = root / output if output else root
    if dry_run:
        project = Project.load(root, target)
        show.difference(_changes(project, force=force), project)
        return
    with disk.locked(target, show.waiting), show.progress("writing") as progress:
        project = Project.load(root, target)
        changes = _changes(project, force=force)
        show.leaving(project)
        project.write(changes, progress)
    show.summary(changes, len(project.tree))
    show.advice(project)


def _changes(project: Project, *, force: bool) -> Changes:
    changes = project.changes()
    if not force:
        tree.refuse(changes)
    return changes


def _print(project: Project) -> None:
    """Every YAML file, each after a comment with its path."""
    changes = project.changes()
    for path, file in sorted(project.tree.items()):
        if isinstance(file, Raw):
            continue
        if isinstance(file, Owned):
            text = file.content.decode()
        else:
            content = changes.writes.get(path, project.scan.files.get(path))
            if content is None:
                raise PlaitError("has no content", where=path)
            text = content.decode()
        click.echo(f"---\n# Source: {path}\n{text}", nl=False)
