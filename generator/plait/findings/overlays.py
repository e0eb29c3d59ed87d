"""Findings of what users added to overlays: patches that hit nothing, and what kustomize does not do well.

Source: kustomize 5.8, tried: a patch whose `target` matches nothing is passed over in silence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from plait.edits import Object, get
from plait.findings.model import Placed
from plait.project import Project
from plait.state import State
from plait.yamlio import YamlProblem, plain

_GENERATED = ("plait.dev", "eventing.knative.dev", "serving.knative.dev")
_OPAQUE = (
    "resources",
    "components",
    "generators",
    "transformers",
    "helmCharts",
    "configMapGenerator",
    "secretGenerator",
)


@dataclass(frozen=True, slots=True)
class Layer:
    """One kustomization that the user shares with plait.

    Attributes:
        path: of the file.
        data: its content.
        objects: what plait gives it.
        whole: whether these are all of its objects.
    """

    path: str
    data: Mapping[str, Any]
    objects: Sequence[Object]
    whole: bool


def of_overlays(project: Project) -> Iterator[Placed]:
    """Every finding in every overlay."""
    for layer in _layers(project):
        yield from _missed(layer)
        yield from _traps(project, layer)


def _layers(project: Project) -> Iterator[Layer]:
    for name, overlay in project.overlays.items():
        state = project.states.get(name, State())
        root = f"overlays/{name}"
        everything = overlay.running()
        folders = [held.data for held in state.folders.values()]
        known = not any(_adds(data, overlay.units) for data in (state.data, *folders))
        yield Layer(f"{root}/kustomization.yaml", state.data, everything, known)
        for folder, held in state.folders.items():
            if folder in overlay.units:
                own = [item for item in overlay.units[folder].after.values() if item]
                whole = not _adds(held.data, ())
                yield Layer(f"{root}/{folder}/kustomization.yaml", held.data, own, whole)


def _adds(data: Mapping[str, Any], units: Any) -> bool:
    """Whether the user brings objects that plait does not know."""
    for key in _OPAQUE:
        for entry in _entries(data, key):
            ours = key == "resources" and (
                entry in units or entry == "promoted" or str(entry).startswith("../")
            )
            generated = isinstance(entry, dict) and str(entry.get("name", "")).endswith("-code")
            if not ours and not generated and not str(entry).endswith("name-references"):
                return True
    return False


def _entries(data: Mapping[str, Any], key: str) -> list[Any]:
    """A list of a kustomization; what kustomize would refuse there is no list."""
    value = data.get(key)
    return value if isinstance(value, list) else []


def _missed(layer: Layer) -> Iterator[Placed]:
    """A patch with a target that nothing matches."""
    if not layer.whole:
        return
    for entry in _patches(layer):
        target = entry.get("target")
        if isinstance(target, dict) and not any(_hits(target, item) for item in layer.objects):
            which = " ".join(f"{key} {value}" for key, value in target.items())
            hint = "name what is there now, or delete the patch: kustomize passes it over without a word"
            yield Placed(
                "patch-without-target", layer.path, f"{_name(entry)} is for {which}, which is not here", hint
            )


def _patches(layer: Layer) -> Iterator[Mapping[str, Any]]:
    """The user's own."""
    for key in ("patches", "patchesJson6902"):
        for entry in _entries(layer.data, key):
            if isinstance(entry, dict) and not str(entry.get("path", "")).startswith("plait-"):
                yield entry


def _name(entry: Mapping[str, Any]) -> str:
    return f"the patch {entry['path']}" if entry.get("path") else "an inline patch"


def _hits(target: Mapping[str, Any], item: Object) -> bool:
    """As kustomize matches a selector: each field is a whole regular expression, labels are equal."""
    group, _, version = item["apiVersion"].rpartition("/")
    metadata = item["metadata"]
    fields = {"group": group, "version": version, "kind": item["kind"], "name": metadata["name"]}
    if any(target.get(key) and not _matches(str(target[key]), have) for key, have in fields.items()):
        return False
    return _selected(target.get("labelSelector"), metadata.get("labels")) and _selected(
        target.get("annotationSelector"), metadata.get("annotations")
    )


def _matches(pattern: str, text: str) -> bool:
    try:
        return re.fullmatch(pattern, text) is not None
    except re.error:
        return True


def _selected(selector: Any, have: Mapping[str, str] | None) -> bool:
    """`a=b,c=d`; what is written otherwise is taken to match."""
    if re.search(r"!|\(|\bin\b", str(selector or "")):
        return True
    pairs = [part.strip().replace("==", "=").split("=") for part in str(selector or "").split(",") if part]
    return all(len(pair) != 2 or (have or {}).get(pair[0]) == pair[1] for pair in pairs)  # noqa: PLR2004


def _traps(project: Project, layer: Layer) -> Iterator[Placed]:
    knative = [item for item in layer.objects if item["apiVersion"].startswith("serving.knative.dev/")]
    yield from _selectors(layer, knative)
    if "openapi" in layer.data:
        message = "openapi replaces what kustomize knows of Deployments: patches of them lose image and env"
        hint = "delete it; patch custom resources with JSON 6902 instead"
        yield Placed("openapi", layer.path, message, hint)
    yield from _merges(project, layer)


def _selectors(layer: Layer, knative: Sequence[Object]) -> Iterator[Placed]:
    """Labels that kustomize also writes into spec.selector, which a Knative Service does not have."""
    spread = ["commonLabels"] if layer.data.get("commonLabels") else []
    for entry in _entries(layer.data, "labels"):
        spread += ["labels with includeSelectors"] * (
            isinstance(entry, dict) and bool(entry.get("includeSelectors"))
        )
    for key in spread if knative else []:
        names = ", ".join(item["metadata"]["name"] for item in knative)
        message = f"{key} adds spec.selector to the Knative Service {names}, which the API server refuses"
        yield Placed("selector-labels", layer.path, message, "use labels without includeSelectors", "error")


def _merges(project: Project, layer: Layer) -> Iterator[Placed]:
    """A strategic merge patch replaces the lists of a custom resource as a whole."""
    folder = layer.path.rpartition("/")[0]
    paths: list[tuple[str, Any]] = [
        (str(entry), None) for entry in _entries(layer.data, "patchesStrategicMerge")
    ]
    paths += [(str(entry.get("path", "")), entry.get("patch")) for entry in _patches(layer)]
    for path, inline in paths:
        content = (
            str(inline).encode() if inline else project.scan.files.get(f"{folder}/{path}".replace("/./", "/"))
        )
        for document in _documents(content):
            if isinstance(document, dict) and _is_custom(document) and _has_list(document):
                what = f"{document.get('kind')} {get(document, 'metadata', 'name') or ''}".strip()
                message = f"{f'the patch {path}' if path else 'an inline patch'} merges lists into the {what}"
                hint = "kustomize replaces a custom resource's lists as a whole: write a JSON 6902 patch"
                yield Placed("merge-patch", layer.path, message, hint)


def _documents(content: bytes | None) -> Sequence[Any]:
    try:
        return plain(content.decode()) if content else []
    except (UnicodeDecodeError, YamlProblem):
        return []


def _is_custom(document: Mapping[str, Any]) -> bool:
    return str(document.get("apiVersion", "")).partition("/")[0] in _GENERATED


def _has_list(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_has_list, value.values()))
    return isinstance(value, list)
