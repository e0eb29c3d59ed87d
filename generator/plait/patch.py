"""The difference of two objects as a kustomize patch.

Kubernetes' own kinds get a strategic merge patch, custom resources a JSON 6902 patch (a merge would
replace their lists whole). The rules of strategic merge used here: mappings merge, null deletes,
lists with a merge key merge by it with the patch's entries first, other lists are replaced.
Held against a real kustomize by tests/test_parity.py.
"""

from __future__ import annotations

from typing import Any

from plait.edits import Object

MERGE_KEYS = {
    "containers": "name",
    "env": "name",
    "volumes": "name",
    "volumeMounts": "mountPath",
    "ports": "containerPort",
}
_BUILT_IN = ("v1", "apps/v1", "autoscaling/v2", "policy/v1", "networking.k8s.io/v1")


def is_custom(item: Object) -> bool:
    """Whether the object is a custom resource, to which strategic merge does not apply."""
    return item["apiVersion"] not in _BUILT_IN


def between(before: Object, after: Object | None) -> Any:
    """The patch that makes `after` of `before`: a mapping, a list of operations, or None for no change.

    `after` None deletes the object.
    """
    if after is None:
        return {**_identity(before), "$patch": "delete"}
    if is_custom(before):
        return _operations(before, after, "") or None
    changes = _merge(before, after)
    return {**_identity(before), **changes} if changes else None


def _identity(item: Object) -> Object:
    return {
        "apiVersion": item["apiVersion"],
        "kind": item["kind"],
        "metadata": {"name": item["metadata"]["name"]},
    }


def _merge(before: Object, after: Object) -> Object:
    changes: Object = {}
    for key, value in after.items():
        old = before.get(key)
        if old is value or old == value:
            continue
        if isinstance(old, dict) and isinstance(value, dict):
            changes[key] = _merge(old, value)
        elif isinstance(old, list) and isinstance(value, list) and key in MERGE_KEYS:
            changes[key] = _merge_list(old, value, MERGE_KEYS[key])
        else:
            changes[key] = value
    changes |= {key: None for key in before if key not in after}
    if "metadata" in changes and "name" in before.get("metadata", {}):
        changes["metadata"] = {"name": before["metadata"]["name"], **changes["metadata"]}
    return changes


def _merge_list(before: list[Any], after: list[Any], key: str) -> list[Any]:
    """Entries changed or added; kustomize puts them before the others, so `after` must be in that order."""
    old = {entry[key]: entry for entry in before}
    changed = []
    for entry in after:
        known = old.pop(entry[key], None)
        if known is None:
            changed.append(entry)
        elif known != entry:
            changed.append({key: entry[key], **_merge(known, entry)})
    return changed + [{key: name, "$patch": "delete"} for name in old]


def _operations(before: Any, after: Any, path: str) -> list[Object]:
    if before is after or before == after:
        return []
    if isinstance(before, dict) and isinstance(after, dict):
        found = []
        for key, value in after.items():
            at = f"{path}/{_escape(key)}"
            if key in before:
                found += _operations(before[key], value, at)
            else:
                found.append({"op": "add", "path": at, "value": value})
        return found + [
            {"op": "remove", "path": f"{path}/{_escape(key)}"} for key in before if key not in after
        ]
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        pairs = enumerate(zip(before, after, strict=True))
        return [step for index, (old, new) in pairs for step in _operations(old, new, f"{path}/{index}")]
    return [{"op": "replace", "path": path, "value": after}]


def _escape(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")
