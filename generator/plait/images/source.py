"""What a build has to know of a source folder: whether it starts, and whether it wants packages installed."""

from __future__ import annotations

import json
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from plait import disk
from plait.errors import PlaitError
from plait.spec.function import Function

ENTRY = {"python": "function.py", "node": "index.js"}
IGNORE = (".dockerignore", ".containerignore")
LOCKS = ("package-lock.json", "npm-shrinkwrap.json")
# What a developer's machine leaves in a source folder, and an image does not need.
STRAY = (".env", ".git", ".venv", "__pycache__", "node_modules")
_MANIFEST_BYTES = 1024 * 1024


@dataclass(frozen=True)
class Source:
    """A source folder, as a build sees it.

    Attributes:
        folder: the folder, as a command in the current one names it.
        names: what is in it, at the top.
        installs: whether there are packages to install: requirements.txt (python), or dependencies in
            package.json (node).
    """

    folder: Path
    names: AbstractSet[str]
    installs: bool = False

    @property
    def stray(self) -> list[str]:
        """What probably has no business in the image, where no file says what has."""
        return [] if self.names & set(IGNORE) else sorted(self.names & set(STRAY))


def look(root: Path, name: str, function: Function) -> Source:
    """Look at a function's source folder.

    Args:
        root: the folder of functions.yaml.
        name: the function's.
        function: python, node or wasm, with a source.

    Raises:
        PlaitError: no such folder; nothing in it that its runtime could start; dependencies of node without a
            lock file.
    """
    assert function.source is not None
    folder = root / function.source
    where = f"functions.yaml: spec.functions.{name}.source: {function.source}"
    if not folder.is_dir():
        raise PlaitError("no such folder", where=where, hint=disk.folder_hint(root, function.source))
    entry = function.wasm.module if function.wasm else ENTRY[function.runtime]
    if not (folder / entry).is_file():
        raise PlaitError(f"holds no {entry}", where=where, hint=f"runtime: {function.runtime} starts from it")
    names = frozenset(path.name for path in folder.iterdir())
    return Source(folder, names, _installs(folder, function.runtime, names))


def _installs(folder: Path, runtime: str, names: AbstractSet[str]) -> bool:
    if runtime == "python":
        return "requirements.txt" in names
    if runtime != "node" or "package.json" not in names or not _dependencies(folder / "package.json"):
        return False
    if not names & set(LOCKS):
        hint = "npm install --package-lock-only, and commit package-lock.json"
        message = "has dependencies, and nothing says in which versions"
        raise PlaitError(message, where=str(folder / "package.json"), hint=hint)
    return True


def _dependencies(manifest: Path) -> bool:
    """Whether package.json names packages to install."""
    try:
        data: Any = json.loads(disk.read(manifest, _MANIFEST_BYTES))
    except (ValueError, RecursionError) as error:
        raise PlaitError(f"is not JSON: {error}", where=str(manifest)) from None
    kinds = ("dependencies", "optionalDependencies")
    return isinstance(data, dict) and any(data.get(kind) for kind in kinds)
