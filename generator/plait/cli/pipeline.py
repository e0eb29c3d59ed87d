"""`plait init --ci`: the workflow of a platform, at the root of the Git repository."""

from __future__ import annotations

import os
from pathlib import Path

from plait import disk, git
from plait.ci.workflows import Workflow, include, is_written, workflow
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
        show.talk(f"the workflow for {kind} is there already and stays")
        return
    disk.create(disk.place(top, path), wanted.text.encode())
    show.talk(f"wrote {top / path}")
    if kind == "gitlab" and path == wanted.beside:
        show.talk(f"next: in .gitlab-ci.yml, {include(path)}")


def _free(top: Path, wanted: Workflow) -> str | None:
    """The path where nothing is yet, of the two that it may have; None where the workflow is there."""
    for path in filter(None, (wanted.path, wanted.beside)):
        place = top / path
        if not place.exists():
            return path
        if is_written(disk.read(place)):
            return None
    return None


def _top(folder: Path) -> Path:
    """The root of the repository; the folder itself outside of one."""
    try:
        up = git.run(folder, "rev-parse", "--show-cdup").strip()
    except PlaitError:
        return folder
    return Path(os.path.normpath(folder / up)) if up else folder
