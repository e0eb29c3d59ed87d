"""Rules that look across fields: names that must be unique, references that must lead somewhere.

`broken` gives each broken rule as (location, message, hint). It works on a spec of which parts may
have been refused already: then `raw`, the plain data, still knows the names.
Sources: Knative's admission webhooks (Trigger, Service), Kubernetes' limits for names.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from typing import Any

from plait import __version__
from plait.errors import nearest, short
from plait.spec import environment_rules, function_rules, gitops, secret_rules
from plait.spec.events import DeadLetter, Delivery, trigger_names
from plait.spec.model import Body, Spec
from plait.spec.positions import Location, Mistake

TRIGGER_NAME_LIMIT = 63


def broken(spec: Spec, raw: dict[str, Any]) -> Iterator[Mistake]:
    """Every rule that the file breaks."""
    body = spec.spec
    functions, environments = _names(raw, "functions"), _names(raw, "environments")
    yield from _requires(body)
    yield from _triggers(body)
    yield from _shared(body)
    yield from secret_rules.broken(body)
    for name, function in body.functions.items():
        at: Location = ("spec", "functions", name)
        yield from function_rules.broken(at, name, function, body.runtimes)
        yield from _dead_letter((*at, "delivery"), function.delivery, functions)
        for index, subscription in enumerate(function.subscribes):
            yield from _dead_letter((*at, "subscribes", index, "delivery"), subscription.delivery, functions)
    yield from _dead_letter(("spec", "broker", "delivery"), body.broker.delivery, functions)
    for name, environment in body.environments.items():
        here: Location = ("spec", "environments", name)
        yield from environment_rules.broken(here, environment, body, functions)
        overridden = environment.broker.delivery if environment.broker else None
        yield from _dead_letter((*here, "broker", "delivery"), overridden, functions)
    yield from environment_rules.promotion(body.environments, environments)


def _names(raw: dict[str, Any], key: str) -> AbstractSet[str]:
    body = raw.get("spec")
    entries = body.get(key) if isinstance(body, dict) else None
    return entries.keys() if isinstance(entries, dict) else set()


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
    if body.gitops:
        yield from gitops.broken(("spec", "gitops"), body.gitops)


def _triggers(body: Body) -> Iterator[Mistake]:
    owners: dict[str, str] = {}
    for function, content in body.functions.items():
        for index, name in enumerate(trigger_names(function, content.subscribes)):
            at: Location = ("spec", "functions", function, "subscribes", index)
            given = content.subscribes[index].name is not None
            if len(name) > TRIGGER_NAME_LIMIT:
                limit = f"has {len(name)} characters; {TRIGGER_NAME_LIMIT} is the limit"
                hint = "shorten it" if given else "give the subscription a shorter `name`"
                yield (*at, "name"), f"the Trigger's name {short(name)} {limit}", hint
            if name in owners:
                message = f"a second Trigger named {name!r}: {owners[name]} has one already"
                twice = "the same filter twice? Delete one, or give it a `name`"
                yield (*at, "name"), message, "choose another name" if given else twice
            owners.setdefault(name, function)


def _dead_letter(at: Location, delivery: Delivery | None, known: AbstractSet[str]) -> Iterator[Mistake]:
    letter: DeadLetter | None = delivery.deadLetter if delivery else None
    if letter and letter.function and letter.function not in known:
        message = f"no function named {letter.function!r}"
        yield (*at, "deadLetter", "function"), message, nearest(letter.function, known)
