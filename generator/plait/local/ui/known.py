"""The flow as it is declared, before anything happened."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from zlib import crc32

from plait import resources
from plait.compare.picture import events
from plait.edits import Object
from plait.flow import Flow
from plait.graph import Edge, Graph, Node, build
from plait.local.routes import Broker, Trigger


def known(broker: Broker, flow: Flow | None) -> Graph:
    """What `plait graph` draws of a functions.yaml; without one, Triggers and their subscribers."""
    return build(flow, list(_objects(flow))) if flow else _of_routes(broker)


def _objects(flow: Flow) -> Iterator[Object]:
    yield resources.broker.build(flow)
    for name in flow.functions:
        yield from resources.of_function(flow, name).values()


def trigger_label(broker: Broker, trigger: Trigger) -> str:
    """How a Trigger is called in the picture of its Broker."""
    return trigger.name if trigger.namespace == broker.namespace else trigger.key


def identity(kind: str, text: str) -> str:
    """An id of letters, digits and hyphens, the same for the same text."""
    words = re.sub(r"[^A-Za-z0-9]+", "-", text).strip("-")[:40]
    return f"{kind}-{words}-{crc32(text.encode('utf-8', 'replace')):08x}"


def _of_routes(broker: Broker) -> Graph:
    takers = _subscribers(broker)
    nodes: dict[str, Node] = {}
    edges: dict[tuple[str, str, str], Edge] = {}
    for trigger in broker.triggers:
        event, head = _event(trigger), takers[trigger.shown_subscriber]
        nodes[event.id] = event
        edges[event.id, head.id, trigger.key] = Edge(
            event.id, head.id, "delivers", trigger_label(broker, trigger)
        )
    sinks = {}
    for trigger in broker.triggers:
        if url := trigger.shown_dead_letter:
            sink = takers.get(url) or _sink(url)
            sinks[sink.id] = sink
            tail = takers[trigger.shown_subscriber].id
            edges[tail, sink.id, ""] = Edge(tail, sink.id, "dead")
    nodes |= {node.id: node for node in takers.values()} | sinks
    return Graph(broker.namespace, broker.name, [*nodes.values()], [*edges.values()])


def _subscribers(broker: Broker) -> Mapping[str, Node]:
    """A box for each URL, with the names of the Triggers that lead there."""
    names: dict[str, list[str]] = {}
    for trigger in broker.triggers:
        names.setdefault(trigger.shown_subscriber, []).append(trigger_label(broker, trigger))
    return {
        url: Node(identity("function", url), "function", ", ".join(found), _short(url))
        for url, found in names.items()
    }


def _event(trigger: Trigger) -> Node:
    words = events(trigger.shown)
    kind, _, source = words.partition(" from ")
    return Node(identity("event", words), "event", kind, f"from {source}" if source else "")


def _sink(url: str) -> Node:
    return Node(identity("sink", url), "sink", "dead letters", _short(url))


def _short(url: str) -> str:
    return url.removeprefix("http://").removesuffix("/")


def attributes(broker: Broker) -> Iterator[dict[str, str]]:
    """Of each Trigger that asks for a type: the attributes that an event for it needs."""
    for trigger in broker.triggers:
        found = dict(_exact(trigger.shown))
        if found.get("type"):
            yield found


def _exact(shown: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if "filters" in shown:
        for element in shown["filters"]:
            yield from element.get("exact", {}).items()
    else:
        yield from shown.get("filter", {}).get("attributes", {}).items()
