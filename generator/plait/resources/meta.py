"""Names, labels and annotations that the objects share.

Labels: Kubernetes' recommended ones (app.kubernetes.io/*), without `instance`, by which Argo CD tracks what
it syncs, and without `version`, which the overlays decide. Waves: Argo CD creates the Namespace, then
the functions, then the Broker (its dead letter sink may be a function), then the Triggers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plait.flow import Flow

NAME = "app.kubernetes.io/name"
COMPONENT = "app.kubernetes.io/component"
WAVE = "argocd.argoproj.io/sync-wave"
SUBSTITUTE = "kustomize.toolkit.fluxcd.io/substitute"
NAMESPACE_WAVE, BROKER_WAVE, TRIGGER_WAVE = "-1", "1", "2"


def labels(flow: Flow, name: str) -> dict[str, str]:
    """The recommended labels of an object that belongs to `name`."""
    return {
        NAME: name,
        "app.kubernetes.io/part-of": flow.application,
        "app.kubernetes.io/managed-by": "plait",
    }


def of_function(
    flow: Flow, function: str, name: str | None = None, wave: str | None = None
) -> dict[str, Any]:
    """The metadata of an object of a function: its labels and annotations with the user's own."""
    spec = flow.functions[function]
    return metadata(
        name or function,
        {**labels(flow, function), COMPONENT: "function", **spec.labels},
        {**spec.annotations, **({WAVE: wave} if wave else {})},
    )


def metadata(name: str, labels: Mapping[str, str], annotations: Mapping[str, str]) -> dict[str, Any]:
    """A metadata block; no annotations, no key."""
    block: dict[str, Any] = {"name": name, "labels": dict(labels)}
    return {**block, "annotations": dict(annotations)} if annotations else block


def guarded(objects: dict[str, dict[str, Any]], flow: Flow) -> dict[str, dict[str, Any]]:
    """The objects, those with `${` marked so that Flux leaves them as they are.

    Flux's post-build substitution would otherwise replace (or, strict since kustomize-controller 1.9,
    refuse) what a user meant literally.
    """
    return {stem: guard(item) for stem, item in objects.items()} if flow.has_variables else objects


def guard(item: dict[str, Any]) -> dict[str, Any]:
    """One object, marked when a text in it holds `${`."""
    return annotated(item, {SUBSTITUTE: "disabled"}) if holds_variable(item) else item


def annotated(item: dict[str, Any], more: Mapping[str, str]) -> dict[str, Any]:
    """A copy of the object with more annotations."""
    block = item["metadata"]
    return {**item, "metadata": {**block, "annotations": {**block.get("annotations", {}), **more}}}


def holds_variable(value: Any) -> bool:
    """Whether `${` occurs in any text of the value."""
    if isinstance(value, dict):
        return any(map(holds_variable, value.values())) or any("${" in key for key in value)
    if isinstance(value, list):
        return any(map(holds_variable, value))
    return isinstance(value, str) and "${" in value
