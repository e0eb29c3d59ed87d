"""A function in functions.yaml: its code, its image, its events and how it runs."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, ConfigDict, Field, model_validator

from plait.spec.base import ONE_FIELD, Model
from plait.spec.events import Delivery, Event, Subscription
from plait.spec.form import wrong
from plait.spec.names import (
    Annotations,
    Bytes,
    ConfigKey,
    EnvName,
    HttpPath,
    ImageText,
    Labels,
    Module,
    NonEmpty,
    Quantity,
    RelativePath,
    ResourceName,
    Subdomain,
    Url,
    amount,
)

Runtime = Literal["python", "node", "wasm", "container"]


class KeyOf(Model):
    """A key of a Secret or ConfigMap."""

    name: Subdomain = Field(examples=["payment"])
    """The object's name."""
    key: ConfigKey = Field(examples=["token"])
    """The key in it."""


class EnvSource(Model):
    """Where the value of an environment variable comes from: one of the three."""

    model_config = ConfigDict(json_schema_extra=ONE_FIELD)

    value: str | None = Field(None, examples=["info"])
    """A text; the short form is the text alone."""
    secret: KeyOf | None = Field(None, examples=[{"name": "payment", "key": "token"}])
    """A key of a Secret."""
    configMap: KeyOf | None = Field(None, examples=[{"name": "shop", "key": "currency"}])
    """A key of a ConfigMap."""

    @model_validator(mode="after")
    def _one(self) -> Self:
        if len(self.model_fields_set) != 1:
            raise wrong("a variable takes a text, {secret: {name, key}} or {configMap: {name, key}}")
        return self


def _text_to_source(value: Any) -> Any:
    return value if isinstance(value, dict) else {"value": value}


EnvValue = Annotated[EnvSource, BeforeValidator(_text_to_source, json_schema_input_type=str | EnvSource)]
Env = dict[EnvName, EnvValue]


class Resources(Model):
    """Compute resources of the container, as Kubernetes' quantities."""

    requests: dict[ResourceName, Quantity] = Field(
        default_factory=dict, examples=[{"cpu": "100m", "memory": "64Mi"}]
    )
    """What the scheduler reserves."""
    limits: dict[ResourceName, Quantity] = Field(default_factory=dict, examples=[{"memory": "128Mi"}])
    """What the container may use at the most."""

    @model_validator(mode="after")
    def _within_limits(self) -> Self:
        for name, request in self.requests.items():
            limit = self.limits.get(name)
            if limit is not None and amount(request) > amount(limit):
                raise wrong(f"requests.{name} ({request}) is more than limits.{name} ({limit})")
        return self


DEFAULT_RESOURCES = Resources(requests={"cpu": "50m", "memory": "64Mi"}, limits={"memory": "256Mi"})


class Scale(Model):
    """Autoscaling: a HorizontalPodAutoscaler, or Knative's autoscaler with `serving: knative`."""

    min: int = Field(1, ge=0, examples=[1])
    """The fewest replicas; 0 only with `serving: knative`."""
    max: int = Field(10, ge=1, examples=[10])
    """The most replicas."""
    target: int | None = Field(None, ge=1, examples=[80])
    """Per replica: CPU utilisation in percent of the request (80), with Knative the requests in flight."""

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.min > self.max:
            raise wrong(f"min ({self.min}) is more than max ({self.max})")
        return self


class Probe(Model):
    """An HTTP probe. Times are in seconds."""

    path: HttpPath = Field(examples=["/healthz"])
    """The path that answers 2xx when all is well."""
    port: int | None = Field(None, ge=1, le=65535, examples=[8080])
    """The port; left out: the container's."""
    initialDelay: int | None = Field(None, ge=0, examples=[1])
    """Seconds before the first probe."""
    period: int | None = Field(None, ge=1, examples=[10])
    """Seconds between two probes."""
    timeout: int | None = Field(None, ge=1, examples=[1])
    """Seconds until a probe without an answer has failed."""
    failureThreshold: int | None = Field(None, ge=1, examples=[3])
    """Failures in a row that count."""


class Probes(Model):
    """Probes of the container. `false` turns one off; left out: the runtime's own."""

    liveness: Probe | Literal[False] | None = Field(None, examples=[{"path": "/healthz"}])
    """Restart the container when it fails."""
    readiness: Probe | Literal[False] | None = Field(None, examples=[{"path": "/ready"}])
    """Send no events while it fails."""
    startup: Probe | None = Field(None, examples=[{"path": "/healthz", "failureThreshold": 30}])
    """The other probes wait until it succeeds."""


class Wasm(Model):
    """The WebAssembly module of a `runtime: wasm` function and what it may reach."""

    module: Module = Field(examples=["add.wasm"])
    """The module's file in the source folder."""
    function: NonEmpty | None = Field(None, examples=["add"])
    """The export to call; left out: `handle` of a component, or `_start` of a WASI command."""
    args: list[int | float | str] = Field(default_factory=list, examples=[["data.a", "data.b"]])
    """Arguments of a core export: numbers, or expressions over the event."""
    env: dict[EnvName, str] = Field(default_factory=dict, examples=[{"MODE": "strict"}])
    """Environment variables that the module sees."""
    directories: dict[str, RelativePath] = Field(default_factory=dict, examples=[{"/data": "data"}])
    """Folders that the module may read: path in the module to path in the source folder."""
    clock: bool = Field(default=False, examples=[False])
    """Whether the module may ask the time."""
    memory: Bytes | None = Field(None, examples=["64Mi"])
    """Memory of one instance, of which each event has its own; left out: 128Mi."""


class Container(Model):
    """A `runtime: container` function: any server that takes CloudEvents over HTTP."""

    port: int = Field(8080, ge=1, le=65535, examples=[8080])
    """The port it listens on."""
    url: Url | None = Field(None, examples=["http://127.0.0.1:9000/"])
    """Where `plait run` finds it on a laptop."""


class Function(Model):
    """One function: one Deployment and Service (or one Knative Service), and a Trigger a subscription."""

    runtime: Runtime = Field(examples=["python"])
    """What serves it."""
    source: RelativePath | None = Field(None, examples=["functions/orders"])
    """The folder with its code: function.py (python), index.js (node) or the module (wasm)."""
    packaging: Literal["image", "configMap"] = Field("image", examples=["image"])
    """`image`: the code is in the image. `configMap`: it is in Git, mounted into the runtime's image."""
    image: ImageText | None = Field(None, examples=["registry.example.com/demo/orders:1.0.0"])
    """Its image: the repository and the first version; `plait release` sets later ones."""
    subscribes: list[Subscription] = Field(
        default_factory=list, examples=[[{"type": "com.example.order.paid"}]]
    )
    """The events that reach it; each entry is one Trigger."""
    emits: list[Event] = Field(default_factory=list, examples=[[{"type": "com.example.invoice.sent"}]])
    """The events it answers with."""
    env: Env = Field(default_factory=dict, examples=[{"LOG_LEVEL": "info"}])
    """Environment variables."""
    resources: Resources | None = Field(None, examples=[{"requests": {"cpu": "100m", "memory": "64Mi"}}])
    """Compute resources; left out: a small default that suits most functions."""
    replicas: int | None = Field(None, ge=0, le=2**31 - 1, examples=[2])
    """How many pods (1); not together with `scale`."""
    serving: Literal["deployment", "knative"] = Field("deployment", examples=["deployment"])
    """`deployment`: a Deployment and a Service. `knative`: a Knative Service, which scales to zero."""
    scale: Scale | None = Field(None, examples=[{"min": 1, "max": 10}])
    """Autoscaling."""
    timeout: int | None = Field(None, ge=1, le=3600, examples=[30])
    """Seconds that handling one event may take (30)."""
    concurrency: int | None = Field(None, ge=1, le=1000, examples=[10])
    """Events that one pod handles at the same time."""
    probes: Probes | None = Field(None, examples=[{"readiness": {"path": "/ready"}, "liveness": False}])
    """Health checks."""
    serviceAccount: Subdomain | None = Field(None, examples=["orders"])
    """An existing service account; left out: no token is mounted."""
    imagePullSecrets: list[Subdomain] = Field(default_factory=list, examples=[["registry-login"]])
    """Secrets for pulling the image."""
    labels: Labels = Field(default_factory=dict, examples=[{"team": "shop"}])
    """More labels for its objects and pods."""
    annotations: Annotations = Field(
        default_factory=dict, examples=[{"example.com/owner": "shop@example.com"}]
    )
    """More annotations for its objects and pods."""
    delivery: Delivery | None = Field(
        None, examples=[{"retry": 5, "deadLetter": {"function": "dead-letters"}}]
    )
    """How events are delivered to it; a subscription's own comes first."""
    wasm: Wasm | None = Field(None, examples=[{"module": "add.wasm", "function": "add"}])
    """The module, for `runtime: wasm`."""
    container: Container | None = Field(None, examples=[{"port": 8080}])
    """The server, for `runtime: container`."""
