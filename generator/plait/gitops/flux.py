"""Flux: one GitRepository, and a Kustomization for an overlay or for each of its folders.

Source of the fields: kustomize-controller 1.9's and source-controller 1.9's CRDs (tests/data/crds).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plait.flow import Flow
from plait.kustomization import ENVIRONMENT
from plait.overlay import Overlay
from plait.resources.meta import labels, metadata
from plait.spec.environment import GitOps

DEFAULT_NAMESPACE = "flux-system"
INTERVAL = "10m"


def _head(flow: Flow, settings: GitOps, name: str) -> dict[str, Any]:
    own = metadata(name, labels(flow, flow.application), {})
    return {**own, "namespace": settings.namespace or DEFAULT_NAMESPACE}


def source(flow: Flow, settings: GitOps) -> dict[str, Any]:
    """The repository that is synced."""
    return {
        "apiVersion": "source.toolkit.fluxcd.io/v1",
        "kind": "GitRepository",
        "metadata": _head(flow, settings, flow.application),
        "spec": {"interval": INTERVAL, "url": settings.repoURL, "ref": _reference(settings.revision)},
    }


def _reference(revision: str) -> dict[str, str]:
    return {"name": revision} if revision.startswith("refs/") else {"branch": revision}


def build(flow: Flow, settings: GitOps, overlay: Overlay) -> Mapping[str, dict[str, Any]]:
    """The Kustomizations of an environment by file stem: one, or one a folder with `mode: function`."""
    name, path = (
        f"{flow.application}-{overlay.name}",
        f"./{settings.path}/overlays/{overlay.name}".replace("/./", "/"),
    )
    if settings.mode == "environment":
        return {overlay.name: _kustomization(flow, settings, name, path)}
    found = {}
    for folder in overlay.units:
        if folder == ENVIRONMENT:
            # Not waited for: a Broker whose dead letter sink is a function is ready only after that function.
            first = _kustomization(flow, settings, name, f"{path}/{folder}")
            found[overlay.name] = {**first, "spec": {**first["spec"], "wait": False}}
            continue
        built = _kustomization(flow, settings, f"{name}-{folder}", f"{path}/{folder}")
        built["spec"]["dependsOn"] = [{"name": name}]
        found[f"{overlay.name}-{folder}"] = built
    return found


def _kustomization(flow: Flow, settings: GitOps, name: str, path: str) -> dict[str, Any]:
    return {
        "apiVersion": "kustomize.toolkit.fluxcd.io/v1",
        "kind": "Kustomization",
        "metadata": _head(flow, settings, name),
        "spec": {
            "interval": INTERVAL,
            "path": path,
            "prune": True,
            "wait": True,
            "sourceRef": {"kind": "GitRepository", "name": flow.application},
        },
    }
