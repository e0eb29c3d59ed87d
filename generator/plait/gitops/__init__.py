"""What makes Argo CD or Flux sync the overlays: gitops/argocd/ENV.yaml, gitops/flux/ENV.yaml.

Applied once by hand or by a parent Application; plait keeps them current like the rest of its tree.
"""

from __future__ import annotations

from collections.abc import Mapping

from plait.document import Owned, Tree
from plait.errors import PlaitError
from plait.flow import Flow
from plait.gitops import argocd, flux
from plait.overlay import Overlay


def tree(flow: Flow, overlays: Mapping[str, Overlay]) -> Tree:
    """The files that spec.gitops asks for; none without it."""
    settings = flow.body.gitops
    if settings is None:
        return {}
    if settings.tool == "argocd":
        return {
            f"gitops/argocd/{name}.yaml": Owned(argocd.build(flow, settings, item))
            for name, item in overlays.items()
        }
    files: Tree = {"gitops/flux/source.yaml": Owned(flux.source(flow, settings))}
    for item in overlays.values():
        for stem, built in flux.build(flow, settings, item).items():
            path = f"gitops/flux/{stem}.yaml"
            if path in files:
                raise PlaitError(
                    "two of Flux's objects would be this file", where=path, hint="rename an environment"
                )
            files[path] = Owned(built)
    return files
