"""The files below gitops/ that a functions.yaml gives, made in memory."""

from collections.abc import Mapping
from typing import Any

from plait import gitops, layout
from plait.document import Owned
from plait.emit import document
from plait.flow import Flow
from plait.gitops.units import stem
from plait.overlay import Overlay
from plait.spec.load import load

URL = "https://git.example.com/shop/functions.git"


def shop(settings: Mapping[str, Any] | None = None, **body: Any) -> dict[str, Any]:
    """A functions.yaml with two functions and two environments."""
    functions = {
        name: {"runtime": "container", "image": f"registry.example.com/shop/{name}:1"}
        for name in ("environment", "orders")
    }
    environments = {"dev": {}, "live": {"platform": "openshift", "namespace": "shop-live"}}
    spec = {"namespace": "shop", "functions": functions, "environments": environments, **body}
    spec["gitops"] = {"tool": "argocd", "repoURL": URL, **(settings or {})}
    return {"apiVersion": "plait.dev/v1", "kind": "Functions", "metadata": {"name": "shop"}, "spec": spec}


def overlays(data: Mapping[str, Any]) -> tuple[Flow, dict[str, Overlay]]:
    """The flow and its overlays, of a repository that has none on disk yet."""
    flow = Flow(load(document(data).encode()).spec)
    return flow, layout.overlays(flow, layout.base_objects(flow), {}, lambda _, __: {"function.py": b""})


def objects(data: Mapping[str, Any]) -> dict[str, Any]:
    """Path to object."""
    files = gitops.tree(*overlays(data))
    return {path: file.data for path, file in files.items() if isinstance(file, Owned)}


def texts(data: Mapping[str, Any]) -> dict[str, str]:
    """Path below gitops/ to text."""
    files = gitops.tree(*overlays(data))
    return {
        path.removeprefix("gitops/"): file.content.decode()
        for path, file in files.items()
        if isinstance(file, Owned)
    }


def stems(data: Mapping[str, Any]) -> set[str]:
    """The units of sync with `mode: function`."""
    return {stem(overlay, folder) for overlay in overlays(data)[1].values() for folder in overlay.units}
