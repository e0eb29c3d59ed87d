"""Findings of what users added to overlays: files that are not there, patches that hit nothing, and `traps`.

Source: kustomize 5.8, tried: a patch whose `target` matches nothing is passed over in silence; one that
names its object in its body and hits nothing, and a file that is not there, end the build.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from plait.edits import Object, get
from plait.findings.layers import Layer, Patch
from plait.findings.model import Placed
from plait.findings.traps import traps


def of_overlays(found: Iterable[Layer]) -> Iterator[Placed]:
    """Every finding in every overlay, once; what several overlays share is told of the first."""
    seen: set[Placed] = set()
    for layer in found:
        for placed in (*_absent(layer), *_missed(layer), *traps(layer)):
            if placed not in seen:
                seen.add(placed)
                yield placed


def _absent(layer: Layer) -> Iterator[Placed]:
    """Files and folders that the kustomization names."""
    for entry in layer.absent:
        message = f"{entry} is not there, or is a folder without kustomization.yaml: kustomize build fails"
        yield Placed("missing-file", layer.path, message, "mend the path, or delete the entry", "error")


def _missed(layer: Layer) -> Iterator[Placed]:
    """Patches that nothing matches. Where several overlays share one, it may have its object elsewhere."""
    for patch in layer.patches:
        if patch.target is None:
            yield from _unnamed(layer, patch)
        elif (
            layer.whole
            and not layer.component
            and not any(hits(patch.target, item) for item in layer.objects)
        ):
            which = " ".join(f"{key} {value}" for key, value in patch.target.items())
            hint = "name what is there now, or delete the patch: kustomize passes it over without a word"
            message = f"{patch.what} is for {which}, which is not here"
            yield Placed("patch-without-target", layer.path, message, hint)


def _unnamed(layer: Layer, patch: Patch) -> Iterator[Placed]:
    """Documents of a patch without `target` that name no object of the layer."""
    hint = "name what is there now, or delete the patch: kustomize build fails on it"
    for document in patch.documents:
        if isinstance(document, list):
            message = f"{patch.what} is JSON 6902 and has no target: kustomize build fails"
            yield Placed("patch-without-target", layer.path, message, "give it a target", "error")
        elif (
            isinstance(document, dict)
            and layer.whole
            and not any(_names(document, item) for item in layer.objects)
        ):
            which = f"{document.get('kind')} {get(document, 'metadata', 'name')}"
            message = f"{patch.what} is for {which} of {document.get('apiVersion')}, which is not here"
            yield Placed("patch-without-target", layer.path, message, hint, "error")


def _names(document: Mapping[str, Any], item: Object) -> bool:
    """Whether a patch is for this object. Its namespace is not looked at: kustomize goes by several."""
    same = all(document.get(key) == item[key] for key in ("apiVersion", "kind"))
    return same and get(document, "metadata", "name") == item["metadata"]["name"]


def hits(target: Mapping[str, Any], item: Object) -> bool:
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
