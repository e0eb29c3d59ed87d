"""The few things that plait asks of git: what a revision held, whether the tree is clean, a commit.

git is run as a program, with its messages in English and without questions.
"""

from __future__ import annotations

import io
import os
import subprocess
import tarfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from plait.errors import PlaitError

_ENVIRONMENT = {"LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0"}


def run(folder: Path, *arguments: str) -> str:
    """git's standard output. Raises PlaitError with what git said, or where there is no git."""
    return _run(folder, *arguments).decode(errors="surrogateescape")


def _run(folder: Path, *arguments: str) -> bytes:
    try:
        done = subprocess.run(  # noqa: S603 - no shell, and the arguments are plait's own
            ["git", *arguments],  # noqa: S607 - the user's git
            cwd=folder,
            env={**os.environ, **_ENVIRONMENT},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
    except FileNotFoundError:
        raise PlaitError("git is not installed, or not on PATH") from None
    if done.returncode != 0:
        said = (done.stderr or done.stdout).decode(errors="replace").strip()
        raise PlaitError(f"git {arguments[0]}: {said}")
    return done.stdout


def commit_of(folder: Path, revision: str) -> str:
    """The commit that a revision names. Raises PlaitError, exit code 2, for an unknown one."""
    if revision.startswith("-"):
        raise PlaitError(f"no revision is named {revision!r}", exit_code=2)
    try:
        return run(folder, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}").strip()
    except PlaitError as error:
        if error.message != "git rev-parse: ":
            raise
        raise PlaitError(f"no revision is named {revision!r}", exit_code=2) from None


@contextmanager
def checkout(folder: Path, commit: str) -> Iterator[Path]:
    """What the folder held at a commit, in a temporary folder; nothing of the work tree is touched.

    It is empty where the folder was not there.
    """
    prefix = run(folder, "rev-parse", "--show-prefix").strip()
    tree = f"{commit}:{prefix}" if prefix else commit
    with TemporaryDirectory(prefix="plait-") as temporary:
        if prefix and not run(folder, "ls-tree", "--full-tree", commit, prefix.rstrip("/")):
            yield Path(temporary)
            return
        archive = _run(folder, "archive", "--format=tar", tree)
        try:
            with tarfile.open(fileobj=io.BytesIO(archive)) as packed:
                packed.extractall(temporary, filter="data")
        except tarfile.TarError as error:
            raise PlaitError(f"{commit[:12]} cannot be unpacked: {error}") from None
        yield Path(temporary)


def dirty(folder: Path) -> Sequence[str]:
    """The files below the folder that differ from HEAD or are new, as `git status --short` shows them."""
    return run(folder, "status", "--porcelain", "--untracked-files=all", "--", ".").splitlines()


def last_change(folder: Path, path: str) -> str | None:
    """Hash and subject of the commit that changed a path last, or None."""
    return run(folder, "log", "-1", "--format=%h %s", "--", path).strip() or None


def commit(folder: Path, paths: Sequence[str], message: str) -> str:
    """Commit these paths and nothing else. The new commit's short hash."""
    run(folder, "add", "--all", "--", *paths)
    run(folder, "commit", "--quiet", f"--message={message}", "--", *paths)
    return run(folder, "rev-parse", "--short", "HEAD").strip()
