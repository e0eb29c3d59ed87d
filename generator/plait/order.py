"""In which order files are written and removed, so that a run may end at any moment.

What is left then builds (but one folder at the most), still says whose it is, and the same command again
completes it.
"""

from __future__ import annotations

import re
from typing import Any

from plait.kustomization import ENVIRONMENT
from plait.tree import Changes

TOPS = ("base", "overlays", "gitops")
_FOLDER_DEPTH = {"base": 2, "overlays": 3}
_LIST_DEPTH = 2  # overlays/ENV/kustomization.yaml
_CODE = re.compile(r"(overlays/[^/]+/[^/]+(?:/promoted)?)/code/")


def steps(changes: Changes) -> tuple[list[str], list[str]]:
    """The writes, with the few removals that belong among them; then the other removals."""
    early = [path for path in changes.deletes if _is_listed(path, changes)]
    return sorted([*changes.writes, *early], key=_order), sorted({*changes.deletes} - {*early}, key=_last)


def _is_listed(path: str, changes: Changes) -> bool:
    """Code beside a kustomization that is written too: removed after it, nobody would know it any more."""
    folder = _CODE.match(path)
    return folder is not None and f"{folder[1]}/kustomization.yaml" in changes.writes


def _order(path: str) -> tuple[Any, ...]:
    """base/, overlays/, gitops/; in each the folders first, in a folder its kustomizations last.

    Before all others base/name-references, which they build on.
    """
    parts, late = path.split("/"), path.endswith("/kustomization.yaml")
    depth = _FOLDER_DEPTH.get(parts[0], 1)
    folder = parts[:depth] if len(parts) > depth else []
    place = TOPS.index(parts[0]) if parts[0] in TOPS else len(TOPS)
    return place, not folder, "name-references" not in folder, folder, late, -len(parts), path


def _last(path: str) -> tuple[Any, ...]:
    """A removed environment loses its list first and `_environment`, by which it is known as plait's, last.

    In a folder the kustomization goes last, for the same reason.
    """
    is_list = path.count("/") == _LIST_DEPTH and path.endswith("/kustomization.yaml")
    return 0 if is_list else 2 if f"/{ENVIRONMENT}/" in path else 1, *_order(path)
