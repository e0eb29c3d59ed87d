"""plait as a config management plugin of Argo CD (v2).

Source: Argo CD's manual, "Config Management Plugins". Argo CD runs it in the Application's folder; what is
on stdout is applied, and what a repository lost is pruned: nothing comes out but manifests, and never none.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from plait.doors.rendering import Rendered, of_repository
from plait.errors import PlaitError
from plait.project import SPEC, Project

PARAMETER = "environment"
# The parameter of the Application; its `plugin.env`; the same by hand.
_VARIABLES = (
    "PARAM_ENVIRONMENT",
    "ARGOCD_ENV_PLAIT_ENVIRONMENT",
    "ARGOCD_ENV_ENVIRONMENT",
    "PLAIT_ENVIRONMENT",
)
_PARAMETERS = "ARGOCD_APP_PARAMETERS"


def rendered(folder: Path, environ: Mapping[str, str]) -> Rendered:
    """The objects of the environment that the Application asks for.

    Args:
        folder: of the Application, in a whole checkout: functions.yaml is there or above it.
        environ: Argo CD's variables.

    Raises:
        PlaitError: no functions.yaml, no environment, or it cannot be rendered.
    """
    root = repository(folder)
    _check_path(root, folder)
    return of_repository(root, _asked(environ) or _by_path(root, folder) or _only(root))


def repository(folder: Path) -> Path:
    """The nearest folder from here up that holds a functions.yaml. Raises PlaitError."""
    here = folder.resolve()
    for candidate in (here, *here.parents):
        if (candidate / SPEC).is_file():
            return candidate
    hint = "set the Application's path to the folder of functions.yaml, or to one of its overlays/"
    raise PlaitError(f"no {SPEC} here or above", where=str(folder), hint=hint)


def _asked(environ: Mapping[str, str]) -> str | None:
    """By parameter or variable; the first that is not empty."""
    for name in _VARIABLES:
        if environ.get(name):
            return environ[name]
    try:
        parameters = json.loads(environ.get(_PARAMETERS) or "[]")
    except ValueError:
        raise PlaitError("is not JSON", where=_PARAMETERS) from None
    if not isinstance(parameters, list) or not all(isinstance(entry, dict) for entry in parameters):
        raise PlaitError("is no list of parameters", where=_PARAMETERS)
    named = [entry.get("string") for entry in parameters if entry.get("name") == PARAMETER]
    return str(named[0]) if named and named[0] else None


def _check_path(root: Path, folder: Path) -> None:
    """An Application for each folder of an overlay would have each own the whole environment."""
    overlay, *inside = folder.resolve().relative_to(root).parts[1:] or [""]
    if inside and folder.resolve().is_relative_to(root / "overlays"):
        hint = f"sync it as plain kustomize, or set the Application's path to overlays/{overlay}"
        raise PlaitError(
            "this is a part of an environment; plait prints whole ones", where=str(folder), hint=hint
        )


def _by_path(root: Path, folder: Path) -> str | None:
    parts = folder.resolve().relative_to(root).parts
    return parts[1] if len(parts) > 1 and parts[0] == "overlays" else None


def _only(root: Path) -> str:
    known = list(Project.load(root).flow.environments)
    if len(known) == 1:
        return known[0]
    hint = f"set the parameter {PARAMETER}: {', '.join(known) or 'functions.yaml has none'}"
    raise PlaitError("the Application names no environment", hint=hint)


def parameters(folder: Path) -> list[dict[str, Any]]:
    """The announcement: which environments there are. Its default is not sent back: `rendered` applies it.

    Raises:
        PlaitError: no functions.yaml.
    """
    root = repository(folder)
    known = list(Project.load(root).flow.environments)
    default = _by_path(root, folder) or (known[0] if len(known) == 1 else "")
    return [
        {
            "name": PARAMETER,
            "title": "Environment",
            "tooltip": f"One of {', '.join(known)}",
            "required": not default,
            "itemType": "string",
            "collectionType": "string",
            "string": default,
        }
    ]


def asset(name: str) -> str:
    """plugin.yaml, or the Containerfile of the sidecar."""
    return (files("plait.doors") / "argocd" / name).read_text(encoding="utf-8")
