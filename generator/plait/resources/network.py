"""NetworkPolicy: only Knative, the own namespace and named others may reach a function."""

from __future__ import annotations

from typing import Any

from plait.flow import Flow
from plait.resources.meta import NAME, of_function

# Knative Serving's activator and autoscaler, and the gateways that send past the activator under load.
_SERVING = ["istio-system", "knative-serving", "knative-serving-ingress", "kourier-system"]


def build(flow: Flow, name: str) -> dict[str, dict[str, Any]]:
    """`networkpolicy` where spec.networkPolicy asks for it.

    Knative's channel and Kafka brokers deliver from knative-eventing, the RabbitMQ broker from the own
    namespace; a Knative Service is reached through its activator and probed by its autoscaler.
    """
    policy = flow.body.networkPolicy
    if not policy.enabled:
        return {}
    knative = flow.functions[name].serving == "knative"
    spaces = ["knative-eventing", *(_SERVING if knative else []), *policy.allowFrom]
    chosen = {"key": "kubernetes.io/metadata.name", "operator": "In", "values": sorted(set(spaces))}
    rule: dict[str, Any] = {
        "from": [{"podSelector": {}}, {"namespaceSelector": {"matchExpressions": [chosen]}}]
    }
    if not knative:
        rule["ports"] = [{"port": "http", "protocol": "TCP"}]
    selected = {"serving.knative.dev/service": name} if knative else {NAME: name}
    item = {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": of_function(flow, name),
        "spec": {"podSelector": {"matchLabels": selected}, "policyTypes": ["Ingress"], "ingress": [rule]},
    }
    return {"networkpolicy": item}
