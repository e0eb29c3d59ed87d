"""What a picture shows, and where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from plait.graph.fold import folded
from plait.graph.frames import frames
from plait.graph.layers import Layers, layers
from plait.graph.model import Edge, Graph
from plait.graph.place import Box, Plan, place
from plait.graph.staged import Staged, staged

_MOST_ARROWS = 3


@dataclass(frozen=True, slots=True)
class Scene:
    """All that is drawn.

    Attributes:
        edges: the graph's, but for dead letters that a sentence tells.
        told: sentences below the title.
        drawn: the nodes, and what each of the edges is drawn as.
        layers, plan: the order and the places of the nodes.
        steps: the Broker's frames.
        width, height: of all that has a place, from 0 on, px.
    """

    edges: Sequence[Edge]
    told: Sequence[str]
    drawn: Staged
    layers: Layers
    plan: Plan
    steps: Sequence[Box]
    width: float
    height: float


def scene(graph: Graph, widest: float) -> Scene:
    """Lay the graph out.

    The flow goes to the right where that is no wider than widest (px), else to the right or down, what is
    narrower; down in strips where it is long and thin.
    """
    graph, told = _told(graph)
    drawn = staged(graph)
    placed = layers(drawn.graph)
    right, down = (place(drawn.graph, placed, down=down) for down in (False, True))
    plan = right
    if _width(drawn.graph, placed, right) > max(widest, _width(drawn.graph, placed, down)):
        plan = folded(down, drawn.graph, placed, widest)
    steps = frames(drawn.graph, placed, plan)
    width, height = _extent(plan, steps)
    return Scene(graph.edges, told, drawn, placed, plan, steps, width, height)


def _told(graph: Graph) -> tuple[Graph, Sequence[str]]:
    """What lines mean. Where many send dead letters to one place, a sentence says it better than arrows."""
    count = Counter(edge.head for edge in graph.edges if edge.way == "dead")
    many = {name: number for name, number in count.items() if number > _MOST_ARROWS}
    edges = [edge for edge in graph.edges if edge.way != "dead" or edge.head not in many]
    told = [
        f"dead letters of {number} functions go to {graph.node(name).label}" for name, number in many.items()
    ]
    return replace(graph, edges=edges), [*_legend(edges), *told]


def _legend(edges: Sequence[Edge]) -> Iterator[str]:
    if any(edge.way == "dead" for edge in edges):
        yield "dashed, red: dead letters"
    if not all(edge.sure for edge in edges):
        yield "dotted: only what the Trigger's filter lets through"


def _width(graph: Graph, placed: Layers, plan: Plan) -> float:
    return _extent(plan, frames(graph, placed, plan))[0]


def _extent(plan: Plan, steps: Sequence[Box]) -> tuple[float, float]:
    boxes = [*(plan.box(name) for name in plan.spots), *steps, *plan.corners()]
    return (
        max((box.x + box.width for box in boxes), default=0),
        max((box.y + box.height for box in boxes), default=0),
    )
