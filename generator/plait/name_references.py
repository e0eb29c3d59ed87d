"""Where Knative's objects name others, so that kustomize renames both.

kustomize knows the references between Kubernetes' own kinds. For custom resources a configuration has
to say them, else a namePrefix of the user's, or the hash of a generated ConfigMap, breaks a Trigger
or a Knative Service. Never `openapi:`, which would strip Deployment merges.
"""

from __future__ import annotations

from typing import Any

_TRIGGER = {"group": "eventing.knative.dev", "kind": "Trigger"}
_BROKER = {"group": "eventing.knative.dev", "kind": "Broker"}
_EVENTTYPE = {"group": "eventing.knative.dev", "kind": "EventType"}
_SERVICE = {"group": "serving.knative.dev", "kind": "Service"}
_SINK = "spec/delivery/deadLetterSink/ref/name"
_POD = "spec/template/spec"


def _in_pod(source: str, volume: str) -> list[dict[str, Any]]:
    paths = [
        f"{_POD}/volumes/{volume}",
        f"{_POD}/containers/env/valueFrom/{source}KeyRef/name",
        f"{_POD}/containers/envFrom/{source}Ref/name",
    ]
    return [{**_SERVICE, "path": path} for path in paths]


CONFIGURATION: dict[str, Any] = {
    "nameReference": [
        {
            **_BROKER,
            "fieldSpecs": [
                {**_TRIGGER, "path": "spec/broker"},
                {**_TRIGGER, "path": _SINK},
                {**_BROKER, "path": _SINK},
                {**_EVENTTYPE, "path": "spec/reference/name"},
            ],
        },
        {
            "kind": "Service",
            "fieldSpecs": [
                {**_TRIGGER, "path": "spec/subscriber/ref/name"},
                {**_TRIGGER, "path": _SINK},
                {**_BROKER, "path": _SINK},
            ],
        },
        {
            "kind": "ConfigMap",
            "version": "v1",
            "fieldSpecs": [{**_BROKER, "path": "spec/config/name"}, *_in_pod("configMap", "configMap/name")],
        },
        {
            "kind": "Secret",
            "version": "v1",
            "fieldSpecs": [
                *_in_pod("secret", "secret/secretName"),
                {**_SERVICE, "path": f"{_POD}/imagePullSecrets/name"},
            ],
        },
        {
            "kind": "ServiceAccount",
            "version": "v1",
            "fieldSpecs": [{**_SERVICE, "path": f"{_POD}/serviceAccountName"}],
        },
    ]
}
