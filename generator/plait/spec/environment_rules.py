"""Rules of environments: overrides that must fit what they change, and the order of promotion."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet

from plait.errors import nearest
from plait.spec import gitops
from plait.spec.environment import Environment
from plait.spec.function import DEFAULT_RESOURCES, Function, Resources
from plait.spec.function_rules import NO_SCALE_TO_ZERO, reserved_labels, reserved_variables
from plait.spec.model import Body
from plait.spec.names import amount
from plait.spec.positions import Location, Mistake

_MOST_NAMES = 10


def broken(at: Location, environment: Environment, body: Body, known: AbstractSet[str]) -> Iterator[Mistake]:
    """Every rule that this environment breaks; `known` are the names of all functions."""
    yield from reserved_labels((*at, "labels"), environment.labels)
    yield from gitops.destination((*at, "destination"), environment.destination)
    if environment.broker and not body.broker.create:
        message = "the Broker is another team's (spec.broker.create: false)"
        yield (*at, "broker"), message, "delete this"
    for name in environment.functions:
        if function := body.functions.get(name):
            yield from _override((*at, "functions", name), name, function, environment)
        elif name not in known and environment.promotesFrom is None:
            # A gated environment may still hold a function that this file has lost: `overlay` looks.
            yield (*at, "functions", name), f"no function named {name!r}", nearest(name, known)


def _override(at: Location, name: str, function: Function, environment: Environment) -> Iterator[Mistake]:
    override = environment.functions[name]
    yield from reserved_variables(at, override.env, function)
    knative = function.serving == "knative"
    if override.replicas is not None and (function.scale or knative):
        message = f"{name} scales by itself, so replicas cannot be set"
        yield (*at, "replicas"), message, "use scale: {min, max}"
    if override.scale and not (function.scale or knative):
        yield (*at, "scale"), f"{name} has no `scale` to change", "give the function itself a scale"
    if override.scale and override.scale.min == 0 and not knative:
        yield (*at, "scale", "min"), *NO_SCALE_TO_ZERO
    if override.resources:
        own = function.resources or DEFAULT_RESOURCES
        yield from _merged((*at, "resources"), own, override.resources)


def _merged(at: Location, base: Resources, override: Resources) -> Iterator[Mistake]:
    limits = base.limits | override.limits
    for key, request in (base.requests | override.requests).items():
        if key in limits and amount(request) > amount(limits[key]):
            more = f"requests.{key} ({request}) is more than limits.{key} ({limits[key]})"
            yield at, f"with the function's own, {more}", None


def promotion(environments: Mapping[str, Environment], known: AbstractSet[str]) -> Iterator[Mistake]:
    """Environments that promote from nowhere, or in a circle; `known` are the names of all."""
    finished: set[str] = set()
    for name, environment in environments.items():
        at: Location = ("spec", "environments", name, "promotesFrom")
        before = environment.promotesFrom
        if before and before not in known:
            yield at, f"no environment named {before!r}", nearest(before, known - {name})
        if circle := _circle(name, environments, finished):
            yield at, f"environments promote in a circle: {circle}", "one of them must come first"


def _circle(name: str, environments: Mapping[str, Environment], finished: set[str]) -> str | None:
    """The circle that promotion runs into from here, told at the first of its environments only."""
    way: dict[str, None] = {}
    step: str | None = name
    while step and step in environments and step not in finished:
        if step in way:
            names = [*way][[*way].index(step) :]
            finished.update(way)
            return " <- ".join([*names[:_MOST_NAMES], *["..."][: len(names) > _MOST_NAMES], step])
        way[step] = None
        step = environments[step].promotesFrom
    finished.update(way)
    return None
