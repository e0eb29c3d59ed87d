"""plait's own Flow -> Routes: the same objects that the cluster gets, with each function at its address."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from plait.edits import Object
from plait.flow import Flow
from plait.local.routes.build import Placed, Resolver, build
from plait.local.routes.model import Routes
from plait.platforms import overrides
from plait.resources import broker, trigger
from plait.spec.environment import Environment


def routes(
    flow: Flow, environment: Environment | None, urls: Mapping[str, str], resolver: Resolver
) -> Routes:
    """The Routes of a functions.yaml.

    Args:
        flow: the event graph.
        environment: whose namespace and Broker settings apply, or None.
        urls: where each function listens, by its name. The Triggers of others get nothing, and say why,
            unless `resolver` knows them.
        resolver: for functions and dead letter sinks that are not in `urls`.

    Raises:
        RoutesError: a dead letter sink that is nowhere on this machine.
    """
    mapping = {**resolver.mapping, **urls}
    namespace = (environment and environment.namespace) or flow.body.namespace.name
    objects = [_in(namespace, *pair) for pair in _objects(flow, environment, mapping)]
    return build(objects, Resolver(mapping, resolver.ingress))


def _objects(
    flow: Flow, environment: Environment | None, mapping: Mapping[str, str]
) -> Iterator[tuple[Object, str]]:
    """Each object, and why the subscriber of a Trigger is nowhere."""
    own = broker.build(flow)
    yield (overrides.shared(own, flow, environment) if environment else own), ""
    for name, triggers in flow.triggers.items():
        nowhere = "" if name in mapping else _reason(flow, name)
        yield from ((trigger.build(flow, item), nowhere) for item in triggers)


def _reason(flow: Flow, name: str) -> str:
    if flow.functions[name].runtime == "container":
        return f"no url: functions.yaml has no container.url for {name}"
    return f"no source: functions.yaml has no code for {name}"


def _in(namespace: str, item: Object, nowhere: str) -> Placed:
    placed = {**item, "metadata": {**item["metadata"], "namespace": namespace}}
    return Placed(placed, nowhere=nowhere)
