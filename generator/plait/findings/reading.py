"""Files that a kustomization of the user's names, read where they are in the same repository."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from plait import disk, yamlio
from plait.errors import PlaitError

_LARGEST = 4 * 1024 * 1024
_NAMES = ("kustomization.yaml", "kustomization.yml", "Kustomization")


@dataclass(frozen=True, slots=True)
class Files:
    """The repository around a functions.yaml. Paths are POSIX, relative to the folder of functions.yaml.

    Attributes:
        root: the folder that base/ and overlays/ are in.
        top: the folder of the whole repository, resolved.
    """

    root: Path
    top: Path

    @classmethod
    def around(cls, root: Path) -> Files:
        """The repository that holds the folder; the folder alone, where there is no .git."""
        whole = root.resolve()
        top = next((folder for folder in (whole, *whole.parents) if (folder / ".git").exists()), whole)
        return cls(root, top)

    def covers(self, path: str) -> bool:
        """Whether the path stays in the repository, links followed."""
        return (self.root / path).resolve().is_relative_to(self.top)

    def read(self, path: str) -> bytes | None:
        """A file's content; None where there is no such file."""
        try:
            return disk.read(self.root / path, _LARGEST)
        except PlaitError:
            return None

    def kustomization(self, folder: str) -> tuple[str, Mapping[str, Any] | None] | None:
        """Path and content of a folder's kustomization; the content is None where it is no mapping."""
        for name in _NAMES:
            path = posixpath.join(folder, name)
            content = self.read(path)
            if content is not None:
                (data, *rest) = documents(content) or (None,)
                return path, data if isinstance(data, dict) and not rest else None
        return None


def documents(content: bytes | str) -> Sequence[Any] | None:
    """The documents of a YAML text that are not empty; None where it is none."""
    found = yamlio.documents(content)
    return None if found is None else [document for document in found if document is not None]


def is_remote(entry: str) -> bool:
    """Whether kustomize would fetch it: a URL, or a path that starts with a host."""
    first, slash, _ = entry.partition("/")
    host = bool(slash) and "." in first.strip(".")
    return host or "//" in entry or "?" in entry or entry.startswith("git@")
