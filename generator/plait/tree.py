"""The tree as it should be against what is on disk -> Changes. Pure.

Nothing that somebody else wrote is lost: a file of plait's own that was edited by hand, and a folder
to be removed that holds a user's entries, are refused with a list.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from plait import kustomization
from plait.document import Files, Owned, Raw, Shared, Standing, Tree, is_owned, standing
from plait.errors import PlaitError
from plait.kustomization import Entries
from plait.state import KUSTOMIZATION, Held, State, load
from plait.yamlio import YamlProblem

# Where plait writes files of its own. A copy of one elsewhere in overlays/ is the user's.
_OWNED = re.compile(r"(?!overlays/)|overlays/[^/]+/[^/]+/(promoted/|plait-[^/]+$)")


@dataclass(frozen=True)
class Changes:
    """What has to happen on disk.

    Attributes:
        writes: path to new content.
        deletes: files that go.
        edited: files of plait's own that were edited by hand, with how they stand.
        blocked: files or entries of a user's in folders that go.
    """

    writes: Mapping[str, bytes] = field(default_factory=dict)
    deletes: tuple[str, ...] = ()
    edited: Mapping[str, Standing] = field(default_factory=dict)
    blocked: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.writes or self.deletes)


def plan(tree: Tree, have: Files, states: Mapping[str, State]) -> Changes:
    """Compare.

    Args:
        tree: every file that plait wants (`layout.tree`).
        have: every file below base/, overlays/ and gitops/.
        states: the state of every overlay on disk, removed environments too.
    """
    writes: dict[str, bytes] = {}
    edited: dict[str, Standing] = {}
    for path, file in tree.items():
        content = have.get(path)
        wanted = _content(path, file, content)
        if content == wanted:
            continue
        if isinstance(file, Owned) and content is not None:
            found = standing(content)
            if found in (Standing.EDITED, Standing.FOREIGN):
                edited[path] = found
        writes[path] = wanted
    removal = _Removal(tree, have, states)
    writes |= removal.writes
    return Changes(writes, tuple(sorted(removal.deletes)), edited | removal.edited, tuple(removal.blocked))


def _content(path: str, file: Owned | Shared | Raw, content: bytes | None) -> bytes:
    if isinstance(file, Raw):
        return file.data
    if isinstance(file, Owned):
        return file.content
    fresh = file.entries.text().encode()
    if content is None or content == fresh:
        return fresh
    load(path, content)
    return _merged(path, content, file.entries)


def _merged(path: str, content: bytes, entries: Entries) -> bytes:
    try:
        return kustomization.merged(content.decode(), entries).encode()
    except PlaitError as error:
        where = f"{path}: {error.where}" if error.where else path
        raise PlaitError(error.message, where=where, hint=error.hint) from None
    except YamlProblem as error:
        raise PlaitError(error.problem.message, where=f"{path}:{error.problem.line}") from None


class _Removal:
    """What goes: owned files that the tree lacks, and whole folders of functions and environments."""

    def __init__(self, tree: Tree, have: Files, states: Mapping[str, State]) -> None:
        self.writes: dict[str, bytes] = {}
        self.deletes: set[str] = set()
        self.edited: dict[str, Standing] = {}
        self.blocked: list[str] = []
        self._tree, self._have = tree, have
        self._kept = {path.rpartition("/")[0] for path in tree}
        for path, content in have.items():
            if path not in tree and _OWNED.match(path) and is_owned(content):
                self._owned(path, content)
        for environment, state in states.items():
            root = f"overlays/{environment}"
            for name in state.folders:
                self._folder(f"{root}/{name}", name, state)
            if state.folders and root not in self._kept:
                self._environment(root, state)

    def _owned(self, path: str, content: bytes) -> None:
        if standing(content) is Standing.EDITED:
            self.edited[path] = Standing.EDITED
        self.deletes.add(path)

    def _folder(self, root: str, name: str, state: State) -> None:
        held = state.folders[name]
        code = [path for path in held.files if path.startswith(_code_folders(name, held))]
        self.deletes |= {f"{root}/{path}" for path in code if f"{root}/{path}" not in self._tree}
        if root in self._kept:
            return
        mine = {KUSTOMIZATION, *code}
        others = [f"{root}/{path}" for path in sorted(held.files) if path not in mine]
        self.blocked += [path for path in others if path not in self.deletes]
        self._kustomization(root, held.data, Entries(name, "", []))

    def _environment(self, root: str, state: State) -> None:
        gone = frozenset(state.folders) | self._lost(root, state.data)
        self._kustomization(root, state.data, Entries("", "", [], gone=gone))
        known = (*(f"{root}/{name}/" for name in state.folders), f"{root}/{KUSTOMIZATION}")
        others = [path for path in sorted(self._have) if path.startswith(f"{root}/")]
        self.blocked += [path for path in others if not path.startswith(known) and path not in self.deletes]

    def _lost(self, root: str, data: Mapping[str, Any]) -> frozenset[str]:
        """Folders that are listed and not there: a removal was cut short."""
        listed = [
            entry for entry in data.get("resources") or [] if isinstance(entry, str) and "/" not in entry
        ]
        return frozenset(
            entry
            for entry in listed
            if not any(path.startswith((f"{root}/{entry}/", f"{root}/{entry}")) for path in self._have)
        )

    def _kustomization(self, root: str, data: Mapping[str, Any], nothing: Entries) -> None:
        """A shared file goes; with entries of the user's, only plait's go (and that only by --force)."""
        path = f"{root}/{KUSTOMIZATION}"
        users = kustomization.foreign(data, nothing)
        if not users:
            self.deletes |= {path} & self._have.keys()
            return
        self.blocked += [f"{path}: {entry}" for entry in users]
        mine = replace(nothing, namespace=str(data.get("namespace", "")))
        self.writes[path] = _merged(path, self._have[path], mine)


def _code_folders(name: str, held: Held) -> tuple[str, ...]:
    """Folders whose every file is plait's: code/ only where plait's generator names files in it."""
    files = [file.rpartition("=")[2] for file in kustomization.generated(held.data, name)]
    mine = any(file.startswith("code/") for file in files)
    return ("promoted/code/", "code/") if mine else ("promoted/code/",)


def refuse(changes: Changes) -> None:
    """Stop where a user's work would be lost.

    Raises:
        PlaitError: with every file, and where such a change belongs instead.
    """
    if changes.edited:
        listed = "\n".join(f"  {path}: {how.value}" for path, how in sorted(changes.edited.items()))
        message = f"these files are plait's, and are not as plait wrote them:\n{listed}"
        raise PlaitError(message, hint=_way_out(changes.edited))
    if changes.blocked:
        listed = "\n".join(f"  {path}" for path in changes.blocked)
        hint = "move or delete them; plait generate --force removes only what is plait's there"
        raise PlaitError(f"folders that would be removed hold entries of yours:\n{listed}", hint=hint)


def _way_out(edited: Mapping[str, Standing]) -> str:
    places = [
        "change functions.yaml instead, or put a patch of your own into the overlay's kustomization.yaml"
    ]
    which = "these files"
    if any("/promoted/" in path for path in edited):
        places.append("take files in promoted/ from Git (git restore); --force keeps what stands in them")
        which = "the others"
    return ";\n  ".join([*places, f"plait generate --force overwrites {which}"])
