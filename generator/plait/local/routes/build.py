"""Knative objects -> Routes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

from plait.errors import PlaitError
from plait.filters import compile_trigger
from plait.local.gostd import url
from plait.local.routes import checks
from plait.local.routes.model import Broker, Name, Routes, Trigger
from plait.local.routes.policy import KNATIVE_DEFAULT, Policy

DEFAULT_NAMESPACE = "default"
_SERVICE_LABELS = 2


@dataclass(frozen=True)
class Placed:
    """One object and where it stands.

    Attributes:
        data: the object: a Broker or a Trigger of eventing.knative.dev/v1.
        place: a path in it (`spec.delivery.retry`, `spec.filters[0].exact[a]`) to `file:line:column`.
    """

    data: Mapping[str, Any]
    place: Callable[[str], str] = field(default=lambda path: path, repr=False)

    @property
    def name(self) -> Name:
        """Namespace (`default` where it has none) and name."""
        block = self.data.get("metadata") or {}
        return block.get("namespace") or DEFAULT_NAMESPACE, block.get("name") or ""

    @property
    def spec(self) -> Mapping[str, Any]:
        """Its spec."""
        return self.data.get("spec") or {}


class RoutesError(PlaitError):
    """All mistakes of the objects, a line each. Exit code 2."""

    def __init__(self, mistakes: Sequence[PlaitError]) -> None:
        self.mistakes = mistakes
        super().__init__("\n".join(map(str, mistakes)), exit_code=2)


class Resolver:
    """Subscribers -> URLs.

    Args:
        mapping: URL by `SERVICE` or `NAMESPACE/SERVICE`.
        ingress: gives the URL of a local Broker by `NAMESPACE/NAME`.
    """

    def __init__(self, mapping: Mapping[str, str], ingress: Callable[[str], str]) -> None:
        self.mapping = mapping
        self.ingress = ingress

    def url(self, destination: Mapping[str, Any], namespace: str) -> str:
        """The URL of a destination of an object in `namespace`.

        Raises:
            LookupError: with the name that `mapping` does not know.
        """
        reference, uri = destination.get("ref"), destination.get("uri") or ""
        if reference is None:
            return self._mapped_host(uri) or str(uri)
        where: str = reference.get("namespace") or namespace
        if reference["kind"] == "Broker":
            base = self.ingress(f"{where}/{reference['name']}")
        else:
            base = self._mapped(where, reference["name"])
        return urljoin(base, uri) if uri else base

    def _mapped(self, namespace: str, name: str) -> str:
        for key in (f"{namespace}/{name}", name):
            if key in self.mapping:
                return self.mapping[key]
        raise LookupError(name)

    def _mapped_host(self, uri: str) -> str | None:
        """The URL with a mapped host, where it names a Service of the cluster (`NAME.NAMESPACE.svc...`)."""
        parts = urlsplit(uri)
        labels = (parts.hostname or "").split(".")
        if len(labels) <= _SERVICE_LABELS or labels[_SERVICE_LABELS] != "svc":
            return None
        try:
            base = urlsplit(self._mapped(labels[1], labels[0]))
        except LookupError:
            return None
        return parts._replace(scheme=base.scheme, netloc=base.netloc, path=parts.path or base.path).geturl()


def build(objects: Iterable[Placed], resolver: Resolver) -> Routes:
    """The Routes of Brokers and Triggers. A Broker that only Triggers name gets Knative's defaults.

    Raises:
        RoutesError: with every mistake.
    """
    found = list(objects)
    problems = [problem for item in found for problem in _checked(item)] + _repeated(found)
    if problems:
        raise RoutesError(problems)
    brokers = {item.name: item for item in found if item.data["kind"] == "Broker"}
    grouped: dict[Name, list[Trigger]] = {name: [] for name in brokers}
    for item in found:
        if item.data["kind"] == "Trigger":
            owner = _owner(item)
            try:
                grouped.setdefault(owner, []).append(_trigger(item, brokers.get(owner), resolver))
            except _UnmappedError as error:
                problems.append(error.problem)
    if problems:
        raise RoutesError(problems)
    return Routes([Broker(*name, triggers, name in brokers) for name, triggers in grouped.items()])


def _checked(item: Placed) -> Iterable[PlaitError]:
    check = checks.trigger if item.data["kind"] == "Trigger" else checks.broker
    if not item.name[1]:
        yield PlaitError("an object without metadata.name", where=item.place("metadata"), exit_code=2)
    title = f"{item.data['kind']} {item.name[1]}"
    for path, message, hint in check(item.data.get("spec")):
        told = message if path in message else f"{path}: {message}"
        yield PlaitError(f"{title}: {told}", where=item.place(path), hint=hint, exit_code=2)


def _repeated(found: Sequence[Placed]) -> list[PlaitError]:
    seen: set[tuple[str, Name]] = set()
    problems = []
    for item in found:
        key = (item.data["kind"], item.name)
        if key in seen:
            message = f"{key[0]} {'/'.join(item.name)} is there twice"
            hint = "give one copy of each object, such as the output of kustomize build: plait run -f -"
            problems.append(PlaitError(message, where=item.place("metadata.name"), hint=hint, exit_code=2))
        seen.add(key)
    return problems


def _owner(item: Placed) -> Name:
    reference = item.spec.get("brokerRef") or {}
    namespace = reference.get("namespace") or item.name[0]
    return namespace, item.spec.get("broker") or reference["name"]


def _trigger(item: Placed, broker: Placed | None, resolver: Resolver) -> Trigger:
    own = item.spec.get("delivery")
    shared = broker.spec.get("delivery") if broker else None
    policies = [Policy.of(spec) for spec in (own, shared) if spec is not None]
    sink = _url(item, "spec.delivery.deadLetterSink", (own or {}).get("deadLetterSink"), resolver)
    if sink is None and broker is not None:
        sink = _url(broker, "spec.delivery.deadLetterSink", (shared or {}).get("deadLetterSink"), resolver)
    subscriber = _url(item, "spec.subscriber", item.spec["subscriber"], resolver)
    assert subscriber is not None
    return Trigger(
        *item.name,
        compile_trigger(item.spec),
        subscriber,
        policies[0] if policies else KNATIVE_DEFAULT,
        sink,
        (own or {}).get("format") == "json",
        {name: item.spec[name] for name in ("filters", "filter") if item.spec.get(name)},
    )


class _UnmappedError(Exception):
    def __init__(self, problem: PlaitError) -> None:
        self.problem = problem


def _url(item: Placed, path: str, value: Mapping[str, Any] | None, resolver: Resolver) -> str | None:
    if value is None:
        return None
    try:
        return url.normal(resolver.url(value, item.name[0]))
    except LookupError as error:
        name = error.args[0]
        message = f"{item.data['kind']} {item.name[1]}: where is {name}?"
        hint = f"--map {name}=http://127.0.0.1:PORT says where it runs"
        raise _UnmappedError(
            PlaitError(message, where=item.place(f"{path}.ref"), hint=hint, exit_code=2)
        ) from None
