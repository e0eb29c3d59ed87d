"""ExternalSecret objects: the operator fills Secrets from a store, Git holds only references."""

from __future__ import annotations

from typing import Any

from plait.flow import Flow
from plait.resources.meta import NAMESPACE_WAVE, WAVE, labels, metadata
from plait.spec.environment import ExternalSecret


def build(flow: Flow) -> dict[str, dict[str, Any]]:
    """One ExternalSecret for each entry of spec.externalSecrets."""
    entries = sorted(flow.body.externalSecrets.items())
    return {f"external-secret-{name}": _secret(flow, name, secret) for name, secret in entries}


def _secret(flow: Flow, name: str, secret: ExternalSecret) -> dict[str, Any]:
    return {
        "apiVersion": secret.apiVersion,
        "kind": "ExternalSecret",
        "metadata": metadata(name, labels(flow, name), {WAVE: NAMESPACE_WAVE}),
        "spec": {
            "refreshInterval": secret.refreshInterval,
            "secretStoreRef": {"kind": secret.store.kind, "name": secret.store.name},
            "target": _target(name, secret),
            "data": [
                {"secretKey": key, "remoteRef": _remote(path)} for key, path in sorted(secret.data.items())
            ],
        },
    }


def _target(name: str, secret: ExternalSecret) -> dict[str, Any]:
    """The Secret to fill; its type stands in a template without data, which keeps the data as it is."""
    return {"name": name, "template": {"type": secret.type}} if secret.type else {"name": name}


def _remote(path: str) -> dict[str, str]:
    key, _, prop = path.partition("#")
    return {"key": key, "property": prop} if prop else {"key": key}
