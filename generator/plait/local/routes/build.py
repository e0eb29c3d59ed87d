"""Knative objects -> Routes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

from plait.errors import PlaitError
from plait.filters import compile_trigger
from plait.local.gostd import url, userinfo
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
        nowhere: of a Trigger, why its subscriber is nowhere on this machine; "" where it is.
    """

    data: Mapping[str, Any]
    place: Callable[[str], str] = field(default=lambda path: path, repr=False)
    nowhere: str = ""

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
    mistakes = [list(_checked(item)) for item in found]
    sound = [item for item, own in zip(found, mistakes, strict=True) if not own]
    finder = _Finder(resolver)
    brokers = {item.name: item for item in sound if item.data["kind"] == "Broker"}
    grouped: dict[Name, list[Trigger]] = {name: [] for name in brokers}
    for item in sound:
        if item.data["kind"] == "Trigger":
            owner = _owner(item)
            grouped.setdefault(owner, []).append(_trigger(item, brokers.get(owner), finder))
    problems = [problem for own in mistakes for problem in own] + _repeated(found)
    if problems or finder.problems:
        raise RoutesError([*problems, *finder.problems.values()])
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


def _trigger(item: Placed, broker: Placed | None, finder: _Finder) -> Trigger:
    shown = {name: item.spec[name] for name in ("filters", "filter") if item.spec.get(name)}
    if item.nowhere:
        return Trigger(*item.name, compile_trigger(item.spec), "", shown=shown, nowhere=item.nowhere)
    declared = [(place, place.spec["delivery"]) for place in (item, broker) if place and _has_delivery(place)]
    sinks = [(place, spec["deadLetterSink"]) for place, spec in declared if spec.get("deadLetterSink")]
    return Trigger(
        *item.name,
        compile_trigger(item.spec),
        finder.url(item, "spec.subscriber", item.spec["subscriber"]),
        Policy.of(declared[0][1]) if declared else KNATIVE_DEFAULT,
        finder.url(sinks[0][0], "spec.delivery.deadLetterSink", sinks[0][1]) if sinks else None,
        (item.spec.get("delivery") or {}).get("format") == "json",
        shown,
    )


def _has_delivery(item: Placed) -> bool:
    return item.spec.get("delivery") is not None


class _Finder:
    """Looks for destinations. The Broker's sink is looked for by each Trigger, and missed once.

    Attributes:
        problems: of those that are nowhere, by text.
    """

    def __init__(self, resolver: Resolver) -> None:
        self.problems: dict[str, PlaitError] = {}
        self._resolver = resolver

    def url(self, item: Placed, path: str, value: Mapping[str, Any]) -> str:
        """The URL of a destination; "", and a problem, where there is none."""
        title = f"{item.data['kind']} {item.name[1]}"
        try:
            return url.normal(self._resolver.url(value, item.name[0]))
        except LookupError as error:
            name = error.args[0]
            hint = f"--map {name}=http://127.0.0.1:PORT says where it runs"
            self._miss(f"{title}: where is {name}?", item.place(f"{path}.ref"), hint)
        except ValueError:
            told = f"{title}: {path}: not an absolute http URL: {userinfo.without(value.get('uri') or '')}"
            self._miss(told, item.place(path), "as http://127.0.0.1:8081/")
        return ""

    def _miss(self, message: str, where: str, hint: str) -> None:
        problem = PlaitError(message, where=where, hint=hint, exit_code=2)
        self.problems[str(problem)] = problem
