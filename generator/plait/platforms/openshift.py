"""OpenShift. Its restricted-v2 SCC takes the pods as base/ has them: no UID, all capabilities dropped."""

from __future__ import annotations

from plait.edits import Object, merge
from plait.flow import Flow

DEFAULT_ARGOCD = "openshift-gitops"


def adjust(item: Object, flow: Flow) -> Object | None:
    """The object as it runs there: the Namespace is handed to OpenShift GitOps where spec.gitops asks."""
    gitops = flow.body.gitops
    if item["kind"] == "Namespace" and gitops and gitops.tool == "argocd":
        label = {"argocd.argoproj.io/managed-by": gitops.namespace or DEFAULT_ARGOCD}
        changed: Object = merge(item, ("metadata", "labels"), label)
        return changed
    return item
