"""`plait promote`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click

from plait import disk, git, promote
from plait.cli import show
from plait.cli.options import environments, functions_of
from plait.errors import PlaitError
from plait.project import Project
from plait.proposal import Proposal, propose


@dataclass(frozen=True)
class Publication:
    """How a promotion goes into Git."""

    commit: bool
    branch: str | None
    push: bool

    def __bool__(self) -> bool:
        return self.commit or self.branch is not None or self.push


@click.command("promote")
@click.argument("source", metavar="FROM", shell_complete=environments)
@click.argument("target", metavar="TO", shell_complete=environments)
@click.argument("functions", nargs=-1, metavar="[FUNCTION]...", shell_complete=functions_of)
@click.option("--environment", is_flag=True, help="Carry Namespace, Broker and all else that is shared.")
@click.option("--commit", is_flag=True, help="Commit what it wrote, and nothing else.")
@click.option("--branch", metavar="NAME", help="Commit on a new branch of this name.")
@click.option("--push", is_flag=True, help="Commit, and push the branch to origin.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "markdown"]),
    default="text",
    help="markdown: the text of a pull request, on standard output.",
)
@click.option("--dry-run", is_flag=True, help="Show the difference and write nothing.")
@click.pass_obj
def command(  # noqa: PLR0913 - one argument an option
    root: Path,
    source: str,
    target: str,
    functions: tuple[str, ...],
    *,
    environment: bool,
    commit: bool,
    branch: str | None,
    push: bool,
    form: str,
    dry_run: bool,
) -> None:
    """Carry versions from one environment to the next.

    TO then runs what FROM runs: versions, shapes, code, and removals. All functions, or those that are
    named. To go back, git revert the commit.
    """
    publication = Publication(commit, branch, push)
    if publication and dry_run:
        raise click.UsageError("--dry-run writes nothing, so there is nothing to commit")
    with disk.locked(root, show.waiting):
        project = Project.load(root)
        if publication:
            _require_clean(root)
        decided = promote.promote(project, source, target, functions, environment=environment)
        proposal = propose(project, decided, source, target)
        if form == "markdown":
            click.echo(proposal.markdown())
        if not (dry_run and form == "markdown"):
            _carry_out(root, decided, proposal, publication, dry_run=dry_run)
    show.promoted(project, decided, source, target)


def _require_clean(root: Path) -> None:
    """A commit of a promotion holds that promotion and nothing else."""
    if found := git.dirty(root):
        shown = "\n".join(f"  {line}" for line in found[: promote.MOST_PATHS])
        more = "\n  ..." * (len(found) > promote.MOST_PATHS)
        hint = "commit them first, or put them aside: git stash --include-untracked, and git stash pop later"
        raise PlaitError(f"these files are not committed:\n{shown}{more}", hint=hint)


def _carry_out(
    root: Path, decided: Project, proposal: Proposal, publication: Publication, *, dry_run: bool
) -> None:
    changes = decided.changes()
    if publication.branch and changes:
        git.run(root, "switch", "--quiet", "--create", publication.branch)
    show.carry_out(decided, dry_run=dry_run)
    if not publication or not changes:
        return
    paths = sorted([*changes.writes, *changes.deletes])
    show.talk(f"committed {git.commit(root, paths, proposal.message())}: {proposal.title}")
    if publication.push:
        branch = git.run(root, "branch", "--show-current").strip()
        git.run(root, "push", "--quiet", "--set-upstream", "origin", branch)
        show.talk(f"pushed {branch} to origin")
