"""Objects that the user keeps in the overlay: files of their own that its kustomizations list."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from plait.document import Files
from plait.edits import get
from plait.errors import PlaitError
from plait.importing.keeping import is_imported
from plait.importing.model import Key, key_of
from plait.state import KUSTOMIZATION, State, load
from plait.yamlio import documents


def objects(environment: str, have: Files) -> frozenset[Key]:
    """Group, kind and name of each object in a file that a kustomization of the overlay lists.

    Args:
        environment: the overlay's name.
        have: what is below overlays/.
    """
    found = (_key(item) for path in _files(environment, have) for item in documents(have[path]) or ())
    return frozenset(key for key in found if key is not None)


def _files(environment: str, have: Files) -> Iterator[str]:
    for path, content in have.items():
        if path.startswith(f"overlays/{environment}/") and path.endswith(f"/{KUSTOMIZATION}"):
            folder = posixpath.dirname(path)
            yield from (file for entry in _resources(path, content) if (file := f"{folder}/{entry}") in have)


def _resources(path: str, content: bytes) -> list[str]:
    try:
        entries = load(path, content).get("resources") or []
    except PlaitError:
        return []
    return [posixpath.normpath(entry) for entry in entries if isinstance(entry, str)]


def _key(item: Any) -> Key | None:
    version, kind, name = (get(item, *at) for at in (("apiVersion",), ("kind",), ("metadata", "name")))
    if not all(isinstance(text, str) for text in (version, kind, name)):
        return None
    return key_of(item)


def without(environment: str, state: State, have: Files) -> State:
    """A state as if it named no imported patch and no such file: what else there is of the user's."""
    root = f"overlays/{environment}"
    folders = {
        name: replace(held, data=_without(held.data, f"{root}/{name}", have))
        for name, held in state.folders.items()
    }
    return replace(state, folders=folders, data=_without(state.data, root, have))


def _without(data: Mapping[str, Any], folder: str, have: Files) -> Mapping[str, Any]:
    patches = [entry for entry in data.get("patches") or [] if not is_imported(entry)]
    resources = [entry for entry in data.get("resources") or [] if f"{folder}/{entry}" not in have]
    return {**data, "patches": patches, "resources": resources}
