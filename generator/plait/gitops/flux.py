"""Flux: one GitRepository, and a Kustomization for an overlay or for each of its folders.

Source of the fields: kustomize-controller 1.9's and source-controller 1.9's CRDs (tests/data/crds).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from plait.flow import Flow
from plait.gitops import health, units
from plait.kustomization import ENVIRONMENT
from plait.overlay import Overlay
from plait.resources.meta import labels, metadata
from plait.spec.gitops import GitOps

DEFAULT_NAMESPACE = "flux-system"
INTERVAL = "10m"
# Left out, Flux would wait an interval for an object, and an interval more before it tries again.
RETRY, TIMEOUT = "1m", "5m"
Item = tuple[str, dict[str, Any]]


def build(flow: Flow, settings: GitOps, overlays: Sequence[Overlay]) -> Iterator[Item]:
    """Every object, each with the stem of its file."""
    yield "source", _source(flow, settings)
    for overlay in overlays:
        if settings.mode == "environment":
            yield overlay.name, _kustomization(flow, settings, overlay, None)
            continue
        for folder in overlay.units:
            yield units.stem(overlay, folder), _kustomization(flow, settings, overlay, folder)


def _head(flow: Flow, settings: GitOps, name: str) -> dict[str, Any]:
    own = metadata(name, labels(flow, flow.application), {})
    return {**own, "namespace": settings.namespace or DEFAULT_NAMESPACE}


def _source(flow: Flow, settings: GitOps) -> dict[str, Any]:
    """The repository that is synced."""
    spec = {"interval": INTERVAL, "url": settings.repoURL, "ref": _reference(settings.revision)}
    if settings.credentials:
        spec["secretRef"] = {"name": settings.credentials}
    return {
        "apiVersion": "source.toolkit.fluxcd.io/v1",
        "kind": "GitRepository",
        "metadata": _head(flow, settings, flow.application),
        "spec": spec,
    }


def _reference(revision: str) -> dict[str, str]:
    return {"name": revision} if revision.startswith("refs/") else {"branch": revision}


def _kustomization(flow: Flow, settings: GitOps, overlay: Overlay, folder: str | None) -> dict[str, Any]:
    """For the whole overlay, or for a folder of it; functions come after `_environment`."""
    name = f"{flow.application}-{units.stem(overlay, folder or ENVIRONMENT)}"
    spec: dict[str, Any] = {
        "interval": INTERVAL,
        "retryInterval": RETRY,
        "timeout": TIMEOUT,
        "path": "/".join([".", units.path(settings, overlay), *([folder] if folder else [])]),
        "prune": settings.sync.prune,
        "sourceRef": {"kind": "GitRepository", "name": flow.application},
    }
    # Not waited for: a Broker whose dead letter sink is a function is ready only after that function.
    waits = folder != ENVIRONMENT
    spec |= {"wait": True, "healthCheckExprs": health.cel()} if waits else {"wait": False}
    if folder and waits:
        spec["dependsOn"] = [{"name": f"{flow.application}-{overlay.name}"}]
    return {
        "apiVersion": "kustomize.toolkit.fluxcd.io/v1",
        "kind": "Kustomization",
        "metadata": _head(flow, settings, name),
        "spec": spec,
    }
