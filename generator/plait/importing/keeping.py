"""The patches of an import on disk: beside plait's files, named in the kustomizations, and read again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from plait import layout
from plait.document import Files, Shared, Tree
from plait.edits import Object, get, pod_spec, put
from plait.errors import PlaitError
from plait.importing.applying import applied
from plait.importing.patches import PREFIX, Patch, overlay_of
from plait.overlay import Overlay, Unit
from plait.state import KUSTOMIZATION, State, load
from plait.surgery import Text
from plait.tree import Changes
from plait.yamlio import YamlProblem, documents


def changes(found: Sequence[Patch], text: str, have: Files) -> Changes:
    """The files of the patches and the kustomizations that name them; patches of a former import go.

    Args:
        found: from `patches`.
        text: functions.yaml.
        have: what is below overlays/ now.

    Raises:
        PlaitError: a kustomization is there that plait cannot edit.
    """
    writes = {one.path: one.text.encode() for one in found}
    overlay = overlay_of(text)
    tree = layout.overlay_tree(overlay, State())
    gone = []
    for unit in overlay.units.values():
        folder = f"overlays/{overlay.name}/{unit.folder}"
        entries = [one.entry for one in found if one.folder == folder]
        gone += _former(folder, have, writes)
        content = _kustomization(tree, f"{folder}/{KUSTOMIZATION}", have, entries)
        if content is not None:
            writes[f"{folder}/{KUSTOMIZATION}"] = content
    changed = {path: content for path, content in writes.items() if have.get(path) != content}
    return Changes(changed, tuple(gone))


def _former(folder: str, have: Files, writes: Mapping[str, bytes]) -> list[str]:
    start = f"{folder}/{PREFIX}"
    return [path for path in have if path.startswith(start) and path not in writes]


def _kustomization(tree: Tree, path: str, have: Files, entries: Sequence[Object]) -> bytes | None:
    """A kustomization that names the patches; None where there is nothing to name."""
    content = have.get(path)
    if content is None and not entries:
        return None
    if content is not None:
        load(path, content)
    else:
        fresh = tree[path]
        assert isinstance(fresh, Shared)
        content = replace(fresh.entries, images=()).text().encode()  # generate names the first version
    text = Text(content.decode())
    text.set_entries("patches", is_imported, entries, "path")
    return text.result().encode()


def is_imported(entry: Any) -> bool:
    """Whether an entry of `patches` is one of an import."""
    return isinstance(entry, dict) and str(entry.get("path", "")).startswith(PREFIX)


def with_patches(overlay: Overlay, have: Files) -> tuple[Overlay, list[str]]:
    """What an environment runs with the patches of its import; and those that plait cannot apply.

    Args:
        have: what is below overlays/.
    """
    unknown: list[str] = []
    units = {name: _patched(overlay, unit, have, unknown) for name, unit in overlay.units.items()}
    return replace(overlay, units=units), unknown


def _patched(overlay: Overlay, unit: Unit, have: Files, unknown: list[str]) -> Unit:
    after = dict(unit.after)
    folder = f"overlays/{overlay.name}/{unit.folder}"
    for name in named(have.get(f"{folder}/{KUSTOMIZATION}")):
        stem, item = name.removeprefix(PREFIX).removesuffix(".yaml"), None
        old = after.get(stem)
        if old is not None and (content := have.get(f"{folder}/{name}")) is not None:
            item = applied(old, _data(content))
        if item is None:
            unknown.append(f"{folder}/{name}")
        else:
            after[stem] = _with_versions(item, unit)
    return replace(unit, after=after)


def named(content: bytes | None) -> list[str]:
    """The imported patches that a kustomization names."""
    try:
        entries = Text(content.decode()).entries("patches") if content else []
    except (UnicodeDecodeError, YamlProblem, PlaitError):
        return []
    return [str(entry["path"]) for entry in entries if is_imported(entry)]


def _data(content: bytes) -> Any:
    found = documents(content) or ()
    return found[0] if len(found) == 1 else None


def _with_versions(item: Object, unit: Unit) -> Object:
    """Every container of the function's image in its version, as the entry of `images` sets it."""
    path = pod_spec(item)
    for key in ("containers", "initContainers") if path and unit.image else ():
        assert path is not None
        entries = get(item, *path, key)
        if isinstance(entries, list):
            item = put(item, (*path, key), [_with_version(entry, unit) for entry in entries])
    return item


def _with_version(entry: Any, unit: Unit) -> Any:
    return {**entry, "image": str(unit.image)} if get(entry, "image") == unit.folder else entry
