"""The flow as it is: what is declared, what was seen besides, drawn, and the number of each box and arrow."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache

from plait.flow import Flow
from plait.graph import Edge, Graph, Node, svg
from plait.local.plain import Json
from plait.local.routes import Broker
from plait.local.ui.known import attributes, identity, known, trigger_label
from plait.local.ui.seen import Seen

WIDEST = 2400
"""Pixels; the page scrolls sideways."""
MOST_NEW = 20
MOST_OFFERED = 200
OUTSIDE = Node("outside", "outside", "outside")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def picture(broker: Broker, flow: Flow | None, found: Seen) -> Json:
    """The answer of `GET /_plait/api/picture`, described in docs/local-broker.md."""
    live = _Live(broker, known(broker, flow), found)
    graph, events = live.graph(), _events(broker, flow, found)
    types = {event["type"] for event in events}
    return {
        "broker": broker.key,
        "svg": _drawn(graph),
        "types": {
            node.id: node.label for node in graph.nodes if node.kind == "event" and node.label in types
        },
        "nodes": live.nodes_counted(),
        "edges": list(live.edges_counted()),
        "events": events,
        "hidden": live.hidden,
    }


@lru_cache(maxsize=8)
def _drawn(graph: Graph) -> str:
    """The picture; what XML cannot hold is U+FFFD."""
    return _NOT_XML.sub("\ufffd", svg(graph, widest=WIDEST))


def _events(broker: Broker, flow: Flow | None, found: Seen) -> list[Json]:
    """Attributes to send, one of each type: what comes from outside first, what nobody declared last."""
    asked: dict[str, Json] = {}
    for wanted in attributes(broker):
        asked.setdefault(wanted["type"], wanted)
    outside = flow.body.external if flow else []
    declared = [{**asked.get(item.type, {}), **_attributes(item.type, item.source)} for item in outside]
    others = [_attributes(item.type, item.source) for item in found.emitted]
    told: dict[str, Json] = {}
    for event in (*declared, *asked.values(), *others):
        told.setdefault(event["type"], event)
    return list(told.values())[:MOST_OFFERED]


def _attributes(kind: str, source: str | None) -> Json:
    return {"type": kind, "source": source} if source else {"type": kind}


class _Live:
    """A graph that grows by what was seen.

    Types that nobody declared get a box each, MOST_NEW at the most.
    """

    def __init__(self, broker: Broker, declared: Graph, found: Seen) -> None:
        self.declared, self.found = declared, found
        self.labels = {item.key: trigger_label(broker, item) for item in broker.triggers}
        self.heads = {_name(edge): edge.head for edge in declared.edges if edge.way == "delivers"}
        self.types: dict[str, list[Node]] = defaultdict(list)
        for node in declared.nodes:
            if node.kind == "event":
                self.types[node.label].append(node)
        self.new, self.hidden = self._undeclared()
        self.edges: dict[tuple[str, str, str], Edge] = {}
        for edge in declared.edges:
            self.edges[edge.tail, edge.head, _name(edge)] = edge
        self.counts: Counter[tuple[str, str, str]] = Counter()
        self.events: Counter[str] = Counter()
        self.states: dict[str, Counter[str]] = defaultdict(Counter)
        self._emitted()
        self._delivered()

    def _undeclared(self) -> tuple[Mapping[str, Node], int]:
        totals: Counter[str] = Counter()
        for item in self.found.emitted:
            if self._declared(item.type, item.source) is None:
                totals[item.type] += item.count
        chosen = sorted(kind for kind, _ in totals.most_common(MOST_NEW))
        return {kind: Node(identity("seen", kind), "event", kind) for kind in chosen}, len(totals) - len(
            chosen
        )

    def _declared(self, kind: str, source: str) -> str | None:
        """The box of such events: that of their type and source before that of their type."""
        nodes = {node.detail: node.id for node in self.types.get(kind, ())}
        return nodes.get(f"from {source}") or nodes.get("")

    def _box(self, kind: str, source: str) -> str | None:
        found = self._declared(kind, source)
        return found or (self.new[kind].id if kind in self.new else None)

    def _emitted(self) -> None:
        for item in sorted(self.found.emitted, key=repr):
            box = self._box(item.type, item.source)
            if box is None:
                continue
            self.events[box] += item.count
            tail = OUTSIDE.id if item.by == "" else self.heads.get(self.labels.get(item.by or "", ""))
            if tail:
                self._count(Edge(tail, box, "emits"), item.count)

    def _delivered(self) -> None:
        for item in sorted(self.found.delivered, key=repr):
            label = self.labels.get(item.trigger)
            head = self.heads.get(label or "")
            if label is None or head is None:
                continue
            self.states[head][item.state] += item.count
            if box := self._box(item.type, item.source):
                self._count(Edge(box, head, "delivers", label), item.count)

    def _count(self, edge: Edge, count: int) -> None:
        key = edge.tail, edge.head, _name(edge)
        self.edges.setdefault(key, edge)
        self.counts[key] += count

    def graph(self) -> Graph:
        """All of it."""
        nodes = list(self.declared.nodes)
        if any(edge.tail == OUTSIDE.id for edge in self.edges.values()) and OUTSIDE not in nodes:
            nodes.insert(0, OUTSIDE)
        both = (*nodes, *self.new.values())
        return replace(self.declared, nodes=both, edges=tuple(self.edges.values()))

    def nodes_counted(self) -> Mapping[str, Mapping[str, int]]:
        """Events, or deliveries by state, of each box by its id."""
        return {
            **{name: {"events": count} for name, count in self.events.items()},
            **{name: dict(states) for name, states in self.states.items()},
        }

    def edges_counted(self) -> Iterator[Json]:
        """How many took each arrow, and where dead letters went, if there is one place."""
        sinks: dict[str, list[Edge]] = defaultdict(list)
        for key, edge in self.edges.items():
            if edge.way == "dead":
                sinks[edge.tail].append(edge)
            elif self.counts[key]:
                yield _shown(edge, self.counts[key])
        for tail, edges in sinks.items():
            count = self.states[tail]["dead-lettered"] if tail in self.states else 0
            if count and len(edges) == 1:
                yield _shown(edges[0], count)


def _name(edge: Edge) -> str:
    """The Trigger of an arrow, without what it asks for; else its way."""
    return edge.label.partition(":")[0] if edge.way == "delivers" else edge.way


def _shown(edge: Edge, count: int) -> Json:
    """An arrow as the page finds it: its ends, and the title of its group in the picture."""
    return {"from": edge.tail, "to": edge.head, "title": edge.label or edge.way, "count": count}
