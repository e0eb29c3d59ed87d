"""The units of sync: an environment, or each folder of its overlay."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from plait.errors import PlaitError
from plait.flow import Flow
from plait.kustomization import ENVIRONMENT
from plait.overlay import Overlay
from plait.spec.gitops import GitOps

LONGEST = 63


def stem(overlay: Overlay, folder: str) -> str:
    """The unit's name after the application's: ENV for `_environment`, else ENV-FUNCTION."""
    return overlay.name if folder == ENVIRONMENT else f"{overlay.name}-{folder}"


def path(settings: GitOps, overlay: Overlay) -> str:
    """The overlay's folder in the repository."""
    return f"{settings.path}/overlays/{overlay.name}".removeprefix("./")


def check(flow: Flow, settings: GitOps, overlays: Iterable[Overlay]) -> None:
    """Refuse names that two units would have, or that the tool could not write into a label.

    Raises:
        PlaitError: a name twice; one too long for Flux, which labels each object with its Kustomization's.
    """
    seen: set[str] = set()
    for name in _names(flow, settings, overlays):
        if name in seen:
            message = f"two units of sync would be named {name}"
            raise PlaitError(message, where="functions.yaml: spec.environments", hint="rename an environment")
        if settings.tool == "flux" and len(name) > LONGEST:
            message = f"the Kustomization {name} has {len(name)} characters; {LONGEST} is the limit"
            raise PlaitError(
                message, where="functions.yaml", hint="shorten metadata.name or the environment's"
            )
        seen.add(name)


def _names(flow: Flow, settings: GitOps, overlays: Iterable[Overlay]) -> Iterator[str]:
    for overlay in overlays:
        folders = [ENVIRONMENT] if settings.mode == "environment" else overlay.units
        yield from (f"{flow.application}-{stem(overlay, folder)}" for folder in folders)
