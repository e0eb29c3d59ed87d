"""What an environment changes of the objects in base/: its platform, its labels, its overrides.

`adjusted` is the one way in. Everything it does is a change of an object that is there already (or its
removal), so that each overlay is base plus patches.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from plait.edits import Object, is_local
from plait.flow import Flow
from plait.platforms import kubernetes, minikube, openshift, overrides
from plait.resources import Objects
from plait.resources.meta import guard
from plait.spec.environment import Environment

Adjusted = dict[str, Object | None]
_PLATFORMS: Mapping[str, Callable[[Object, Flow], Object | None]] = {
    "kubernetes": kubernetes.adjust,
    "minikube": minikube.adjust,
    "openshift": openshift.adjust,
}


def adjusted(objects: Objects, flow: Flow, environment: Environment, function: str | None) -> Adjusted:
    """The objects as an environment runs them; None where it does without.

    Args:
        objects: file stem to object, from base/ or from promoted/.
        function: the function they belong to, None for what all functions share.
    """
    platform = _PLATFORMS[environment.platform]
    override = environment.functions.get(function) if function else None
    result: Adjusted = {}
    for stem, item in objects.items():
        if is_local(item):  # kustomize has left it out before an overlay could patch it
            result[stem] = item
            continue
        changed = platform(item, flow)
        if changed is not None:
            changed = overrides.shared(changed, flow, environment)
        if changed is not None and override:
            changed = overrides.of_function(changed, override)
        result[stem] = guard(changed) if flow.has_variables and changed is not None else changed
    return result
