"""What of an object is the cluster's own, or says what is so anyway.

`kubectl get -o yaml` shows much that nobody wrote. Source of the defaults: the Kubernetes API reference
(apps/v1, core/v1) and Knative Serving's v1 types.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plait.edits import Object
from plait.importing.externals import defaults

_METADATA = frozenset(
    ("creationTimestamp", "generation", "managedFields", "resourceVersion", "selfLink", "uid", "finalizers")
)
_ANNOTATIONS = frozenset(
    (
        "kubectl.kubernetes.io/last-applied-configuration",
        "kubectl.kubernetes.io/restartedAt",
        "deployment.kubernetes.io/revision",
        "serving.knative.dev/creator",
        "serving.knative.dev/lastModifier",
        "eventing.knative.dev/creator",
        "eventing.knative.dev/lastModifier",
        "argocd.argoproj.io/tracking-id",
    )
)
_LABELS = frozenset(
    (
        "pod-template-hash",
        "kustomize.toolkit.fluxcd.io/name",
        "kustomize.toolkit.fluxcd.io/namespace",
        "kubernetes.io/metadata.name",
        "eventing.knative.dev/broker",
    )
)
# Empty, they say something: every pod, or a folder of the pod's own.
_MEANT = frozenset(("emptyDir", "podSelector", "namespaceSelector", "labelSelector"))
_POD = {
    "restartPolicy": "Always",
    "dnsPolicy": "ClusterFirst",
    "schedulerName": "default-scheduler",
    "securityContext": {},
    "terminationGracePeriodSeconds": 30,
    "enableServiceLinks": True,
    "serviceAccountName": "default",
    "containerConcurrency": 0,
    "timeoutSeconds": 300,
}
_CONTAINER = {
    "terminationMessagePath": "/dev/termination-log",
    "terminationMessagePolicy": "File",
    "resources": {},
    "securityContext": {},
}
_PROBE = {"successThreshold": 1}
_SPECS: Mapping[str, Object] = {
    "Deployment": {
        "progressDeadlineSeconds": 600,
        "revisionHistoryLimit": 10,
        "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": "25%", "maxUnavailable": "25%"}},
    },
    "Service": {
        "type": "ClusterIP",
        "sessionAffinity": "None",
        "ipFamilies": ["IPv4"],
        "ipFamilyPolicy": "SingleStack",
        "internalTrafficPolicy": "Cluster",
        "traffic": [{"latestRevision": True, "percent": 100}],
    },
    "Namespace": {"finalizers": ["kubernetes"]},
}


def cleaned(item: Object) -> Object:
    """The object without the cluster's own fields, without empty values and without defaults."""
    data: Object = _without_nothing({key: value for key, value in item.items() if key != "status"})
    data["metadata"] = _metadata(data.get("metadata") or {})
    spec = data.get("spec")
    if not isinstance(spec, dict):
        return data
    spec = _without(spec, _SPECS.get(data["kind"], {}))
    if data["kind"] == "Service" and "selector" in spec:
        spec = _own_addresses(spec)
    if data["kind"] == "ExternalSecret":
        spec = defaults(spec)
    template = spec.get("template")
    if isinstance(template, dict):
        spec["template"] = _template(template)
    rest: Object = {key: value for key, value in data.items() if key != "spec"}
    return {**rest, "spec": spec} if spec else rest


def _own_addresses(spec: Object) -> Object:
    """The cluster chooses a Service's address; `None` (headless) is the user's choice."""
    ports = spec.get("ports")
    kept = {key: value for key, value in spec.items() if key not in ("clusterIP", "clusterIPs")}
    if spec.get("clusterIP") == "None":
        kept["clusterIP"] = "None"
    if isinstance(ports, list):
        kept["ports"] = [_without(port, {"protocol": "TCP"}) for port in ports]
    return kept


def _template(template: Object) -> Object:
    found = dict(template)
    if isinstance(template.get("metadata"), dict):
        found["metadata"] = _metadata(template["metadata"])
    if isinstance(template.get("spec"), dict):
        pod = _without(template["spec"], _POD)
        if isinstance(pod.get("containers"), list):
            pod["containers"] = [_container(entry) for entry in pod["containers"]]
        found["spec"] = pod
    return {key: value for key, value in found.items() if value != {}}


def _container(entry: Any) -> Any:
    found = _without(entry, _CONTAINER)
    if not isinstance(found, dict):
        return found
    for kind in ("livenessProbe", "readinessProbe", "startupProbe"):
        probe = _without(found.get(kind), _PROBE)
        if isinstance(probe, dict):
            http = _without(probe.get("httpGet"), {"scheme": "HTTP"})
            found[kind] = {**probe, "httpGet": http} if isinstance(http, dict) else probe
    if isinstance(found.get("ports"), list):
        found["ports"] = [_without(port, {"protocol": "TCP"}) for port in found["ports"]]
    return found


def _metadata(block: Any) -> Object:
    if not isinstance(block, dict):
        return {}
    found = {key: value for key, value in block.items() if key not in _METADATA}
    for key, own in (("annotations", _ANNOTATIONS), ("labels", _LABELS)):
        if isinstance(found.get(key), dict):
            found[key] = {name: text for name, text in found[key].items() if name not in own}
    return {key: value for key, value in found.items() if value not in ({}, [])}


def _without(block: Any, defaults: Object) -> Any:
    if not isinstance(block, dict):
        return block
    return {key: value for key, value in block.items() if key not in defaults or value != defaults[key]}


def _without_nothing(value: Any) -> Any:
    """Without fields that are null or empty: to the API server they are not there."""
    if isinstance(value, dict):
        found = {key: _without_nothing(item) for key, item in value.items()}
        return {
            key: item
            for key, item in found.items()
            if item is not None and (item not in ({}, []) or key in _MEANT)
        }
    return [_without_nothing(item) for item in value] if isinstance(value, list) else value
