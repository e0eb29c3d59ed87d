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
    if branch is not None and not branch.strip():
        raise click.UsageError("--branch needs a name")
    publication = Publication(commit, branch, push)
    if publication and dry_run:
        raise click.UsageError("--dry-run writes nothing, so there is nothing to commit")
    with disk.locked(root, show.waiting):
        project = Project.load(root)
        if publication:
            _require_clean(root)
            _require_branch(root, publication)
        decided = promote.promote(project, source, target, functions, environment=environment)
        proposal = propose(project, decided, source, target, commits=form == "markdown")
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


def _require_branch(root: Path, publication: Publication) -> None:
    """On a detached HEAD, as CI services have it, there is nothing to push."""
    if publication.push and publication.branch is None and not _branch(root):
        raise PlaitError("HEAD is on no branch, so there is nothing to push", hint="--branch NAME")


def _branch(root: Path) -> str:
    return git.run(root, "branch", "--show-current").strip()


def _carry_out(
    root: Path, decided: Project, proposal: Proposal, publication: Publication, *, dry_run: bool
) -> None:
    changes = decided.changes()
    if publication.branch is not None and changes:
        git.run(root, "switch", "--quiet", "--create", publication.branch)
    show.carry_out(decided, dry_run=dry_run)
    if publication and changes:
        paths = sorted([*changes.writes, *changes.deletes])
        show.talk(f"committed {git.commit(root, paths, proposal.message())}: {proposal.title}")
    if publication.push:
        _push(root)


def _push(root: Path) -> None:
    """What was committed before counts too: a push that failed is tried again by the same command."""
    branch = _branch(root)
    try:
        git.run(root, "push", "--quiet", "--set-upstream", "origin", f"HEAD:refs/heads/{branch}")
    except PlaitError as error:
        hint = f"it is committed; push it later: git push --set-upstream origin {branch}"
        raise PlaitError(error.message, hint=hint) from None
    show.talk(f"pushed {branch} to origin")
