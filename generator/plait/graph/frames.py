"""The Broker in a picture: a frame around each step through it, events and the Triggers behind them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from plait.graph.layers import Layers
from plait.graph.model import Graph
from plait.graph.place import Box, Plan

PAD, HEAD = 10, 24  # around what it holds, and above that for the Broker's name, px


def frames(graph: Graph, layers: Layers, plan: Plan) -> list[Box]:
    """In the flow's order."""
    return [_around([plan.box(name) for name in step]) for step in _steps(graph, layers)]


def _steps(graph: Graph, layers: Layers) -> Iterator[Sequence[str]]:
    """A layer of events and the layer of Triggers after it, without what only passes by."""
    kinds = {node.id: node.kind for node in graph.nodes}
    step: list[str] = []
    for column in layers.columns:
        held = [name for name in column if kinds.get(name) in ("event", "trigger")]
        if step and (not held or kinds[held[0]] == "event"):
            yield step
            step = []
        step += held
    if step:
        yield step


def _around(boxes: Sequence[Box]) -> Box:
    left, top = min(box.x for box in boxes), min(box.y for box in boxes)
    right, bottom = max(box.x + box.width for box in boxes), max(box.y + box.height for box in boxes)
    return Box(left - PAD, top - HEAD, right - left + 2 * PAD, bottom - top + HEAD + PAD)
