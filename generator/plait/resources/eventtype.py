"""An EventType: one entry of `spec.events` in the registry of a cluster (`spec.eventTypes: true`).

Version v1beta2, which Knative 1.22 serves and stores. It alone holds the schema itself: v1beta3 has no
schemaData (knative/eventing, config/core/resources/eventtype.yaml).
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

from plait.flow import Flow
from plait.resources.meta import TRIGGER_WAVE, WAVE, labels, metadata
from plait.spec.names import SUBDOMAIN

API_VERSION = "eventing.knative.dev/v1beta2"
_LONGEST = 100  # of a name: it is also one of a file
# Knative reads `source` and `schema` by Go's url.Parse, and refuses the object where that fails.
_REST = r"(?:[A-Za-z0-9._~/?#&=+@,;!*'()$:-]|%[0-9A-Fa-f]{2})*"
_SCHEME = r"[A-Za-z][A-Za-z0-9+.-]*:"
_HOST = r"//[A-Za-z0-9.-]+(?::[0-9]+)?"
_URI = re.compile(rf"(?:{_SCHEME})?{_HOST}(?:[/?#]{_REST})?|{_SCHEME}(?!//){_REST}|(?![^/?#]*:|//){_REST}")


def build(flow: Flow) -> dict[str, dict[str, Any]]:
    """`{"eventtype-NAME": {...}}`, one for each type of `spec.events`, where they are asked for."""
    if not flow.body.eventTypes:
        return {}
    found = (_eventtype(flow, kind) for kind in sorted(flow.body.events))
    return {f"eventtype-{item['metadata']['name']}": item for item in found}


def _eventtype(flow: Flow, kind: str) -> dict[str, Any]:
    broker = {"apiVersion": "eventing.knative.dev/v1", "kind": "Broker", "name": flow.broker.name}
    spec = {
        "type": kind,
        "source": _source(flow, kind),
        "description": _description(flow, kind),
        "schema": _identity(flow.contracts.get(kind)),
        "schemaData": flow.contracts.get(kind),
        "reference": broker,
    }
    name = name_of(kind)
    block = metadata(name, labels(flow, flow.application), {WAVE: TRIGGER_WAVE})
    held = {key: value for key, value in spec.items() if value is not None}
    return {"apiVersion": API_VERSION, "kind": "EventType", "metadata": block, "spec": held}


def name_of(kind: str) -> str:
    """The type, where it can be a name in Kubernetes; else what is left of it and 8 digits of its SHA-256."""
    if re.fullmatch(SUBDOMAIN, kind) and len(kind) <= _LONGEST:
        return kind
    plain = re.sub(r"[^a-z0-9]+", "-", kind.lower()).strip("-")[:_LONGEST].strip("-")
    return f"{plain}-{hashlib.sha256(kind.encode()).hexdigest()[:8]}".strip("-")


def _source(flow: Flow, kind: str) -> str | None:
    """The source that all declarations of the type agree on."""
    declared = [event for function in flow.functions.values() for event in function.emits]
    sources = {event.source for event in (*declared, *flow.body.external) if event.type == kind}
    only = sources.pop() if len(sources) == 1 else None
    return only if only and _URI.fullmatch(only) else None


def _description(flow: Flow, kind: str) -> str | None:
    return flow.body.events[kind].description or None


def _identity(text: str | None) -> str | None:
    """The schema's own `$id`, where that is an address."""
    identity = json.loads(text).get("$id") if text and text.startswith("{") else None
    if isinstance(identity, str) and identity.startswith(("https://", "http://")):
        return identity if _URI.fullmatch(identity) else None
    return None
