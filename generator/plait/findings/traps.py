"""Findings of what kustomize does to Knative's objects, and of what a cluster refuses by default."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from plait.edits import Object, get
from plait.findings.layers import Layer, entries
from plait.findings.model import Placed

_GENERATED = ("plait.dev", "eventing.knative.dev", "serving.knative.dev")
# Knative's config-features: fields of a DeliverySpec that its webhook refuses otherwise.
_FEATURES = {"retryAfterMax": "delivery-retryafter"}


def traps(layer: Layer) -> Iterator[Placed]:
    """What is allowed in a kustomization, and not meant."""
    knative = [item for item in layer.objects if item["apiVersion"].startswith("serving.knative.dev/")]
    yield from _selectors(layer, knative)
    if "openapi" in layer.data:
        message = "openapi replaces what kustomize knows of Deployments: patches of them lose image and env"
        hint = "delete it; patch custom resources with JSON 6902 instead"
        yield Placed("openapi", layer.path, message, hint)
    for patch in layer.patches:
        for document in patch.documents:
            yield from _merges(layer, patch.what, document)
            yield from _features(layer, patch.what, document)


def _selectors(layer: Layer, knative: Sequence[Object]) -> Iterator[Placed]:
    """Labels that kustomize also writes into spec.selector, which a Knative Service does not have."""
    for key, _ in spread(layer.data) if knative else ():
        names = ", ".join(item["metadata"]["name"] for item in knative)
        message = f"{key} adds spec.selector to the Knative Service {names}, which the API server refuses"
        yield Placed("selector-labels", layer.path, message, "use labels without includeSelectors", "error")


def spread(data: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Labels that a kustomization also writes into selectors, and what to call the entry."""
    if isinstance(common := data.get("commonLabels"), dict) and common:
        yield "commonLabels", common
    for entry in entries(data, "labels"):
        if isinstance(entry, dict) and entry.get("includeSelectors") and isinstance(entry.get("pairs"), dict):
            yield "labels with includeSelectors", entry["pairs"]


def _merges(layer: Layer, what: str, document: Any) -> Iterator[Placed]:
    """A strategic merge patch replaces the lists of a custom resource as a whole."""
    if isinstance(document, dict) and _is_custom(document) and _has_list(document):
        whose = f"{document.get('kind')} {get(document, 'metadata', 'name') or ''}".strip()
        message = f"{what} merges lists into the {whose}"
        hint = "kustomize replaces a custom resource's lists as a whole: write a JSON 6902 patch"
        yield Placed("merge-patch", layer.path, message, hint)


def _features(layer: Layer, what: str, document: Any) -> Iterator[Placed]:
    """A field of Knative's that a feature guards which is off by default."""
    operations = document if isinstance(document, list) else []
    paths = [str(each.get("path")) for each in operations if isinstance(each, dict) and "value" in each]
    for field, feature in _FEATURES.items():
        if _sets(document, field) or any(path.endswith(f"/{field}") for path in paths):
            message = f"{what} sets {field}, which Knative refuses while its feature {feature} is off"
            hint = (
                f"the feature is alpha and off by default: turn {feature} on in the ConfigMap config-features"
            )
            yield Placed("feature", layer.path, message, hint)


def _sets(value: Any, field: str) -> bool:
    """Whether the field has a value somewhere in there; null takes it away."""
    if isinstance(value, dict):
        return value.get(field) is not None or any(_sets(item, field) for item in value.values())
    return isinstance(value, list) and any(_sets(item, field) for item in value)


def _is_custom(document: Mapping[str, Any]) -> bool:
    return str(document.get("apiVersion", "")).partition("/")[0] in _GENERATED


def _has_list(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_has_list, value.values()))
    return isinstance(value, list)
