"""Coordinates: layers side by side, or one below the other where that is narrower.

Within a layer each node stands as near to its neighbours in the layers beside it as the others let it
(least squares under a fixed order, by pooling adjacent violators), which makes long arrows straight.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

from plait.graph.layers import Layers, Link
from plait.graph.model import Graph, Kind, Node
from plait.graph.shapes import size

_GAP, _BEND_GAP = 22, 12  # between two boxes of a layer, and beside an arrow that passes, px
_SPACES: Mapping[Kind, float] = {"event": 46, "trigger": 26}  # before a layer of a kind, px
_SPACE, _BEND_SPACE = 38, 12  # before any other, and before one of bends alone
_SWEEPS = 12
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a node or a bend stands, px.

    Attributes:
        near, far: where its layer's arrows come in and leave; the flow goes from near to far.
        middle: of the other direction.
        breadth: in that direction; 0 for a bend.
    """

    near: float
    far: float
    middle: float
    breadth: float


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, px."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Plan:
    """Where everything stands.

    Attributes:
        spots: by the id of a node or a bend.
        down: whether the flow goes down, not to the right.
        detours: the corners, along and across the flow, of the links between two layers that go round.
    """

    spots: Mapping[str, Spot]
    down: bool
    detours: Mapping[Link, Sequence[Point]] = field(default_factory=dict)

    def box(self, name: str) -> Box:
        """The rectangle of a node."""
        spot = self.spots[name]
        start, long = spot.middle - spot.breadth / 2, spot.far - spot.near
        if self.down:
            return Box(start, spot.near, spot.breadth, long)
        return Box(spot.near, start, long, spot.breadth)

    def corners(self) -> Iterator[Box]:
        """Of the detours, each as a rectangle without room."""
        for corners in self.detours.values():
            for along, across in corners:
                yield Box(across, along, 0, 0) if self.down else Box(along, across, 0, 0)

    def point(self, at: Point) -> str:
        """Coordinates in the picture, x first, of a place along and across the flow."""
        along, across = at
        return f"{across:g} {along:g}" if self.down else f"{along:g} {across:g}"


def place(graph: Graph, layers: Layers, *, down: bool) -> Plan:
    """All spots, from 0 on in both directions."""
    nodes = {node.id: node for node in graph.nodes}
    sizes = {name: _turned(size(node), down=down) for name, node in nodes.items()}
    middles = _middles(layers, sizes)
    spots: dict[str, Spot] = {}
    start = 0.0
    for column in layers.columns:
        start += _space(column, nodes) if spots else 0
        thick = max((sizes[name][0] for name in column if name in sizes), default=0)
        for name in column:
            long, breadth = sizes.get(name, (thick, 0))
            near = start + (thick - long) / 2
            spots[name] = Spot(near, near + long, middles[name], breadth)
        start += thick
    return Plan(spots, down)


def _turned(both: tuple[float, float], *, down: bool) -> tuple[float, float]:
    """Along and across the flow."""
    width, height = both
    return (height, width) if down else (width, height)


def _space(column: Sequence[str], nodes: Mapping[str, Node]) -> float:
    kinds = [nodes[name].kind for name in column if name in nodes]
    return max((_SPACES.get(kind, _SPACE) for kind in kinds), default=_BEND_SPACE)


def _middles(layers: Layers, sizes: Mapping[str, tuple[float, float]]) -> Mapping[str, float]:
    beside = _beside(layers)
    apart = [[_apart(a, b, sizes) for a, b in pairwise(column)] for column in layers.columns]
    middles: dict[str, float] = {}
    for column, gaps in zip(layers.columns, apart, strict=True):
        middles |= zip(column, settled([0.0] * len(column), gaps), strict=True)
    for sweep in range(_SWEEPS):
        back = sweep % 2
        for column, gaps in [*zip(layers.columns, apart, strict=True)][:: -1 if back else 1]:
            wishes = [_wish(name, beside[back][name], middles) for name in column]
            middles |= zip(column, settled(wishes, gaps), strict=True)
    least = min((middle - sizes.get(name, (0, 0))[1] / 2 for name, middle in middles.items()), default=0)
    return {name: round(middle - least, 1) for name, middle in middles.items()}


def _beside(layers: Layers) -> tuple[Mapping[str, list[str]], Mapping[str, list[str]]]:
    """The neighbours of each spot in the layer before and in the one after."""
    before: dict[str, list[str]] = defaultdict(list)
    after: dict[str, list[str]] = defaultdict(list)
    for at, route in enumerate(layers.routes):
        for tail, head in pairwise(route[::-1] if at in layers.back else route):
            if tail != head:
                after[tail].append(head)
                before[head].append(tail)
    return before, after


def _apart(one: str, other: str, sizes: Mapping[str, tuple[float, float]]) -> float:
    gap = _GAP if one in sizes and other in sizes else _BEND_GAP
    return (sizes.get(one, (0, 0))[1] + sizes.get(other, (0, 0))[1]) / 2 + gap


def _wish(name: str, near: Sequence[str], middles: Mapping[str, float]) -> float:
    return sum(middles[other] for other in near) / len(near) if near else middles[name]


def settled(wishes: Sequence[float], apart: Sequence[float]) -> list[float]:
    """Places in this order, as near to the wishes as can be, no two nearer to each other than they may.

    Args:
        wishes: one for each.
        apart: the least distance from each to the next; one less.
    """
    offsets = list(accumulate(apart, initial=0.0))
    blocks: list[tuple[float, int]] = []
    for wish, offset in zip(wishes, offsets, strict=False):
        mean, count = wish - offset, 1
        while blocks and blocks[-1][0] > mean:
            other, number = blocks.pop()
            mean, count = (mean * count + other * number) / (count + number), count + number
        blocks.append((mean, count))
    pooled = [mean for mean, count in blocks for _ in range(count)]
    return [mean + offset for mean, offset in zip(pooled, offsets, strict=False)]
