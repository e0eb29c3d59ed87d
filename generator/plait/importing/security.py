"""What a restricted pod may not have, so that a patch does not put it back.

Source: Kubernetes' Pod Security Standards, profile "restricted"; on OpenShift the SCC restricted-v2, which
takes no user and no group.
"""

from __future__ import annotations

from typing import Any

from plait.edits import Object, get
from plait.importing.model import Steps

CONTAINER = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}
POD = {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}
_ROOT = "a restricted pod does not run as root: give the image a user"
_RIGHTS = "a restricted pod has no such right"
LOOSE_VOLUME = (
    "the volume {name} is none of a restricted pod: neither configMap, secret, emptyDir nor a claim"
)
_CHOSEN = "OpenShift chooses users and groups itself"
_IDS = ("runAsUser", "runAsGroup", "fsGroup", "supplementalGroups")
_HOST = ("hostNetwork", "hostPID", "hostIPC")
_PROFILES = ("RuntimeDefault", "Localhost")
_VOLUMES = frozenset(
    (
        "name",
        "configMap",
        "csi",
        "downwardAPI",
        "emptyDir",
        "ephemeral",
        "persistentVolumeClaim",
        "projected",
        "secret",
    )
)


def loose(path: Steps, value: Any, platform: str) -> str | None:
    """Why a restricted pod may not have a field; None where it may.

    Args:
        path: the field, in the object or below its securityContext.
    """
    key = path[-1]
    if key in _HOST:
        return _RIGHTS if value else None
    if "securityContext" not in path:
        return None
    if key in _IDS and platform == "openshift":
        return _CHOSEN
    if (key, value) in (("runAsUser", 0), ("runAsNonRoot", False)):
        return _ROOT
    return _RIGHTS if _is_right(path, value) else None


def _is_right(path: Steps, value: Any) -> bool:
    key = path[-1]
    if key in ("privileged", "allowPrivilegeEscalation"):
        return bool(value)
    if path[-2:] == ("seccompProfile", "type"):
        return value not in _PROFILES
    if path[-2:] == ("capabilities", "add"):
        return bool(value != ["NET_BIND_SERVICE"])
    return key in ("procMount", "windowsOptions", "seccompProfile", "capabilities", "securityContext", "drop")


def is_loose_volume(volume: Any) -> bool:
    """Whether a restricted pod may not have a volume: one of the node's, above all."""
    return not isinstance(volume, dict) or not volume.keys() <= _VOLUMES


def restricted(container: Object, platform: str, lost: frozenset[str]) -> Object:
    """Another container beside the function's, as a restricted pod may have it.

    Args:
        lost: the volumes that are not there.
    """
    given = container.get("securityContext")
    block = _tightened(given, ("securityContext",), platform) if isinstance(given, dict) else {}
    found = {**container, "securityContext": {**block, **CONTAINER, **_added(block)}}
    return mounted(found, lost)


def _tightened(block: Object, path: Steps, platform: str) -> Object:
    found = {
        key: _tightened(value, (*path, key), platform) if isinstance(value, dict) else value
        for key, value in block.items()
        if isinstance(value, dict) or loose((*path, key), value, platform) is None
    }
    return {key: value for key, value in found.items() if value != {}}


def _added(block: Object) -> Object:
    """The one capability that may be added stays beside `drop`."""
    more = get(block, "capabilities", "add")
    return {"capabilities": {"add": more, "drop": ["ALL"]}} if more else {}


def mounted(container: Object, lost: frozenset[str]) -> Object:
    """A container without the mounts of volumes that are not there."""
    mounts = container.get("volumeMounts")
    if not lost or not isinstance(mounts, list):
        return container
    kept = [mount for mount in mounts if get(mount, "name") not in lost]
    rest = {key: value for key, value in container.items() if key != "volumeMounts"}
    return {**rest, "volumeMounts": kept} if kept else rest
