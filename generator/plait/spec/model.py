"""The whole of functions.yaml. Version v1 only ever gains fields."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from plait.spec.base import Model
from plait.spec.contract import Contract
from plait.spec.environment import (
    Broker,
    Environment,
    ExternalSecret,
    Namespace,
    NetworkPolicy,
    NetworkPolicyValue,
    Runtimes,
)
from plait.spec.events import Event
from plait.spec.function import Function
from plait.spec.gitops import GitOps
from plait.spec.names import Annotations, FunctionName, Label, Labels, NonEmpty, Requirement, Subdomain

API_VERSION = "plait.dev/v1"
_FUNCTION = {
    "runtime": "python",
    "source": "functions/orders",
    "image": "registry.example.com/demo/orders:1.0.0",
}


def _name_to_namespace(value: Any) -> Any:
    return value if isinstance(value, dict) else {"name": value}


NamespaceValue = Annotated[
    Namespace, BeforeValidator(_name_to_namespace, json_schema_input_type=str | Namespace)
]


class Metadata(Model):
    """The file's own name, as in any Kubernetes object."""

    name: Label = Field(examples=["shop"])
    """The application's name: the label app.kubernetes.io/part-of of every object."""
    namespace: Label | None = Field(None, examples=["shop"])
    """Not used by plait; KRM tools may set it."""
    labels: Labels = Field(default_factory=dict, examples=[{"team": "shop"}])
    """Labels of this file, for KRM tools; plait does not copy them."""
    annotations: Annotations = Field(
        default_factory=dict, examples=[{"config.kubernetes.io/local-config": "true"}]
    )
    """Annotations of this file, for KRM tools; plait does not copy them."""


class Body(Model):
    """What plait generates from."""

    requires: Requirement | None = Field(None, examples=[">=0.1"])
    """The plait versions that may read this file."""
    namespace: NamespaceValue = Field(examples=["shop"])
    """The namespace: its name, or {name, create}."""
    broker: Broker = Field(default_factory=Broker, examples=[{"name": "default"}])
    """The Broker."""
    runtimes: Runtimes = Field(
        default_factory=Runtimes, examples=[{"python": "registry.example.com/plait/handler:0.1.0"}]
    )
    """The shared runtime images."""
    functions: dict[FunctionName, Function] = Field(default_factory=dict, examples=[{"orders": _FUNCTION}])
    """The functions, by name."""
    external: list[Event] = Field(default_factory=list, examples=[[{"type": "com.example.order.paid"}]])
    """Events that come from outside of this file."""
    events: dict[NonEmpty, Contract] = Field(
        default_factory=dict, examples=[{"com.example.order.paid": {"schema": "schemas/order-paid.json"}}]
    )
    """The contracts of events, by type: what their data hold."""
    eventTypes: bool = Field(default=False, examples=[True])
    """Whether each of `events` is also written as a Knative EventType, for the registry of a cluster."""
    networkPolicy: NetworkPolicyValue = Field(
        default_factory=lambda: NetworkPolicy(enabled=False), examples=[True, {"allowFrom": ["monitoring"]}]
    )
    """Whether only Knative and the own namespace may reach the functions."""
    externalSecrets: dict[Subdomain, ExternalSecret] = Field(
        default_factory=dict,
        examples=[{"payment": {"store": {"name": "vault"}, "data": {"token": "shop/token"}}}],
    )
    """Secrets that the External Secrets operator fills, by the Secret's name."""
    environments: dict[Label, Environment] = Field(
        default_factory=dict, examples=[{"minikube": {"platform": "minikube"}}]
    )
    """The environments, by name; each is a folder of overlays/."""
    gitops: GitOps | None = Field(
        None, examples=[{"tool": "argocd", "repoURL": "https://git.example.com/shop/functions.git"}]
    )
    """How the repository is synced."""


class Spec(Model):
    """functions.yaml: which functions there are, and which CloudEvents each subscribes to and emits."""

    apiVersion: Literal["plait.dev/v1"] = Field(examples=[API_VERSION])
    """The version of this file's format."""
    kind: Literal["Functions"] = Field(examples=["Functions"])
    """Always Functions."""
    metadata: Metadata = Field(examples=[{"name": "shop"}])
    """The file's own name."""
    spec: Body = Field(examples=[{"namespace": "shop", "functions": {"orders": _FUNCTION}}])
    """What plait generates from."""
