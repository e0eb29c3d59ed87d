"""Literals that look like secrets: plait takes secrets by reference only.

What a value looks like is for `looks`; this module knows where in functions.yaml a secret could stand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from plait.findings.looks import kind_of, named
from plait.findings.model import Finding, Location
from plait.flow import Flow
from plait.spec.events import Delivery
from plait.spec.function import Env, Function

_HINT = "put it into a Secret and write {secret: {name: ..., key: ...}}"
_NOT_HERE = "Git keeps it, and so do all objects made from it: keep it in a Secret"
Text = tuple[Location, str, str | None]


def secrets(flow: Flow) -> Iterator[Finding]:
    """Each literal of functions.yaml that looks like a secret."""
    for name, function in flow.functions.items():
        yield from _of_function(("spec", "functions", name), function)
    for name, environment in flow.environments.items():
        at: Location = ("spec", "environments", name)
        for function_name, override in environment.functions.items():
            yield from _plain((*at, "functions", function_name, "env"), _texts(override.env))
        yield from _entries((*at, "labels"), environment.labels)
        broker = environment.broker
        yield from _url(_sink((*at, "broker", "delivery"), broker.delivery if broker else None))
    yield from _url(_sink(("spec", "broker", "delivery"), flow.broker.delivery))
    if flow.body.gitops:
        yield from _url((("spec", "gitops", "repoURL"), "repoURL", flow.body.gitops.repoURL))
    metadata = flow.spec.metadata
    yield from _entries(("metadata", "labels"), metadata.labels)
    yield from _entries(("metadata", "annotations"), metadata.annotations)


def _of_function(at: Location, function: Function) -> Iterator[Finding]:
    yield from _plain((*at, "env"), _texts(function.env))
    if function.wasm:
        yield from _plain((*at, "wasm", "env"), function.wasm.env)
    yield from _entries((*at, "labels"), function.labels)
    yield from _entries((*at, "annotations"), function.annotations)
    yield from _url(_sink((*at, "delivery"), function.delivery))
    for index, subscription in enumerate(function.subscribes):
        yield from _url(_sink((*at, "subscribes", index, "delivery"), subscription.delivery))
    if function.container:
        yield from _url(((*at, "container", "url"), "url", function.container.url))


def _texts(env: Env) -> Mapping[str, str]:
    return {key: source.value for key, source in env.items() if source.value}


def _plain(at: Location, env: Mapping[str, str]) -> Iterator[Finding]:
    """Variables: the name tells, or the value."""
    for key, value in env.items():
        if kind := "a secret" if named(key, value) else kind_of(value):
            yield Finding("secret", (*at, key), f"{key} looks like {kind} in plain text", _HINT)


def _entries(at: Location, entries: Mapping[str, str]) -> Iterator[Finding]:
    """Labels and annotations: the value alone tells, since their names tell of objects (`.../secret: db`)."""
    for key, value in entries.items():
        yield from _url(((*at, key), key, value))


def _sink(at: Location, delivery: Delivery | None) -> Text:
    sink = delivery.deadLetter if delivery else None
    return (*at, "deadLetter", "uri"), "deadLetter.uri", sink.uri if sink else None


def _url(text: Text) -> Iterator[Finding]:
    at, name, value = text
    if value and (kind := kind_of(value)):
        yield Finding("secret", at, f"{name} looks like {kind} in plain text", _NOT_HERE)
