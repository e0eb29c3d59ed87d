"""Objects of former API versions in those of today, and each change of form with its reason.

Nothing here changes what an object means. Sources: Kubernetes' deprecation guide, Knative Eventing's and
Serving's release notes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from plait.edits import Object, get, put
from plait.importing import eventing
from plait.importing.changing import Changing
from plait.importing.model import Manifest, Rewrite

_ALL = ("v1alpha1", "v1beta1", "v1")
VERSIONS: Mapping[tuple[str, str], tuple[tuple[str, ...], str]] = {
    ("apps", "Deployment"): (("v1beta1", "v1beta2", "v1"), "apps/v1"),
    ("extensions", "Deployment"): (("v1beta1",), "apps/v1"),
    ("", "Service"): (("v1",), "v1"),
    ("", "Namespace"): (("v1",), "v1"),
    ("", "ServiceAccount"): (("v1",), "v1"),
    ("serving.knative.dev", "Service"): (_ALL, "serving.knative.dev/v1"),
    ("eventing.knative.dev", "Broker"): (_ALL, "eventing.knative.dev/v1"),
    ("eventing.knative.dev", "Trigger"): (_ALL, "eventing.knative.dev/v1"),
    ("autoscaling", "HorizontalPodAutoscaler"): (("v1", "v2beta1", "v2beta2", "v2"), "autoscaling/v2"),
    ("policy", "PodDisruptionBudget"): (("v1beta1", "v1"), "policy/v1"),
    ("external-secrets.io", "ExternalSecret"): (("v1beta1", "v1"), ""),  # functions.yaml says which
}
AUTOSCALING = "autoscaling.knative.dev/"
_SPELLINGS = {
    f"{AUTOSCALING}minScale": f"{AUTOSCALING}min-scale",
    f"{AUTOSCALING}maxScale": f"{AUTOSCALING}max-scale",
}


def is_known(item: Manifest) -> bool:
    """Whether the kind is one of those that an import reads."""
    return (item.group, item.kind) in VERSIONS


def is_served(item: Manifest) -> bool:
    """Whether the version is one that plait knows."""
    versions, _ = VERSIONS[item.group, item.kind]
    return str(item.data["apiVersion"]).rpartition("/")[2] in versions


def modern(item: Manifest, namespace: str) -> tuple[Manifest, list[Rewrite]]:
    """The object in the version of today, cleaned before, and what that changed.

    Args:
        namespace: the one of the import.
    """
    changing = Changing(item.data)
    old, new = str(item.data["apiVersion"]), VERSIONS[item.group, item.kind][1]
    if new:
        changing.put(("apiVersion",), new, f"{old} is {new} today")
    if item.kind != "Namespace":
        changing.put(("metadata", "namespace"), namespace, "the namespace stands in each object")
    if isinstance(changing.data.get("spec"), dict):
        change = _KINDS.get((item.group, item.kind))
        if change is not None:
            change(changing, namespace)
    return item.with_data(changing.data), changing.rewrites


def _deployment(changing: Changing, _: str) -> None:
    _pod(changing)


def _knative(changing: Changing, _: str) -> None:
    _run_latest(changing)
    at = ("spec", "template", "metadata", "annotations")
    annotations = get(changing.data, *at)
    if isinstance(annotations, dict) and any(key in _SPELLINGS for key in annotations):
        spelt = {_SPELLINGS.get(key, key): text for key, text in annotations.items()}
        for key in annotations:
            if key in _SPELLINGS:
                changing.rewrites.append(
                    Rewrite((*at, key), annotations[key], None, f"it is spelt {_SPELLINGS[key]} today")
                )
        changing.data = put(changing.data, at, spelt)
    _pod(changing)


def _run_latest(changing: Changing) -> None:
    """The first form of v1alpha1, of before Serving 0.7."""
    configuration = get(changing.data, "spec", "runLatest", "configuration") or {}
    template = get(configuration, "revisionTemplate")
    container = get(template, "spec", "container")
    if container is None:
        return
    rest = {key: value for key, value in template["spec"].items() if key != "container"}
    reason = "runLatest.configuration.revisionTemplate with one container is template today"
    changing.put(("spec", "template"), {**template, "spec": {**rest, "containers": [container]}}, reason)
    changing.put(("spec", "runLatest"), None, reason)


def _pod(changing: Changing) -> None:
    at = ("spec", "template", "spec")
    pod = get(changing.data, *at)
    if not isinstance(pod, dict):
        return
    if "serviceAccount" in pod:
        name = pod.get("serviceAccountName", pod["serviceAccount"])
        changing.put((*at, "serviceAccountName"), None if name == "default" else name, "the name of today")
        changing.put((*at, "serviceAccount"), None, "it is serviceAccountName today")
        pod = get(changing.data, *at) or {}
    containers = pod.get("containers")
    if isinstance(containers, list):
        changing.data = put(changing.data, (*at, "containers"), [_container(entry) for entry in containers])


def _container(entry: Any) -> Any:
    """Quantities as texts, the last of two variables, one without a value as an empty one: as they work."""
    if not isinstance(entry, dict):
        return entry
    found = dict(entry)
    resources = found.get("resources")
    if isinstance(resources, dict):
        found["resources"] = {
            kind: {key: _quantity(value) for key, value in values.items()}
            if isinstance(values, dict)
            else values
            for kind, values in resources.items()
        }
    if isinstance(found.get("env"), list):
        last = {variable["name"]: _variable(variable) for variable in found["env"]}
        found["env"] = [*last.values()]
    return found


def _quantity(value: Any) -> Any:
    return repr(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _variable(entry: Any) -> Any:
    bare = isinstance(entry, dict) and entry.keys() == {"name"}
    return {**entry, "value": ""} if bare else entry


def _autoscaler(changing: Changing, _: str) -> None:
    spec = changing.data["spec"]
    if "minReplicas" not in spec:
        changing.put(("spec", "minReplicas"), 1, "one replica is the default")
    if get(spec, "scaleTargetRef", "kind") == "Deployment":
        changing.put(("spec", "scaleTargetRef", "apiVersion"), "apps/v1", "the API version of today")
    percent = "targetCPUUtilizationPercentage"
    if percent in spec or not spec.get("metrics"):
        metric = _cpu(spec.get(percent, 80))
        changing.put(("spec", percent), None, "it is a metric today")
        changing.put(("spec", "metrics"), [metric], "the CPU target is a metric today; 80 % is the default")
    elif isinstance(spec["metrics"], list):
        metrics = [_metric(entry) for entry in spec["metrics"]]
        changing.put(
            ("spec", "metrics"), metrics, "targetAverageUtilization is target.averageUtilization today"
        )


def _cpu(percent: Any) -> Object:
    return {
        "type": "Resource",
        "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": percent}},
    }


def _metric(entry: Any) -> Any:
    percent = get(entry, "resource", "targetAverageUtilization")
    if percent is None or get(entry, "resource", "name") != "cpu":
        return entry
    return _cpu(percent)


_KINDS: Mapping[tuple[str, str], Callable[[Changing, str], None]] = {
    ("apps", "Deployment"): _deployment,
    ("extensions", "Deployment"): _deployment,
    ("serving.knative.dev", "Service"): _knative,
    ("eventing.knative.dev", "Trigger"): eventing.trigger,
    ("eventing.knative.dev", "Broker"): eventing.broker,
    ("autoscaling", "HorizontalPodAutoscaler"): _autoscaler,
}
