"""The few things that plait asks of git: what a revision held, whether the tree is clean, a commit.

git is run as a program, with its messages in English and without questions.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from plait.errors import PlaitError

_ENVIRONMENT = {"LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0"}


def run(folder: Path, *arguments: str) -> str:
    """git's standard output. Raises PlaitError with what git said, or where there is no git."""
    return _run(folder, *arguments).decode(errors="surrogateescape")


def _run(folder: Path, *arguments: str, environ: Mapping[str, str] | None = None) -> bytes:
    try:
        done = subprocess.run(  # noqa: S603 - no shell, and the arguments are plait's own
            ["git", *arguments],  # noqa: S607 - the user's git
            cwd=folder,
            env={**os.environ, **_ENVIRONMENT, **(environ or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
    except FileNotFoundError:
        raise PlaitError("git is not installed, or not on PATH") from None
    if done.returncode != 0:
        said = (done.stderr or done.stdout).decode(errors="replace").strip()
        hint = "git init, and commit what is there" if "not a git repository" in said else None
        raise PlaitError(f"git {arguments[0]}: {said or f'exit code {done.returncode}'}", hint=hint)
    return done.stdout


def commit_of(folder: Path, revision: str) -> str:
    """The commit that a revision names. Raises PlaitError, exit code 2, for an unknown one."""
    if revision.startswith("-"):
        raise PlaitError(f"no revision is named {revision!r}", exit_code=2)
    run(folder, "rev-parse", "--git-dir")
    try:
        return run(folder, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}").strip()
    except PlaitError:
        raise PlaitError(f"no revision is named {revision!r}", exit_code=2) from None


@contextmanager
def checkout(folder: Path, commit: str) -> Iterator[Path]:
    """What the folder held at a commit, in a temporary folder; the work tree and its index stay as they are.

    A folder that the commit does not have is empty.
    """
    prefix = run(folder, "rev-parse", "--show-prefix").rstrip("\n")
    top = Path(run(folder, "rev-parse", "--show-toplevel").rstrip("\n"))
    with TemporaryDirectory(prefix="plait-") as temporary, TemporaryDirectory(prefix="plait-") as scratch:
        if not prefix or run(top, "ls-tree", "-d", commit, "--", prefix.rstrip("/")):
            own = {"GIT_INDEX_FILE": f"{scratch}/index"}
            _run(top, "read-tree", f"{commit}:{prefix}" if prefix else commit, environ=own)
            _run(top, "checkout-index", "--all", "--quiet", f"--prefix={temporary}/", environ=own)
        yield Path(temporary)


def same(folder: Path, commit: str, *paths: str) -> bool:
    """Whether these paths below the folder hold what they held at a commit; a file not tracked is new."""
    changed = run(folder, "diff", "--name-only", "--no-ext-diff", commit, "--", *paths)
    return not changed and not run(folder, "ls-files", "--others", "--", *paths)


def dirty(folder: Path) -> Sequence[str]:
    """The files below the folder that differ from HEAD or are new, as `git status --short` shows them."""
    return run(folder, "status", "--porcelain", "--untracked-files=all", "--", ".").splitlines()


def last_changes(folder: Path, path: str) -> Mapping[str, str]:
    """Hash and subject of the commit that changed each entry of a folder last, by the entry's name.

    Args:
        path: of the folder, below `folder`.
    """
    names = ("--name-only", "--relative", "--no-renames")
    log = run(folder, "log", "--no-show-signature", "--format=%x00%h %s", *names, "--", path)
    found: dict[str, str] = {}
    for entry in log.split("\0")[1:]:
        subject, *files = entry.splitlines()
        for file in filter(None, files):
            found.setdefault(file.removeprefix(f"{path}/").partition("/")[0], subject)
    return found


def commit(folder: Path, paths: Sequence[str], message: str) -> str:
    """Commit these paths and nothing else. The new commit's short hash."""
    known = set(run(folder, "ls-files", "-z", "--", *paths).split("\0"))
    there = [path for path in paths if path in known or (folder / path).exists()]
    try:
        run(folder, "add", "--all", "--force", "--", *there)
        run(folder, "commit", "--quiet", f"--message={message}", "--", *there)
    except PlaitError as error:
        run(folder, "reset", "--quiet", "--", *there)
        hint = (
            "the files are written and not committed: commit them by hand, or take them back with git restore"
        )
        raise PlaitError(error.message, hint=hint) from None
    return run(folder, "rev-parse", "--short", "HEAD").strip()
