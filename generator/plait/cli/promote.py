"""`plait promote`."""

from __future__ import annotations

from pathlib import Path

import click

from plait import disk, promote
from plait.cli import show
from plait.cli.options import environments, functions_of
from plait.project import Project


@click.command("promote")
@click.argument("source", metavar="FROM", shell_complete=environments)
@click.argument("target", metavar="TO", shell_complete=environments)
@click.argument("functions", nargs=-1, metavar="[FUNCTION]...", shell_complete=functions_of)
@click.option("--environment", is_flag=True, help="Carry Namespace, Broker and ExternalSecrets along.")
@click.option("--dry-run", is_flag=True, help="Show the difference and write nothing.")
@click.pass_obj
def command(
    root: Path, source: str, target: str, functions: tuple[str, ...], *, environment: bool, dry_run: bool
) -> None:
    """Carry versions from one environment to the next.

    TO then runs what FROM runs: versions, shapes, code, and removals. All functions, or those that are
    named. To go back, git revert the commit.
    """
    with disk.locked(root, show.waiting):
        project = Project.load(root)
        decided = promote.promote(project, source, target, functions, environment=environment)
        show.carry_out(decided, dry_run=dry_run)
    show.promoted(project, decided, source, target)
