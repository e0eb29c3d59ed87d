"""Which files `plait init --ci` writes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.resources import files
from pathlib import PurePosixPath

from plait import __version__, emit

KINDS = ("github", "gitlab")


@dataclass(frozen=True, slots=True)
class Workflow:
    """One file.

    Attributes:
        path: below the root of the Git repository.
        text: its content.
        beside: where it goes instead when `path` is taken by other jobs; None where that cannot be.
    """

    path: str
    text: str
    beside: str | None = None


def workflow(kind: str, folder: str) -> Workflow:
    """The file of a platform, for the functions.yaml in a folder of the repository (`.` for its root)."""
    name = "plait" if folder == "." else f"plait-{re.sub(r'[^a-z0-9]+', '-', folder.lower()).strip('-')}"
    template = files(__package__).joinpath(f"{kind}.yml").read_text(encoding="utf-8")
    values = {"requirement": emit.text(f"plait=={__version__}"), "folder": emit.text(folder), "job": name}
    text = re.sub(r"(?<!\$)\{(requirement|folder|job)\}", lambda match: values[match[1]], template)
    if kind == "github":
        return Workflow(f".github/workflows/{name}.yml", text)
    beside = f".gitlab/{name}.yml"
    return Workflow(".gitlab-ci.yml" if folder == "." else beside, text, beside)


def is_written(content: bytes) -> bool:
    """Whether a file is one of these."""
    return b"plait init --ci" in content


def include(path: str) -> str:
    """What a .gitlab-ci.yml says so that this file counts."""
    return f"include: [{{local: {emit.text(str(PurePosixPath('/') / path))}}}]"
