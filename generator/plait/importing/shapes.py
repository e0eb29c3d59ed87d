"""What an object must look like so that an API server takes it, as far as an import reads it.

A shape is a type, a mapping of keys to shapes (`*`: every other key; _NEEDED: keys that have to be there), or
a list with the shape of its entries.
Source: the Kubernetes API reference and Knative's OpenAPI schemas.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plait.importing.model import Manifest, Steps

Shape = Any
_NEEDED = ("needed",)  # as a key of a shape; a manifest's keys are texts
_TEXTS = {"*": str}
_METADATA = {"name": str, "namespace": str, "labels": _TEXTS, "annotations": _TEXTS}
_REFERENCE = {"apiVersion": str, "kind": str, "name": str, "namespace": str}
_DESTINATION = {"ref": _REFERENCE, "uri": str}
_DELIVERY = {"deadLetterSink": _DESTINATION, "retry": int, "*": object}
_KEY = {"name": str, "key": str, "optional": bool}
_NAMED: Shape = {_NEEDED: ("name",), "name": str}
_VARIABLE = {
    **_NAMED,
    "value": str,
    "valueFrom": {"secretKeyRef": _KEY, "configMapKeyRef": _KEY, "*": dict},
}
_ACTION = {"httpGet": {"path": str, "port": int | str}, "tcpSocket": {"port": int | str}, "*": object}
_CONTAINER = {
    "name": str,
    "image": str,
    "env": [_VARIABLE],
    "ports": [{"name": str, "containerPort": int}],
    "resources": {"requests": {"*": int | float | str}, "limits": {"*": int | float | str}},
    "securityContext": dict,
    **dict.fromkeys(("livenessProbe", "readinessProbe", "startupProbe"), _ACTION),
}
_POD = {
    "containers": [_CONTAINER],
    "serviceAccountName": str,
    "serviceAccount": str,
    "imagePullSecrets": [_NAMED],
    "automountServiceAccountToken": bool,
    "enableServiceLinks": bool,
    "securityContext": dict,
    **dict.fromkeys(("terminationGracePeriodSeconds", "timeoutSeconds", "containerConcurrency"), int),
}
_WORKLOAD = {
    "replicas": int,
    "selector": {"matchLabels": _TEXTS},
    "template": {"metadata": _METADATA, "spec": {**_POD, "containers": [{**_NAMED, **_CONTAINER}]}},
}
_TARGET = {"type": str, "averageUtilization": int}
_METRIC = {"resource": {"name": str, "target": _TARGET, "targetAverageUtilization": int}, "*": object}
_PERCENT = "targetCPUUtilizationPercentage"
_SCALER: Shape = {
    _NEEDED: ("maxReplicas",),
    "minReplicas": int,
    "maxReplicas": int,
    _PERCENT: int,
    "scaleTargetRef": _REFERENCE,
    "metrics": [_METRIC],
}
_PORT: Shape = {_NEEDED: ("port",), "name": str, "port": int, "targetPort": int | str}
_FILTER = {"attributes": _TEXTS, "sourceAndType": _TEXTS}
_SPECS: Mapping[tuple[str, str], Shape] = {
    ("apps", "Deployment"): _WORKLOAD,
    ("extensions", "Deployment"): _WORKLOAD,
    ("serving.knative.dev", "Service"): {"template": {"metadata": _METADATA, "spec": _POD}},
    ("", "Service"): {"selector": _TEXTS, "ports": [_PORT]},
    ("eventing.knative.dev", "Broker"): {"config": _REFERENCE, "delivery": _DELIVERY},
    ("eventing.knative.dev", "Trigger"): {
        "broker": str,
        "brokerRef": _REFERENCE,
        "filter": _FILTER,
        "filters": [dict],
        "subscriber": _DESTINATION,
        "delivery": _DELIVERY,
    },
    ("autoscaling", "HorizontalPodAutoscaler"): _SCALER,
    ("external-secrets.io", "ExternalSecret"): {
        "secretStoreRef": dict,
        "target": dict,
        "data": [{"secretKey": str, "remoteRef": dict}],
    },
    ("policy", "PodDisruptionBudget"): {"selector": {"matchLabels": _TEXTS}},
}
_ACCOUNT = {"imagePullSecrets": [_NAMED], "automountServiceAccountToken": bool}


def misfit(item: Manifest) -> Steps | None:
    """The first field that no API server would take; None where all are well."""
    spec = _SPECS.get((item.group, item.kind), {})
    own = _ACCOUNT if item.kind == "ServiceAccount" else {}
    return _misfit(item.data, {"metadata": _METADATA, "spec": spec, **own}, ())


def _misfit(value: Any, shape: Shape, path: Steps) -> Steps | None:
    if isinstance(shape, dict) and isinstance(value, dict):
        for key in shape.get(_NEEDED, ()):
            if key not in value:
                return (*path, key)
        wanted = ((key, shape.get(key, shape.get("*", object))) for key in value)
        return _first(((value[key], kind, (*path, key)) for key, kind in wanted))
    if isinstance(shape, list) and isinstance(value, list):
        return _first(((entry, shape[0], (*path, f"[{at}]")) for at, entry in enumerate(value)))
    kind = dict if isinstance(shape, dict) else list if isinstance(shape, list) else shape
    is_flag = isinstance(value, bool) and kind not in (bool, object)
    return path if is_flag or not isinstance(value, kind) else None


def _first(entries: Any) -> Steps | None:
    found = (_misfit(value, shape, path) for value, shape, path in entries)
    return next((path for path in found if path is not None), None)
