"""The v1 Service of a Deployment: what Triggers send to."""

from __future__ import annotations

from typing import Any

from plait.flow import Flow
from plait.resources.meta import NAME, of_function


def build(flow: Flow, name: str) -> dict[str, Any]:
    """A Service on port 80. Its selector is the name alone: more labels would be fixed for ever."""
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": of_function(flow, name),
        "spec": {
            "selector": {NAME: name},
            "ports": [{"name": "http", "port": 80, "targetPort": "http"}],
        },
    }
