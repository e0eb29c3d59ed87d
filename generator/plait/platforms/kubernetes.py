"""Any Kubernetes cluster: the Namespace enforces the "restricted" Pod Security Standard."""

from __future__ import annotations

from plait.edits import Object, merge
from plait.flow import Flow


def adjust(item: Object, _flow: Flow) -> Object | None:
    """The object as it runs there."""
    if item["kind"] == "Namespace":
        changed: Object = merge(
            item, ("metadata", "labels"), {"pod-security.kubernetes.io/enforce": "restricted"}
        )
        return changed
    return item
