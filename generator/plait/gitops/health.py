"""When Knative's objects are well, told to Argo CD in Lua and to Flux in CEL.

Both read the condition Ready, which Knative's controllers write into Broker, Trigger and Service. Argo CD
has a check of its own for the Service. Sources: knative.dev/eventing 0.49 (Knative 1.22),
pkg/reconciler/broker; Argo CD's operator manual, "Resource Health"; github.com/fluxcd/pkg/runtime/cel,
status_evaluator.go.
"""

from __future__ import annotations

from importlib.resources import files
from typing import Any

_EVENTING, _SERVING = "eventing.knative.dev", "serving.knative.dev"
_READY = "has(status.conditions) && status.conditions.exists(c, c.type == 'Ready' && c.status == '{}')"


def lua() -> dict[str, str]:
    """The script for each kind that Argo CD knows no health of: `GROUP_KIND` to Lua."""
    script = files(__package__).joinpath("health.lua").read_text(encoding="utf-8")
    return {f"{_EVENTING}_{kind}": script for kind in ("Broker", "Trigger")}


def cel() -> list[dict[str, Any]]:
    """healthCheckExprs of a Flux Kustomization.

    Without them Flux takes an object without a status for ready. It looks at observedGeneration by itself,
    and waits where an expression fails, as all do before there is a status. `failed` ends the waiting at
    once, and Broker and Trigger are False for a while when all is applied together (no address yet, a
    Broker or subscriber not there yet), so only the Service has one.
    """
    kinds = [(_EVENTING, "Broker"), (_EVENTING, "Trigger"), (_SERVING, "Service")]
    found = []
    for group, kind in kinds:
        expressions = {
            "apiVersion": f"{group}/v1",
            "kind": kind,
            "inProgress": "has(metadata.deletionTimestamp)",
        }
        failed = {"failed": _READY.format("False")} if group == _SERVING else {}
        found.append({**expressions, **failed, "current": _READY.format("True")})
    return found
