"""The Namespace. GitOps tools create it and never prune it: that would delete everything in it."""

from __future__ import annotations

from typing import Any

from plait.flow import Flow
from plait.resources.meta import NAMESPACE_WAVE, WAVE, labels, metadata


def build(flow: Flow) -> dict[str, Any]:
    """The v1 Namespace of the functions."""
    kept = {
        WAVE: NAMESPACE_WAVE,
        "argocd.argoproj.io/sync-options": "Prune=false,Delete=false",
        "kustomize.toolkit.fluxcd.io/prune": "disabled",
    }
    name = flow.body.namespace.name
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": metadata(name, labels(flow, name), kept)}
