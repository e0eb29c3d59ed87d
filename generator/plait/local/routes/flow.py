"""plait's own Flow -> Routes: the same objects that the cluster gets, with each function at its address."""

from __future__ import annotations

from collections.abc import Mapping

from plait.flow import Flow
from plait.local.routes.build import Placed, Resolver, build
from plait.local.routes.model import Routes
from plait.resources import broker, trigger


def routes(flow: Flow, namespace: str, urls: Mapping[str, str], resolver: Resolver) -> Routes:
    """The Routes of a functions.yaml.

    Args:
        flow: the event graph.
        namespace: where the environment puts it.
        urls: where each function listens, by its name.
        resolver: for dead letter sinks that are no functions.
    """
    triggers = [trigger.build(flow, item) for group in flow.triggers.values() for item in group]
    objects = [_in(namespace, item) for item in (broker.build(flow), *triggers)]
    return build(objects, Resolver({**resolver.mapping, **urls}, resolver.ingress))


def _in(namespace: str, item: dict[str, object]) -> Placed:
    block = item["metadata"]
    assert isinstance(block, dict)
    return Placed({**item, "metadata": {**block, "namespace": namespace}})
