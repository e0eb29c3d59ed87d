"""A Graph for a picture: each Trigger a node of its own, between the events and who takes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from plait.graph.model import Edge, Graph, Node


@dataclass(frozen=True, slots=True)
class Staged:
    """What is drawn.

    Attributes:
        graph: with the Triggers, each once, however many events it lets through.
        parts: for each edge of the graph that it was made from, in order: which edges it is drawn as.
    """

    graph: Graph
    parts: Sequence[Sequence[int]]


def staged(graph: Graph) -> Staged:
    """Put the Triggers into the arrows that deliver."""
    nodes: list[Node] = list(graph.nodes)
    edges: list[Edge] = []
    parts: list[Sequence[int]] = []
    ends: dict[tuple[str, str], int] = {}
    for edge in graph.edges:
        if not edge.trigger:
            parts.append((len(edges),))
            edges.append(edge)
            continue
        key = edge.trigger, edge.head
        if key not in ends:
            node = Node(f"trigger-{len(ends)}", "trigger", edge.trigger, edge.asks)
            nodes.append(node)
            ends[key] = len(edges)
            edges.append(Edge(node.id, edge.head, "delivers"))
        parts.append((len(edges), ends[key]))
        edges.append(replace(edge, head=edges[ends[key]].tail))
    return Staged(replace(graph, nodes=nodes, edges=edges), parts)
