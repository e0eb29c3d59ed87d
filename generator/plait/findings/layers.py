"""The kustomizations that decide what an overlay is: plait's, and those of the user that they bring.

Source: kustomize 5.8. A component sees the objects of the kustomization that names it; a folder under
`resources` sees its own alone.
"""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeGuard

from plait.edits import Object
from plait.findings.reading import Files, documents, is_remote
from plait.overlay import Overlay
from plait.project import Project
from plait.state import State

_DEEPEST = 20
_BRINGS = ("resources", "components")
_OPAQUE = ("generators", "transformers", "helmCharts", "configMapGenerator", "secretGenerator")
_FILES = ("configurations", "crds")
_WITH_PATH = ("patches", "patchesJson6902", "replacements")


@dataclass(frozen=True, slots=True)
class Patch:
    """One patch of the user's.

    Attributes:
        what: what to call it.
        target: which objects it is for; None where its documents say.
        documents: its content; empty where that cannot be read.
    """

    what: str
    target: Mapping[str, Any] | None
    documents: Sequence[Any]


@dataclass(frozen=True, slots=True)
class Layer:
    """One kustomization that the user shares with plait, or brings.

    Attributes:
        environment: whose it is.
        path: of the file.
        data: its content.
        objects: what it works on, as far as that is known.
        whole: whether these are all of its objects, by their names.
        patches: the user's.
        absent: files that it names and that are not there.
        component: whether several overlays may share it.
        lost: whether it brings something that cannot be read here.
    """

    environment: str
    path: str
    data: Mapping[str, Any]
    objects: Sequence[Object]
    whole: bool
    patches: Sequence[Patch] = ()
    absent: Sequence[str] = ()
    component: bool = False
    lost: bool = False


def layers(project: Project) -> Iterator[Layer]:
    """Of each environment overlays/ENV, the folders of plait's in it, and what these bring."""
    files = Files.around(project.output)
    for name, overlay in project.overlays.items():
        yield from _of_overlay(files, name, overlay, project.states.get(name, State()))


def _of_overlay(files: Files, name: str, overlay: Overlay, state: State) -> Iterator[Layer]:
    given: list[Object] = []
    whole = True
    for folder, unit in overlay.units.items():
        own = [item for item in unit.after.values() if item]
        if folder not in state.folders:
            given += own
            continue
        walk = _Walk(files, name, frozenset(("promoted",)))
        first, *rest = walk.layers(
            f"overlays/{name}/{folder}/kustomization.yaml", state.folders[folder].data, own
        )
        given, whole = [*given, *first.objects], whole and first.whole and not _renames(first.data)
        yield from (first, *rest)
    walk = _Walk(files, name, frozenset((*overlay.units, *state.folders)))
    first, *rest = walk.layers(f"overlays/{name}/kustomization.yaml", state.data, given)
    yield replace(first, whole=whole and first.whole)
    yield from rest


@dataclass(frozen=True, slots=True)
class _Walk:
    """From a kustomization of plait's to all that the user adds to it.

    Attributes:
        ours: resources there that are plait's.
    """

    files: Files
    environment: str
    ours: Collection[str]

    def layers(
        self, path: str, data: Mapping[str, Any], given: Sequence[Object], key: str = "", depth: int = 0
    ) -> Sequence[Layer]:
        """The kustomization itself, first, and those that it brings.

        Args:
            given: the objects that it works on, but for those that it brings.
            key: the list that names it, "" for one of plait's.
        """
        folder = posixpath.dirname(path)
        absent = [entry for entry in _paths(data) if self._is_absent(folder, entry)]
        here = Layer(
            self.environment,
            path,
            data,
            given,
            whole=not _opaque(data),
            patches=list(self._patches(folder, data)),
            component=key == "components",
            absent=absent,
        )
        below: list[Layer] = []
        for each in _BRINGS:
            for entry in filter(_is_text, entries(data, each)):
                here, more = self._bring(here, each, entry, depth)
                below += more
        return [here, *below]

    def _bring(self, here: Layer, key: str, entry: str, depth: int) -> tuple[Layer, Sequence[Layer]]:
        """What one entry of `resources` or `components` adds to a layer, and the layers below it."""
        path = posixpath.normpath(posixpath.join(posixpath.dirname(here.path), entry))
        if (depth == 0 and posixpath.normpath(entry) in self.ours) or path.partition("/")[0] == "base":
            return replace(here, whole=here.whole and depth == 0), ()
        if is_remote(entry) or depth == _DEEPEST or not self.files.covers(path):
            return replace(here, whole=False, lost=True), ()
        found = self.files.kustomization(path)
        if found is None:
            return self._file(here, key, entry, path), ()
        if found[1] is None:
            return replace(here, whole=False, lost=True), ()
        given = here.objects if key == "components" else ()
        first, *rest = self.layers(found[0], found[1], given, key, depth + 1)
        objects = first.objects if key == "components" else [*here.objects, *first.objects]
        whole = here.whole and first.whole and not _renames(first.data)
        return replace(here, objects=objects, whole=whole, lost=here.lost or first.lost), (first, *rest)

    def _file(self, here: Layer, key: str, entry: str, path: str) -> Layer:
        content = self.files.read(path) if key == "resources" else None
        if content is None:
            return replace(here, whole=False, lost=True, absent=[*here.absent, entry])
        found = documents(content)
        objects = [item for item in found or () if _is_object(item)]
        whole = here.whole and found is not None and len(objects) == len(found)
        return replace(here, objects=[*here.objects, *objects], whole=whole)

    def _is_absent(self, folder: str, entry: str) -> bool:
        path = posixpath.join(folder, entry)
        return not is_remote(entry) and self.files.covers(path) and self.files.read(path) is None

    def _patches(self, folder: str, data: Mapping[str, Any]) -> Iterator[Patch]:
        for entry in entries(data, "patchesStrategicMerge"):
            inline = str(entry) if _is_inline(entry) else None
            yield self._patch(folder, "" if inline else str(entry), inline, None)
        for key in ("patches", "patchesJson6902"):
            for entry in entries(data, key):
                if isinstance(entry, dict) and not _is_plaits(entry):
                    yield self._patch(
                        folder, str(entry.get("path") or ""), entry.get("patch"), entry.get("target")
                    )

    def _patch(self, folder: str, path: str, inline: Any, target: Any) -> Patch:
        content = str(inline) if inline else self.files.read(posixpath.join(folder, path)) if path else None
        what = f"the patch {path}" if path else "an inline patch"
        return Patch(what, target if isinstance(target, dict) else None, documents(content or "") or ())


def entries(data: Mapping[str, Any], key: str) -> list[Any]:
    """A list of a kustomization; what kustomize would refuse there is no list."""
    value = data.get(key)
    return value if isinstance(value, list) else []


def _paths(data: Mapping[str, Any]) -> Iterator[str]:
    """Files that a kustomization names, but for its resources."""
    for key in _FILES:
        yield from filter(_is_text, entries(data, key))
    yield from (str(entry) for entry in entries(data, "patchesStrategicMerge") if not _is_inline(entry))
    for key in _WITH_PATH:
        for entry in entries(data, key):
            if isinstance(entry, dict) and entry.get("path") and not _is_plaits(entry):
                yield str(entry["path"])


def _is_text(entry: Any) -> TypeGuard[str]:
    return isinstance(entry, str)


def _is_inline(entry: Any) -> bool:
    return not isinstance(entry, str) or "\n" in entry or entry.startswith("{")


def _is_plaits(entry: Mapping[str, Any]) -> bool:
    return str(entry.get("path", "")).startswith("plait-")


def _opaque(data: Mapping[str, Any]) -> bool:
    """Whether it makes objects that plait does not know; the code of a function is known."""
    made = [entry for key in _OPAQUE for entry in entries(data, key)]
    return any(
        not (isinstance(entry, dict) and str(entry.get("name", "")).endswith("-code")) for entry in made
    )


def _renames(data: Mapping[str, Any]) -> bool:
    return bool(data.get("namePrefix") or data.get("nameSuffix"))


def _is_object(item: Any) -> bool:
    """Whether it is one object of Kubernetes, with a name."""
    if not isinstance(item, dict) or not isinstance(item.get("metadata"), dict):
        return False
    texts = (item.get("apiVersion"), item.get("kind"), item["metadata"].get("name"))
    return all(isinstance(text, str) for text in texts) and not str(item["kind"]).endswith("List")
