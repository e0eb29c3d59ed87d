"""Argo CD: an Application for an overlay, or an ApplicationSet with one for each of its folders.

Source of the fields: Argo CD 3's CRDs (tests/data/crds) and its operator manual.
"""

from __future__ import annotations

from typing import Any

from plait.flow import Flow
from plait.overlay import Overlay
from plait.platforms.openshift import DEFAULT_ARGOCD
from plait.resources.meta import labels, metadata
from plait.spec.environment import GitOps

_IN_CLUSTER = "https://kubernetes.default.svc"
_SYNC = {
    "automated": {"prune": True, "selfHeal": True},
    "syncOptions": ["ServerSideApply=true", "SkipDryRunOnMissingResource=true"],
}


def build(flow: Flow, settings: GitOps, overlay: Overlay) -> dict[str, Any]:
    """The Application of an environment, or its ApplicationSet with `mode: function`."""
    name = f"{flow.application}-{overlay.name}"
    usual = DEFAULT_ARGOCD if overlay.environment.platform == "openshift" else "argocd"
    head = {**metadata(name, labels(flow, flow.application), {}), "namespace": settings.namespace or usual}
    path = f"{settings.path}/overlays/{overlay.name}".removeprefix("./")
    if settings.mode == "environment":
        spec = _application(settings, overlay, path)
        return {"apiVersion": "argoproj.io/v1alpha1", "kind": "Application", "metadata": head, "spec": spec}
    folders = {
        "repoURL": settings.repoURL,
        "revision": settings.revision,
        "directories": [{"path": f"{path}/*"}],
    }
    template = {
        "metadata": {
            "name": f"{name}-{{{{ .path.basenameNormalized }}}}",
            "labels": labels(flow, flow.application),
        },
        "spec": _application(settings, overlay, "{{ .path.path }}"),
    }
    spec = {
        "goTemplate": True,
        "goTemplateOptions": ["missingkey=error"],
        "generators": [{"git": folders}],
        "template": template,
    }
    return {"apiVersion": "argoproj.io/v1alpha1", "kind": "ApplicationSet", "metadata": head, "spec": spec}


def _application(settings: GitOps, overlay: Overlay, path: str) -> dict[str, Any]:
    chosen = settings.destination
    where = {"name": chosen.name} if chosen.name else {"server": chosen.server or _IN_CLUSTER}
    return {
        "project": settings.project,
        "source": {"repoURL": settings.repoURL, "targetRevision": settings.revision, "path": path},
        "destination": {**where, "namespace": overlay.namespace},
        "syncPolicy": _SYNC,
    }
