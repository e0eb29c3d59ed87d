"""The rest of functions.yaml: namespace, broker, environments, GitOps, shared settings."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from plait.spec.base import Model
from plait.spec.events import Delivery
from plait.spec.function import Env, Resources, Scale
from plait.spec.gitops import Destination
from plait.spec.names import (
    ConfigKey,
    FunctionName,
    ImageText,
    Label,
    Labels,
    NonEmpty,
    Registry,
    Subdomain,
)
from plait.spec.times import GoDuration

Platform = Literal["kubernetes", "minikube", "openshift"]


class Namespace(Model):
    """The namespace that the functions live in."""

    name: Label = Field(examples=["shop"])
    """Its name."""
    create: bool = Field(default=True, examples=[True])
    """Whether plait writes the Namespace; false where another team owns it."""


class BrokerConfig(Model):
    """The object that configures the Broker's class."""

    apiVersion: NonEmpty = Field("v1", examples=["v1"])
    """Its API version."""
    kind: NonEmpty = Field("ConfigMap", examples=["ConfigMap"])
    """Its kind."""
    name: Subdomain = Field(examples=["kafka-broker-config"])
    """Its name."""
    namespace: Subdomain | None = Field(None, examples=["knative-eventing"])
    """Its namespace. Left out: the Broker's."""


class Broker(Model):
    """The Broker that every event goes through."""

    name: Subdomain = Field("default", examples=["default"])
    """Its name."""
    create: bool = Field(default=True, examples=[True])
    """Whether plait writes the Broker; false where another team owns it."""
    class_: NonEmpty | None = Field(None, alias="class", examples=["Kafka", "MTChannelBasedBroker"])
    """Its class; left out: the cluster's default. Knative never lets it change."""
    config: BrokerConfig | None = Field(None, examples=[{"name": "kafka-broker-config"}])
    """Its configuration. Knative never lets it change."""
    delivery: Delivery | None = Field(None, examples=[{"retry": 5, "backoffDelay": "PT0.5S"}])
    """How events are delivered where neither function nor subscription says."""


class BrokerOverride(Model):
    """What an environment changes of the Broker."""

    class_: NonEmpty | None = Field(None, alias="class", examples=["Kafka"])
    """Its class there."""
    config: BrokerConfig | None = Field(None, examples=[{"name": "kafka-broker-config"}])
    """Its configuration there."""
    delivery: Delivery | None = Field(None, examples=[{"retry": 10}])
    """Its delivery there; replaces the Broker's own whole."""


class FunctionOverride(Model):
    """What an environment changes of one function. It applies at once, in gated environments too."""

    replicas: int | None = Field(None, ge=0, le=2**31 - 1, examples=[3])
    """How many pods; not for a function with `scale`."""
    resources: Resources | None = Field(None, examples=[{"requests": {"cpu": "500m"}}])
    """Compute resources; entries given here replace the function's."""
    env: Env = Field(default_factory=dict, examples=[{"LOG_LEVEL": "debug"}])
    """Environment variables, added to the function's or in their place."""
    scale: Scale | None = Field(None, examples=[{"min": 2, "max": 20}])
    """Autoscaling, for a function with `scale`."""


class Environment(Model):
    """One overlay: where and how the functions run."""

    platform: Platform = Field("kubernetes", examples=["minikube"])
    """What the cluster is; it decides a few patches."""
    namespace: Label | None = Field(None, examples=["shop-staging"])
    """The namespace there; left out: `spec.namespace`."""
    registry: Registry | None = Field(None, examples=["registry.internal.example.com"])
    """The registry that images come from there, in place of the one in `image`."""
    labels: Labels = Field(default_factory=dict, examples=[{"stage": "production"}])
    """Labels for every object and pod there."""
    broker: BrokerOverride | None = Field(None, examples=[{"class": "Kafka"}])
    """What is different about the Broker."""
    functions: dict[FunctionName, FunctionOverride] = Field(
        default_factory=dict, examples=[{"orders": {"replicas": 3}}]
    )
    """What is different about single functions."""
    destination: Destination | None = Field(None, examples=[{"name": "production"}])
    """Its cluster, where one Argo CD syncs several; left out: `spec.gitops.destination`."""
    promotesFrom: Label | None = Field(None, examples=["minikube"])
    """The environment before this one. With it, changes arrive by `plait promote` alone."""


class Runtimes(Model):
    """The shared runtime images, for functions with `packaging: configMap`."""

    python: ImageText | None = Field(None, examples=["registry.example.com/plait/handler:0.1.0"])
    """The image of the Python runtime."""
    node: ImageText | None = Field(None, examples=["registry.example.com/plait/node:0.1.0"])
    """The image of the Node runtime."""
    wasm: ImageText | None = Field(None, examples=["registry.example.com/plait/wasmtime:0.1.0"])
    """The image of the WebAssembly runtime."""


class NetworkPolicy(Model):
    """Who may send to the functions: Knative, their own namespace, and these."""

    enabled: bool = Field(default=True, examples=[True])
    """Whether NetworkPolicy objects are written; the short form is true or false alone."""
    allowFrom: list[Label] = Field(default_factory=list, examples=[["monitoring"]])
    """More namespaces that may reach the functions."""


def _flag_to_policy(value: Any) -> Any:
    return value if isinstance(value, dict) else {"enabled": value}


NetworkPolicyValue = Annotated[
    NetworkPolicy, BeforeValidator(_flag_to_policy, json_schema_input_type=bool | NetworkPolicy)
]


class SecretStore(Model):
    """The store that the External Secrets operator reads."""

    name: Subdomain = Field(examples=["vault"])
    """Its name."""
    kind: Literal["SecretStore", "ClusterSecretStore"] = Field("ClusterSecretStore", examples=["SecretStore"])
    """Its kind."""


class ExternalSecret(Model):
    """A Secret that the External Secrets operator fills."""

    store: SecretStore = Field(examples=[{"name": "vault"}])
    """Where the values come from."""
    refreshInterval: GoDuration = Field("1h", examples=["1h"])
    """How often they are read again, a Go duration."""
    type: NonEmpty | None = Field(None, examples=["kubernetes.io/dockerconfigjson"])
    """The Secret's type; left out: Opaque. A pull secret needs kubernetes.io/dockerconfigjson."""
    apiVersion: Literal["external-secrets.io/v1", "external-secrets.io/v1beta1"] = Field(
        "external-secrets.io/v1", examples=["external-secrets.io/v1beta1"]
    )
    """The operator's API: v1beta1 before its release 0.16, which brought v1; later ones have v1 alone."""
    data: dict[ConfigKey, NonEmpty] = Field(min_length=1, examples=[{"token": "shop/payment/token"}])
    """Key in the Secret to key in the store; `PATH#PROPERTY` picks a property."""
