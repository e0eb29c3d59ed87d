"""ExternalSecrets -> spec.externalSecrets.

Source: the API of the External Secrets operator (external-secrets.io/v1), with its defaults.
"""

from __future__ import annotations

from typing import Any

from plait.edits import Object, get
from plait.importing.metadata import Common, of_shared
from plait.importing.model import Manifest, Report, shown
from plait.importing.part import Part
from plait.importing.refusal import refusal
from plait.spec.environment import ExternalSecret

_TODAY = "external-secrets.io/v1"


def external_secrets(items: list[Manifest], shared: Common, report: Report) -> Object:
    """The entries, by name; an ExternalSecret that they cannot say is left whole."""
    found = {}
    for item in items:
        entry, why = _entry(item)
        why = why or refusal(ExternalSecret, entry)
        if why:
            report.leave(item, "external-secret", why=why)
        else:
            found[item.name] = entry
            of_shared(item, shared, report)
    return found


def _entry(item: Manifest) -> tuple[Object, str | None]:
    """An entry, and why it is not the whole of it (None where it is)."""
    spec = Part(item.data).part("spec")
    store, target = spec.part("secretStoreRef"), spec.part("target")
    if (name := target.take("name", str)) not in (None, item.name):
        return {}, f"its Secret has another name, {name}"
    entry: Object = {
        "store": {"name": store.take("name", str), "kind": store.take("kind", str) or "SecretStore"}
    }
    for key, value in (
        ("refreshInterval", spec.take("refreshInterval", str)),
        ("type", target.part("template").take("type", str)),
        ("apiVersion", None if item.data["apiVersion"] == _TODAY else item.data["apiVersion"]),
    ):
        entry |= {} if value is None else {key: value}
    parts = spec.parts("data")
    entry["data"] = {part.take("secretKey", str): _remote(part.part("remoteRef")) for part in parts}
    rest = next((shown(path) for path, _ in spec.rest()), None)
    if len(parts) != len(entry["data"]):
        return entry, "a key of it stands there twice"
    return entry, f"it has {rest}" if rest else _unsaid(entry)


def _remote(part: Part) -> str | None:
    """PATH or PATH#PROPERTY."""
    key, prop = part.take("key", str), part.take("property", str)
    if key is None or "#" in key:
        return None
    return f"{key}#{prop}" if prop else key


def _unsaid(entry: Object) -> str | None:
    if None in entry["data"]:
        return "a key of it has no name"
    keys = [key for key, path in entry["data"].items() if path is None]
    return f"the key of {keys[0]} in the store has a #, or is none" if keys else None


def defaults(spec: Any) -> Any:
    """The spec without what the operator sets by itself (its CRD's defaults)."""
    if not isinstance(spec, dict):
        return spec
    found = dict(spec)
    target = _without(spec.get("target"), {"creationPolicy": "Owner", "deletionPolicy": "Retain"})
    if isinstance(get(target, "template"), dict):
        target["template"] = _without(target["template"], {"engineVersion": "v2", "mergePolicy": "Replace"})
    if isinstance(spec.get("data"), list):
        found["data"] = sorted(map(_datum, spec["data"]), key=lambda entry: str(get(entry, "secretKey")))
    return {**found, "target": target} if target else {k: v for k, v in found.items() if k != "target"}


def _datum(entry: Any) -> Any:
    remote = {
        "conversionStrategy": "Default",
        "decodingStrategy": "None",
        "metadataPolicy": "None",
        "property": "",
    }
    return {**entry, "remoteRef": _without(entry["remoteRef"], remote)} if get(entry, "remoteRef") else entry


def _without(block: Any, known: Object) -> Any:
    if not isinstance(block, dict):
        return block
    return {key: value for key, value in block.items() if key not in known or value != known[key]}
