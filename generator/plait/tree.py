"""The tree as it should be against what is on disk -> Changes. Pure.

Nothing that somebody else wrote is lost: a file of plait's own that was edited by hand, and a folder
to be removed that holds a user's entries, are refused with a list.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from plait import kustomization
from plait.document import Files, Owned, Raw, Shared, Standing, Tree, is_owned, standing
from plait.errors import PlaitError
from plait.kustomization import Entries
from plait.state import KUSTOMIZATION, State, load
from plait.yamlio import YamlProblem


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
    try:
        return kustomization.merged(content.decode(), file.entries).encode()
    except PlaitError as error:
        raise PlaitError(error.message, where=f"{path}: {error.where}", hint=error.hint) from None
    except YamlProblem as error:
        raise PlaitError(error.problem.message, where=f"{path}:{error.problem.line}") from None


class _Removal:
    """What goes: owned files that the tree lacks, and whole folders of functions and environments."""

    def __init__(self, tree: Tree, have: Files, states: Mapping[str, State]) -> None:
        self.deletes: set[str] = set()
        self.edited: dict[str, Standing] = {}
        self.blocked: list[str] = []
        kept = {path.rpartition("/")[0] for path in tree}
        for path, content in have.items():
            if path not in tree and is_owned(content):
                self._owned(path, content)
        for environment, state in states.items():
            root = f"overlays/{environment}"
            for name in state.folders:
                self._folder(f"{root}/{name}", name, state, kept, tree)
            if state.folders and root not in kept:
                self._environment(root, state, have)

    def _owned(self, path: str, content: bytes) -> None:
        if standing(content) is Standing.EDITED:
            self.edited[path] = Standing.EDITED
        self.deletes.add(path)

    def _folder(self, root: str, name: str, state: State, kept: set[str], tree: Tree) -> None:
        held = state.folders[name]
        code = [path for path in held.files if path.startswith(("code/", "promoted/code/"))]
        self.deletes |= {f"{root}/{path}" for path in code if f"{root}/{path}" not in tree}
        if root in kept:
            return
        mine = {KUSTOMIZATION, *code}
        self.blocked += [
            f"{root}/{path}" for path, text in held.files.items() if path not in mine and not is_owned(text)
        ]
        users = kustomization.foreign(held.data, Entries(name, "", []))
        self.blocked += [f"{root}/{KUSTOMIZATION}: {entry}" for entry in users]
        self.deletes.add(f"{root}/{KUSTOMIZATION}")

    def _environment(self, root: str, state: State, have: Files) -> None:
        mine = Entries("", "", [], gone=frozenset(state.folders))
        users = kustomization.foreign(state.data, mine)
        self.blocked += [f"{root}/{KUSTOMIZATION}: {entry}" for entry in users]
        self.blocked += sorted(_strangers(root, state, have))
        self.deletes.add(f"{root}/{KUSTOMIZATION}")


def _strangers(root: str, state: State, have: Files) -> Iterator[str]:
    """A user's own files in the folder of an environment that goes."""
    folders = tuple(f"{root}/{name}/" for name in state.folders)
    for path in have:
        if path.startswith(f"{root}/") and not path.startswith(folders) and path != f"{root}/{KUSTOMIZATION}":
            yield path


def refuse(changes: Changes) -> None:
    """Stop where a user's work would be lost.

    Raises:
        PlaitError: with every file, and where such a change belongs instead.
    """
    if changes.edited:
        listed = "\n".join(f"  {path}: {how.value}" for path, how in sorted(changes.edited.items()))
        hint = (
            "change functions.yaml instead, or put a patch of your own into the overlay's kustomization.yaml;\n"
            "  plait generate --force overwrites these files"
        )
        raise PlaitError(f"these files are plait's, and are not as plait wrote them:\n{listed}", hint=hint)
    if changes.blocked:
        listed = "\n".join(f"  {path}" for path in changes.blocked)
        hint = (
            "move them elsewhere or delete them; plait generate --force leaves your files and removes its own"
        )
        raise PlaitError(f"folders that would be removed hold entries of yours:\n{listed}", hint=hint)
