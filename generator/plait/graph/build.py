"""A Flow and the objects of an environment -> Graph.

Triggers, dead letter sinks and versions come from the objects, so that an environment shows what it runs;
what functions emit comes from functions.yaml, since a cluster does not know it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from zlib import crc32

from plait.compare.picture import Workload, events, picture, target
from plait.edits import Object, get
from plait.flow import Flow, verdict
from plait.graph.model import Edge, Graph, Node
from plait.spec.events import Event
from plait.spec.image import Image

OUTSIDE = "outside"
_PLAIN = ("type", "source")


def build(flow: Flow, objects: Sequence[Object], environment: str | None = None) -> Graph:
    """The graph of one environment's objects, or of those of base/.

    Args:
        flow: for what functions emit and what comes from outside.
        objects: Deployments, Knative Services, Triggers and the Broker among them.
        environment: its name, for the title.
    """
    title = f"{flow.application} in {environment}" if environment else flow.application
    drawing = _Drawing(flow, picture(objects).workloads)
    drawing.emissions()
    for item in objects:
        if item["kind"] == "Trigger":
            drawing.trigger(item)
    drawing.dead_letters(objects)
    return Graph(title, flow.broker.name, drawing.nodes(), drawing.edges)


class _Drawing:
    def __init__(self, flow: Flow, workloads: Mapping[str, Workload]) -> None:
        self.flow = flow
        self.workloads = workloads
        self.declared: dict[tuple[str, str | None], Event] = {}
        self.others: dict[str, Node] = {}
        self.sinks: dict[str, Node] = {}
        self.edges: list[Edge] = []

    def emissions(self) -> None:
        for event in self.flow.body.external:
            self._emit(OUTSIDE, event)
        for name, function in self.flow.functions.items():
            if name in self.workloads:
                for event in function.emits:
                    self._emit(_function(name), event)

    def _emit(self, tail: str, event: Event) -> None:
        self.declared.setdefault((event.type, event.source), event)
        self.edges.append(Edge(tail, _event(event), "emits"))

    def trigger(self, item: Object) -> None:
        spec = item["spec"]
        head = self._taker(spec.get("subscriber"))
        label = item["metadata"]["name"]
        found = False
        for event in self.declared.values():
            fits = _fits(spec, event)
            if fits is not False:
                found = True
                asks = _asks(spec)
                text = f"{label}: {asks}" if asks else label
                self.edges.append(Edge(_event(event), head, "delivers", text, sure=fits is True))
        if not found:
            node = _undeclared(spec)
            self.others[node.id] = node
            self.edges.append(Edge(node.id, head, "delivers", label))

    def _taker(self, subscriber: Any) -> str:
        name = target(subscriber) or "nobody"
        if name in self.workloads:
            return _function(name)
        node = Node(f"sink-{_slug(name)}", "sink", name)
        self.sinks[node.id] = node
        return node.id

    def dead_letters(self, objects: Sequence[Object]) -> None:
        shared = [
            get(item, "spec", "delivery", "deadLetterSink") for item in objects if item["kind"] == "Broker"
        ]
        found = {}
        for item in objects:
            if item["kind"] == "Trigger":
                sink = get(item, "spec", "delivery", "deadLetterSink") or next(iter(shared), None)
                if sink:
                    edge = Edge(self._taker(item["spec"].get("subscriber")), self._taker(sink), "dead")
                    found[edge.tail, edge.head] = edge
        self.edges += found.values()

    def nodes(self) -> list[Node]:
        heads = {edge.head for edge in self.edges}
        tails = {edge.tail for edge in self.edges if edge.way == "delivers"}
        outside = [Node(OUTSIDE, "outside", "outside")] if any(e.tail == OUTSIDE for e in self.edges) else []
        known = [self._declared(event, tails) for event in self.declared.values()]
        functions = [self._node(name, workload) for name, workload in self.workloads.items()]
        assert heads <= {
            node.id for node in [*known, *functions, *self.sinks.values(), *self.others.values()]
        }
        return [*outside, *known, *self.others.values(), *functions, *self.sinks.values()]

    def _declared(self, event: Event, tails: set[str]) -> Node:
        note = "" if _event(event) in tails else "nobody listens"
        source = f"from {event.source}" if event.source else ""
        return Node(_event(event), "event", event.type, source, note, self._about(event))

    def _about(self, event: Event) -> str:
        """The description in its contract, else that where it is declared, on one line."""
        contract = self.flow.body.events.get(event.type)
        told = (contract.description if contract else None) or event.description or ""
        return " ".join(told.split())

    def _node(self, name: str, workload: Workload) -> Node:
        function = self.flow.functions.get(name)
        version = _version(workload.image)
        parts = filter(None, (function.runtime if function else None, version))
        return Node(_function(name), "function", name, " ".join(parts))


def _version(image: str) -> str:
    """The version as people say it; the image of base/ is a placeholder and has none."""
    try:
        parsed = Image.parse(image)
    except ValueError:
        return ""
    return parsed.tag or (parsed.digest or "")[:19]


def _fits(spec: Mapping[str, Any], event: Event) -> bool | None:
    """True, False, or None where the filter looks at more than the declaration says."""
    return verdict(_filters(spec), event)


def _filters(spec: Mapping[str, Any]) -> Sequence[dict[str, Any]]:
    filters: Sequence[dict[str, Any]] = spec.get("filters") or []
    if filters:
        return filters
    attributes = {key: value for key, value in (get(spec, "filter", "attributes") or {}).items() if value}
    return [{"exact": attributes}] if attributes else []


def _asks(spec: Mapping[str, Any]) -> str:
    """What a Trigger asks for besides an event's type and source."""
    rest = []
    for element in _filters(spec):
        if set(element) != {"exact"}:
            rest.append(element)
        elif more := {key: value for key, value in element["exact"].items() if key not in _PLAIN}:
            rest.append({"exact": more})
    words = events({"filters": rest}) if rest else ""
    return re.sub("^events (with|whose|where) ", "", _folded(words))


def _folded(words: str) -> str:
    """On one line: CESQL may stand in a block of several. Blanks in a line may be a value's, and stay."""
    return " ".join(line.strip() for line in words.strip().splitlines())


def _undeclared(spec: Mapping[str, Any]) -> Node:
    words = _folded(events(spec))
    kind, _, source = words.partition(" from ")
    note = "" if words == "every event" else "nobody emits"
    detail = f"from {source}" if source else ""
    return Node(f"event-{_slug(words)}", "event", kind, detail, note)


def _function(name: str) -> str:
    return f"function-{_slug(name)}"


def _event(event: Event) -> str:
    number = f"-{_number(event.source):06x}" if event.source else ""
    return f"event-{_slug(event.type)}{number}"


def _slug(text: str) -> str:
    """Letters, digits and hyphens; what is lost on the way is told apart by a number of it."""
    plain = re.sub(r"[^A-Za-z0-9]+", "-", text).strip("-")
    if re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", text):
        return plain
    return f"{plain}-{_number(text):06x}"


def _number(text: str) -> int:
    """The same on every machine, unlike hash()."""
    return crc32(text.encode()) & 0xFFFFFF
