"""Rules that look across fields: names that must be unique, references that must lead somewhere.

`broken` gives each broken rule as (location, message, hint). It works on a spec of which parts may
have been refused already: then `raw`, the plain data, still knows the names.
Sources: Knative's admission webhooks (Trigger, Service), Kubernetes' limits for names.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from plait import __version__
from plait.errors import nearest
from plait.spec import function_rules
from plait.spec.environment import Environment
from plait.spec.events import DeadLetter, Delivery, trigger_names
from plait.spec.function import Resources
from plait.spec.function_rules import Location, Mistake
from plait.spec.model import Body, Spec
from plait.spec.names import amount

TRIGGER_NAME_LIMIT = 63


def broken(spec: Spec | None, raw: dict[str, Any]) -> list[Mistake]:
    """Every rule that the file breaks."""
    if spec is None:
        return []
    body = spec.spec
    known = _names(raw, "functions")
    mistakes = [*_requires(body), *_triggers(body), *_shared(body)]
    for name, function in body.functions.items():
        at: Location = ("spec", "functions", name)
        mistakes += function_rules.broken(at, name, function, body.runtimes)
        mistakes += _dead_letter((*at, "delivery"), function.delivery, known)
        for index, subscription in enumerate(function.subscribes):
            mistakes += _dead_letter((*at, "subscribes", index, "delivery"), subscription.delivery, known)
    mistakes += _dead_letter(("spec", "broker", "delivery"), body.broker.delivery, known)
    for name, environment in body.environments.items():
        mistakes += _environment(("spec", "environments", name), name, environment, body, raw)
    return mistakes


def _names(raw: dict[str, Any], key: str) -> list[str]:
    body = raw.get("spec")
    entries = body.get(key) if isinstance(body, dict) else None
    return list(entries) if isinstance(entries, dict) else []


def _requires(body: Body) -> Iterator[Mistake]:
    if body.requires:
        operator, wanted = body.requires[:2], body.requires[2:].strip()
        parts, have = [int(n) for n in wanted.split(".")], [int(n) for n in __version__.split(".")]
        same = have[: len(parts)] == parts
        compatible = have >= parts and have[: max(1, len(parts) - 1)] == parts[: max(1, len(parts) - 1)]
        if not {"==": same, ">=": have >= parts, "~=": compatible}[operator]:
            message = f"this file wants plait {body.requires}; this is {__version__}"
            yield ("spec", "requires"), message, f"pip install 'plait{operator}{wanted}'"


def _shared(body: Body) -> Iterator[Mistake]:
    broker = body.broker
    if not broker.create:
        for field in ("class", "config", "delivery"):
            if getattr(broker, "class_" if field == "class" else field) is not None:
                message = f"the Broker is another team's (create: false), so its {field} is theirs too"
                yield ("spec", "broker", field), message, "delete it, or set create: true"
    if body.gitops and body.gitops.destination.name and body.gitops.destination.server:
        yield ("spec", "gitops", "destination"), "Argo CD takes name or server, not both", "delete one"


def _triggers(body: Body) -> Iterator[Mistake]:
    owners: dict[str, str] = {}
    for function, content in body.functions.items():
        for index, name in enumerate(trigger_names(function, content.subscribes)):
            at: Location = ("spec", "functions", function, "subscribes", index)
            given = content.subscribes[index].name is not None
            if len(name) > TRIGGER_NAME_LIMIT:
                message = f"the Trigger's name {name!r} has {len(name)} characters; {TRIGGER_NAME_LIMIT} is the limit"
                yield (
                    (*at, "name"),
                    message,
                    "shorten it" if given else "give the subscription a shorter `name`",
                )
            if name in owners:
                message = f"a second Trigger named {name!r}: {owners[name]} has one already"
                hint = (
                    "choose another name"
                    if given
                    else "the same filter twice? Delete one, or give it a `name`"
                )
                yield (*at, "name"), message, hint
            owners.setdefault(name, function)


def _dead_letter(at: Location, delivery: Delivery | None, known: list[str]) -> Iterator[Mistake]:
    letter: DeadLetter | None = delivery.deadLetter if delivery else None
    if letter and letter.function and letter.function not in known:
        yield (
            (*at, "deadLetter", "function"),
            f"no function named {letter.function!r}",
            nearest(letter.function, known),
        )


def _environment(
    at: Location, name: str, environment: Environment, body: Body, raw: dict[str, Any]
) -> Iterator[Mistake]:
    yield from function_rules.reserved_labels((*at, "labels"), environment.labels)
    yield from _stage(at, name, body, _names(raw, "environments"))
    if environment.broker:
        if not body.broker.create:
            message = "the Broker is another team's (spec.broker.create: false)"
            yield (*at, "broker"), message, "delete this"
        yield from _dead_letter(
            (*at, "broker", "delivery"), environment.broker.delivery, _names(raw, "functions")
        )
    for function in environment.functions:
        yield from _override(
            (*at, "functions", function), function, environment, body, _names(raw, "functions")
        )


def _stage(at: Location, name: str, body: Body, known: list[str]) -> Iterator[Mistake]:
    before = body.environments[name].promotesFrom
    if before is None:
        return
    if before not in known:
        yield (*at, "promotesFrom"), f"no environment named {before!r}", nearest(before, set(known) - {name})
        return
    seen = [name]
    while before is not None and before in body.environments:
        if before in seen:
            if before == name:
                circle = " <- ".join([*seen, before])
                yield (
                    (*at, "promotesFrom"),
                    f"environments promote in a circle: {circle}",
                    "one of them must come first",
                )
            return
        seen.append(before)
        before = body.environments[before].promotesFrom


def _override(
    at: Location, name: str, environment: Environment, body: Body, known: list[str]
) -> Iterator[Mistake]:
    function, override = body.functions.get(name), environment.functions[name]
    if function is None:
        # A gated environment may still hold a function that this file has lost: `overlay` looks.
        if name not in known and environment.promotesFrom is None:
            yield at, f"no function named {name!r}", nearest(name, known)
        return
    knative = function.serving == "knative"
    if override.replicas is not None and (function.scale or knative):
        yield (
            (*at, "replicas"),
            f"{name} scales by itself, so replicas cannot be set",
            "use scale: {min, max}",
        )
    if override.scale and not (function.scale or knative):
        yield (*at, "scale"), f"{name} has no `scale` to change", "give the function itself a scale"
    if override.scale and override.scale.min == 0 and not knative:
        yield (*at, "scale", "min"), "a Deployment does not scale to zero", "use serving: knative, or min: 1"
    if override.resources and function.resources:
        yield from _merged((*at, "resources"), function.resources, override.resources)


def _merged(at: Location, base: Resources, override: Resources) -> Iterator[Mistake]:
    limits = base.limits | override.limits
    for key, request in (base.requests | override.requests).items():
        if key in limits and amount(request) > amount(limits[key]):
            yield (
                at,
                f"with the function's own, requests.{key} ({request}) is more than limits.{key} ({limits[key]})",
                None,
            )
