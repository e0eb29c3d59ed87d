"""Argo CD: an Application for an overlay, or an ApplicationSet with one for each of its folders.

Beside them the health checks for argocd-cm and, where asked for, the AppProject. Source of the fields: Argo
CD 3's CRDs (tests/data/crds) and its operator manual.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from plait.flow import Flow
from plait.gitops import health, units
from plait.kustomization import ENVIRONMENT
from plait.overlay import Overlay
from plait.platforms.openshift import DEFAULT_ARGOCD
from plait.resources.meta import labels, metadata
from plait.spec.gitops import GitOps

_API, _NAMESPACE = "argoproj.io/v1alpha1", "argocd"
_IN_CLUSTER = "https://kubernetes.default.svc"
_OPTIONS = ("ServerSideApply=true", "SkipDryRunOnMissingResource=true")
_DIFF = {"argocd.argoproj.io/compare-options": "ServerSideDiff=true"}
Item = tuple[str, dict[str, Any]]


def build(flow: Flow, settings: GitOps, overlays: Sequence[Overlay]) -> Iterator[Item]:
    """Every object, each with the stem of its file."""
    for overlay in overlays:
        made = _application if settings.mode == "environment" else _application_set
        yield overlay.name, made(flow, settings, overlay)
    # The operator of OpenShift GitOps writes argocd-cm itself: there the checks stand in its ArgoCD object.
    if any(overlay.environment.platform != "openshift" for overlay in overlays):
        yield "argocd-cm", _health_checks(settings.namespace or _NAMESPACE)
    if settings.project.create:
        for namespace in sorted({_namespace(settings, overlay) for overlay in overlays}):
            there = [overlay for overlay in overlays if _namespace(settings, overlay) == namespace]
            yield f"project-{namespace}", _project(flow, settings, namespace, there)


def _namespace(settings: GitOps, overlay: Overlay) -> str:
    """Where the environment's Argo CD lives."""
    usual = DEFAULT_ARGOCD if overlay.environment.platform == "openshift" else _NAMESPACE
    return settings.namespace or usual


def _head(flow: Flow, settings: GitOps, overlay: Overlay, annotations: dict[str, str]) -> dict[str, Any]:
    own = metadata(f"{flow.application}-{overlay.name}", labels(flow, flow.application), annotations)
    return {**own, "namespace": _namespace(settings, overlay)}


def _application(flow: Flow, settings: GitOps, overlay: Overlay) -> dict[str, Any]:
    spec = _spec(settings, overlay, units.path(settings, overlay))
    head = _head(flow, settings, overlay, _compare(settings))
    return {"apiVersion": _API, "kind": "Application", "metadata": head, "spec": spec}


def _application_set(flow: Flow, settings: GitOps, overlay: Overlay) -> dict[str, Any]:
    """One Application a folder, all at once: `_environment` need not be first.

    Each creates the Namespace where it is missing, and Knative wakes a Trigger when its Broker comes.
    RollingSync would wait for ever for a Broker whose dead letter sink is a function of the second step.
    """
    folders = {
        "repoURL": settings.repoURL,
        "revision": settings.revision,
        "directories": [{"path": f"{units.path(settings, overlay)}/*"}],
    }
    own = f'{{{{ if ne .path.basename "{ENVIRONMENT}" }}}}-{{{{ .path.basename }}}}{{{{ end }}}}'
    name = f"{flow.application}-{overlay.name}{own}"
    create = ["CreateNamespace=true"] if flow.body.namespace.create else []
    template = {
        "metadata": metadata(name, labels(flow, flow.application), _compare(settings)),
        "spec": _spec(settings, overlay, "{{ .path.path }}", *create),
    }
    spec = {
        "goTemplate": True,
        "goTemplateOptions": ["missingkey=error"],
        "generators": [{"git": folders}],
        "template": template,
    }
    head = _head(flow, settings, overlay, {})
    return {"apiVersion": _API, "kind": "ApplicationSet", "metadata": head, "spec": spec}


def _compare(settings: GitOps) -> dict[str, str]:
    """Defaults of CRDs and webhooks would otherwise be differences that Argo CD mends for ever."""
    return _DIFF if settings.sync.serverSideDiff else {}


def _spec(settings: GitOps, overlay: Overlay, path: str, *options: str) -> dict[str, Any]:
    return {
        "project": settings.project.name,
        "source": {"repoURL": settings.repoURL, "targetRevision": settings.revision, "path": path},
        "destination": _destination(settings, overlay),
        "syncPolicy": _policy(settings, *options),
    }


def _destination(settings: GitOps, overlay: Overlay) -> dict[str, str]:
    chosen = overlay.environment.destination or settings.destination
    cluster = {"name": chosen.name} if chosen.name else {"server": chosen.server or _IN_CLUSTER}
    return {**cluster, "namespace": overlay.namespace}


def _policy(settings: GitOps, *options: str) -> dict[str, Any]:
    sync = settings.sync
    named = {option.partition("=")[0]: option for option in (*_OPTIONS, *options, *sync.options)}
    automated = {"automated": {"prune": sync.prune, "selfHeal": sync.selfHeal}} if sync.automated else {}
    retry = {} if sync.retry is None else {"retry": {"limit": sync.retry}}
    return {**automated, **retry, "syncOptions": list(named.values())}


def _health_checks(namespace: str) -> dict[str, Any]:
    """The part of argocd-cm that is plait's; to be applied server-side, which leaves the rest alone.

    A parent Application that loses this file must not take the whole of argocd-cm with it.
    """
    known = {"app.kubernetes.io/name": "argocd-cm", "app.kubernetes.io/part-of": "argocd"}
    scripts = {f"resource.customizations.health.{kind}": script for kind, script in health.lua().items()}
    kept = {"argocd.argoproj.io/sync-options": "Prune=false,Delete=false,ServerSideApply=true"}
    head = {**metadata("argocd-cm", known, kept), "namespace": namespace}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": head, "data": scripts}


def _project(flow: Flow, settings: GitOps, namespace: str, overlays: Sequence[Overlay]) -> dict[str, Any]:
    """The AppProject of one Argo CD: its environments' namespaces, and Namespace where plait writes one."""
    places = {tuple(_destination(settings, overlay).items()) for overlay in overlays}
    shared = [item for overlay in overlays for item in overlay.units[ENVIRONMENT].after.values() if item]
    spaces = flow.body.namespace.create or any(item["kind"] == "Namespace" for item in shared)
    spec = {
        "description": f"The functions of {flow.application}",
        "sourceRepos": [settings.repoURL],
        "destinations": [dict(place) for place in sorted(places)],
        "clusterResourceWhitelist": [{"group": "", "kind": "Namespace"}] if spaces else [],
    }
    own = metadata(settings.project.name, labels(flow, flow.application), {})
    return {
        "apiVersion": _API,
        "kind": "AppProject",
        "metadata": {**own, "namespace": namespace},
        "spec": spec,
    }
