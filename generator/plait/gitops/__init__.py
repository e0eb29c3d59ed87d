"""What makes Argo CD or Flux sync the overlays: gitops/argocd/ENV.yaml, gitops/flux/ENV.yaml.

Applied once by hand or by a parent Application; plait keeps them current like the rest of its tree.
"""

from __future__ import annotations

from collections.abc import Mapping

from plait.document import Owned, Tree
from plait.errors import PlaitError
from plait.flow import Flow
from plait.gitops import argocd, flux, units
from plait.overlay import Overlay


def tree(flow: Flow, overlays: Mapping[str, Overlay]) -> Tree:
    """The files that spec.gitops asks for; none without it. Raises PlaitError."""
    settings = flow.body.gitops
    if settings is None:
        return {}
    units.check(flow, settings, overlays.values())
    build = argocd.build if settings.tool == "argocd" else flux.build
    files: Tree = {}
    for stem, item in build(flow, settings, list(overlays.values())):
        path = f"gitops/{settings.tool}/{stem}.yaml"
        if path in files:
            message = "two objects would be this file"
            raise PlaitError(message, where=path, hint="rename an environment")
        files[path] = Owned(item)
    return files
