"""The contracts that a function keeps, as an object for Git alone.

It stands beside the function's other objects and goes the same way: a promotion takes it along, so that
an environment knows by which contract each of its functions emits and takes events. kustomize leaves it
out of what it builds (the annotation config.kubernetes.io/local-config), so no cluster gets it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plait.edits import LOCAL
from plait.flow import Flow, may_match
from plait.spec.events import Event

KIND = "Contracts"
API_VERSION = "plait.dev/v1"


def build(flow: Flow, name: str) -> dict[str, dict[str, Any]]:
    """`{"contracts": {...}}` where the function emits or takes events with a contract, else nothing."""
    emitted = {event.type for event in flow.functions[name].emits}
    spec = {
        "emits": {kind: text for kind, text in flow.contracts.items() if kind in emitted},
        "takes": {kind: text for kind, text in flow.contracts.items() if _takes(flow, name, kind)},
    }
    held = {way: dict(sorted(contracts.items())) for way, contracts in spec.items() if contracts}
    return {"contracts": _object(name, held)} if held else {}


def _takes(flow: Flow, name: str, kind: str) -> bool:
    return any(may_match(trigger.filters, Event(type=kind)) for trigger in flow.triggers[name])


def _object(name: str, held: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    metadata = {"name": name, "annotations": {LOCAL: "true"}}
    return {"apiVersion": API_VERSION, "kind": KIND, "metadata": metadata, "spec": dict(held)}
