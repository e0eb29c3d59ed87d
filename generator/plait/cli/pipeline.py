"""`plait init --ci`: the workflow of a platform, at the root of the Git repository."""

from __future__ import annotations

from pathlib import Path

from plait import disk, git
from plait.ci.workflows import Workflow, include, workflow
from plait.cli import show
from plait.errors import PlaitError


def write(folder: Path, kind: str) -> None:
    """Write the workflow for the functions.yaml in a folder; a file that is there stays.

    Raises:
        PlaitError: it cannot be written.
    """
    top = _top(folder)
    below = folder.resolve().relative_to(top.resolve()).as_posix()
    wanted = workflow(kind, below)
    path = _free(top, wanted)
    if path is None:
        show.talk(f"{top / (wanted.beside or wanted.path)} is there already and stays")
        return
    disk.create(top / path, wanted.text.encode())
    show.talk(f"wrote {top / path}")
    if kind == "gitlab" and path == wanted.beside:
        show.talk(f"next: in .gitlab-ci.yml, {include(path)}")


def _free(top: Path, wanted: Workflow) -> str | None:
    """The path where nothing is yet, of the two that it may have."""
    choices = dict.fromkeys(filter(None, (wanted.path, wanted.beside)))
    return next((path for path in choices if not (top / path).exists()), None)


def _top(folder: Path) -> Path:
    """The root of the repository; the folder itself outside of one. Relative where that is shorter to read."""
    try:
        up = git.run(folder, "rev-parse", "--show-cdup").strip()
    except PlaitError:
        return folder
    return folder / up if up else folder
