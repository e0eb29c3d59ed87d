"""Everything that functions.yaml cannot hold is told, with its reason."""

from pathlib import Path
from typing import Any

import pytest

from plait.errors import PlaitError
from plait.importing.reasons import PATCHED, REASONS
from tests.importing.objects import (
    Object,
    autoscaler,
    broker,
    budget,
    container,
    deployment,
    knative,
    named,
    service,
    trigger,
    yaml,
)
from tests.importing.support import imported, unexplained

ELSEWHERE = {"apiVersion": "v1", "kind": "Service", "name": "orders", "namespace": "other"}
CPU = {"requests": {"cpu": "100m"}}
MEMORY = {
    "type": "Resource",
    "resource": {"name": "memory", "target": {"type": "Utilization", "averageUtilization": 80}},
}
CHANNEL = {"apiVersion": "messaging.knative.dev/v1", "kind": "Channel", "name": "orders"}
SECRET = {"name": "A", "valueFrom": {"secretKeyRef": {"name": "a", "key": "b", "optional": True}}}

# Rule: the objects, and where of what object it is told.
CASES: dict[str, tuple[list[Object], str, str]] = {
    "kind": ([deployment(), named("v1", "LimitRange")], "LimitRange", ""),
    "version": ([deployment(), named("eventing.knative.dev/v9", "Trigger", "paid", {})], "Trigger", ""),
    "malformed": ([deployment(), trigger(broker=["a"])], "Trigger", ""),
    "pod": ([deployment(), named("v1", "Pod", "curl", {})], "Pod", ""),
    "other-workload": ([deployment(), named("apps/v1", "StatefulSet", "db", {})], "StatefulSet", ""),
    "owned": ([deployment(), named("v1", "Service", "x", {}, ownerReferences=[{"kind": "Route", "name": "x"}])], "Service", ""),
    "config-map": ([deployment(), named("v1", "ConfigMap")], "ConfigMap", ""),
    "secret": ([deployment(), named("v1", "Secret")], "Secret", ""),
    "account": ([deployment(), named("v1", "ServiceAccount", "robot")], "ServiceAccount", ""),
    "account-default": ([deployment(), {**named("v1", "ServiceAccount", "default"), "imagePullSecrets": [{"name": "login"}]}], "ServiceAccount", ""),
    "network-policy": ([deployment(), named("networking.k8s.io/v1", "NetworkPolicy")], "NetworkPolicy", ""),
    "external-secret": ([deployment(), named("external-secrets.io/v1", "ExternalSecret")], "ExternalSecret", ""),
    "crd": ([deployment(), named("apiextensions.k8s.io/v1", "CustomResourceDefinition", "a.b")], "CustomResourceDefinition", ""),
    "kustomization": ([deployment(), {"apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization"}], "Kustomization", ""),
    "other-namespace": ([deployment(), named("v1", "ConfigMap", namespace="other")], "ConfigMap", ""),
    "service-alone": ([deployment(), service("db", app="db")], "Service", ""),
    "service-other": ([deployment(), service(app="other")], "Service", ""),
    "service-second": ([deployment(), service(), service("also")], "Service", ""),
    "autoscaler": ([deployment("other"), autoscaler()], "HorizontalPodAutoscaler", ""),
    "autoscaler-metric": ([deployment(resources=CPU), autoscaler(metrics=[MEMORY])], "HorizontalPodAutoscaler", ""),
    "autoscaler-cpu": ([deployment(), autoscaler()], "HorizontalPodAutoscaler", ""),
    "autoscaler-field": ([deployment(resources=CPU), autoscaler(behavior={"scaleUp": {"stabilizationWindowSeconds": 1}})], "HorizontalPodAutoscaler", "spec.behavior"),
    "budget": ([deployment(), budget(maxUnavailable=1)], "PodDisruptionBudget", ""),
    "budget-field": ([deployment(spec={"replicas": 2}), budget(minAvailable=1)], "PodDisruptionBudget", "spec.minAvailable"),
    "name": ([deployment(), deployment("9a")], "Deployment", ""),
    "same-name": ([deployment(), knative()], "Service", ""),
    "no-container": ([deployment(), deployment("bare", image="a b")], "Deployment", ""),
    "broker": ([deployment(), trigger(), broker(), broker("second")], "Broker", ""),
    "trigger-broker": ([deployment(), trigger(), trigger("b"), trigger("c", broker="second")], "Trigger", ""),
    "trigger-broker-namespace": ([deployment(), trigger(brokerRef={"name": "default", "namespace": "other"})], "Trigger", ""),
    "subscriber-uri": ([deployment(), trigger(subscriber={"uri": "http://a/"})], "Trigger", ""),
    "subscriber-path": ([deployment(), trigger(subscriber={"ref": {**ELSEWHERE, "namespace": "shop"}, "uri": "/a"})], "Trigger", ""),
    "subscriber-kind": ([deployment(), trigger(subscriber={"ref": CHANNEL})], "Trigger", ""),
    "subscriber-namespace": ([deployment(), trigger(subscriber={"ref": ELSEWHERE})], "Trigger", ""),
    "subscriber-missing": ([deployment("other"), trigger()], "Trigger", ""),
    "subscriber-none": ([deployment(), trigger(subscriber={})], "Trigger", ""),
    "trigger": ([deployment(), trigger(filters=[{"exact": {"type": 1}}])], "Trigger", ""),
    "trigger-name": ([deployment(), trigger("a" * 64)], "Trigger", ""),
    "no-field": ([deployment(), trigger(delivery={"retryAfterMax": "PT1S"})], "Trigger", "spec.delivery.retryAfterMax"),
    "dead-letter": ([deployment(), trigger(delivery={"deadLetterSink": {"ref": CHANNEL, "uri": "/a"}})], "Trigger", "spec.delivery.deadLetterSink"),
    "channel-template": ([deployment(), broker(channelTemplateSpec={"kind": "InMemoryChannel"})], "Broker", "spec.channelTemplateSpec"),
    "field": ([deployment(pod={"nodeSelector": {"a": "b"}})], "Deployment", "spec.template.spec.nodeSelector"),
    "refused": ([deployment(env=[{"name": "9 a", "value": ""}])], "Deployment", "spec.template.spec.containers[orders].env[9 a]"),
    "sidecar": ([deployment(pod={"containers": [container(), {"name": "proxy", "image": "proxy:1"}]})], "Deployment", "spec.template.spec.containers[proxy]"),
    "command": ([deployment(args=["--fast"])], "Deployment", "spec.template.spec.containers[orders].args"),
    "env-from": ([deployment(envFrom=[{"configMapRef": {"name": "a"}}])], "Deployment", "spec.template.spec.containers[orders].envFrom"),
    "env-field": ([deployment(env=[{"name": "IP", "valueFrom": {"fieldRef": {"fieldPath": "a"}}}])], "Deployment", "spec.template.spec.containers[orders].env[IP]"),
    "env-optional": ([deployment(env=[SECRET])], "Deployment", "spec.template.spec.containers[orders].env[A].valueFrom.secretKeyRef.optional"),
    "env-reserved": ([knative(env=[{"name": "K_SERVICE", "value": "a"}])], "Service", "spec.template.spec.containers[orders].env[K_SERVICE]"),
    "security": ([deployment(securityContext={"runAsUser": 5})], "Deployment", "spec.template.spec.containers[orders].securityContext.runAsUser"),
    "loose": ([deployment(securityContext={"runAsUser": 0})], "Deployment", "spec.template.spec.containers[orders].securityContext.runAsUser"),
    "pull-policy-minikube": ([deployment(imagePullPolicy="Always")], "Deployment", "spec.template.spec.containers[orders].imagePullPolicy"),
    "pull-policy": ([deployment(imagePullPolicy="Always")], "Deployment", "spec.template.spec.containers[orders].imagePullPolicy"),
    "ports": ([deployment(ports=[{"containerPort": 8080}, {"containerPort": 9090}])], "Deployment", "spec.template.spec.containers[orders].ports"),
    "protocol": ([deployment(ports=[{"name": "h2c", "containerPort": 8080}])], "Deployment", "spec.template.spec.containers[orders].ports"),
    "probe": ([deployment(livenessProbe={"exec": {"command": ["a"]}})], "Deployment", "spec.template.spec.containers[orders].livenessProbe"),
    "probe-port": ([deployment(livenessProbe={"httpGet": {"port": "none"}})], "Deployment", "spec.template.spec.containers[orders].livenessProbe"),
    "automount": ([deployment(pod={"serviceAccountName": "robot", "automountServiceAccountToken": False})], "Deployment", "spec.template.spec.automountServiceAccountToken"),
    "grace": ([deployment(pod={"terminationGracePeriodSeconds": 5})], "Deployment", "spec.template.spec.terminationGracePeriodSeconds"),
    "service-port": ([deployment(), service(ports=[{"port": 8080}])], "Service", "spec.ports"),
    "service-type": ([deployment(), service(type="NodePort")], "Service", "spec.type"),
    "revision-name": ([knative(spec={"template": {"metadata": {"name": "orders-1"}, "spec": {"containers": [container()]}}})], "Service", "spec.template.metadata.name"),
    "traffic": ([knative(spec={"traffic": [{"percent": 100, "revisionName": "orders-1"}]})], "Service", "spec.traffic"),
    "own-label": ([deployment(labels={"app.kubernetes.io/name": "shop"})], "Deployment", "spec.template.metadata.labels.app.kubernetes.io/name"),
    "tool-label": ([deployment(labels={"helm.sh/chart": "a-1"})], "Deployment", "spec.template.metadata.labels.helm.sh/chart"),
    "metadata": ([deployment(), {**service(), "metadata": {"name": "orders", "namespace": "shop", "annotations": {"a.b/c": "d"}}}], "Service", "metadata.annotations.a.b/c"),
    "conflict": ([{**deployment(), "metadata": {"name": "orders", "namespace": "shop", "labels": {"app": "x"}}}], "Deployment", "metadata.labels.app"),
    "namespace-metadata": ([deployment(), {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop", "labels": {"a.b/c": "d"}}}], "Namespace", "metadata.labels.a.b/c"),
}  # fmt: skip


def test_every_reason_has_a_case() -> None:
    """A reason that nothing gives is none."""
    assert CASES.keys() == REASONS.keys()
    assert REASONS.keys() >= PATCHED


@pytest.mark.parametrize("rule", REASONS)
def test_it_is_told(rule: str, tmp_path: Path) -> None:
    """With object, field and rule; and what remains is still a functions.yaml that explains every difference."""
    objects, kind, path = CASES[rule]
    platform = "minikube" if rule.endswith("-minikube") else "kubernetes"
    result = imported(tmp_path, yaml(*objects), platform=platform)
    told = [(one.kind, _shown(one.path)) for one in result.left if one.rule == rule]
    assert told[:1] == [(kind, path)]
    assert "{" not in "".join(one.reason for one in result.left)
    assert unexplained(tmp_path, result) == []


def test_a_file_that_holds_no_function_says_why(tmp_path: Path) -> None:
    """The reasons are in the message."""
    with pytest.raises(
        PlaitError, match=r"no Deployment.*\n.*Deployment 9a: its name cannot be a function's"
    ):
        imported(tmp_path, yaml(deployment("9a")))


def _shown(path: Any) -> str:
    return "".join(step if step.startswith("[") else f".{step}" for step in path).removeprefix(".")
