"""What is drawn: functions, events between them, and where dead letters go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal["outside", "function", "event", "sink", "trigger"]
Way = Literal["emits", "delivers", "dead"]


@dataclass(frozen=True, slots=True)
class Node:
    """One box.

    Attributes:
        id: unique in the graph, of letters, digits and hyphens.
        kind: `outside` (where events come from that no function emits), `function`, `event`, or `sink`
            (takes dead letters and is no function). In pictures `trigger` too (`plait.graph.staged`).
        label: the name.
        detail: in a second line: a function's runtime and version, an event's source.
        note: what looks wrong: `nobody listens`, `nobody emits`.
        about: what an event means, for people; a picture shows it when the pointer rests on the box.
    """

    id: str
    kind: Kind
    label: str
    detail: str = ""
    note: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class Edge:
    """One arrow.

    Attributes:
        tail, head: ids of nodes.
        way: `emits` (from outside, or a function's reply), `delivers` (a Trigger), `dead` (dead letters).
        label: the Trigger's name, and what it asks for besides type and source.
        sure: whether every such event takes it; False where a filter looks at more than is declared.
    """

    tail: str
    head: str
    way: Way
    label: str = ""
    sure: bool = True

    @property
    def trigger(self) -> str:
        """The Trigger's name, which holds no colon; empty where no Trigger delivers."""
        return self.label.partition(": ")[0]

    @property
    def asks(self) -> str:
        """What the Trigger asks for besides type and source, in words."""
        return self.label.partition(": ")[2]


@dataclass(frozen=True, slots=True)
class Graph:
    """The flow through one Broker.

    Attributes:
        title: the file's name, and the environment's where there is one.
        broker: the Broker's name.
        nodes, edges: in an order that is always the same.
    """

    title: str
    broker: str
    nodes: Sequence[Node]
    edges: Sequence[Edge]

    def node(self, name: str) -> Node:
        """The node of an id."""
        return next(node for node in self.nodes if node.id == name)
