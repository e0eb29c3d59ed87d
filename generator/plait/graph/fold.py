"""A long, thin plan in strips beside each other, as a newspaper has columns."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from plait.graph.layers import Layers, Link
from plait.graph.model import Graph
from plait.graph.place import Plan, Point, Spot

_LONGEST = 1600  # px; what is shorter stays whole
_MOST_LANES = 4  # arrows that may go from one strip to the next
_LANE, _CLEAR = 7, 18  # between two of them, and between them and boxes, px
_ROOM = 2 * _CLEAR + _MOST_LANES * _LANE


@dataclass(frozen=True, slots=True)
class _Strip:
    names: frozenset[str]
    start: float
    end: float


def folded(plan: Plan, graph: Graph, layers: Layers, widest: float) -> Plan:
    """The plan in as many strips as fit side by side, cut before functions and where few arrows pass.

    Args:
        plan: from 0 on in both directions.
        graph, layers: what it was made of.
        widest: how far strips may reach, px.
    """
    long = max((spot.far for spot in plan.spots.values()), default=0)
    step = max((spot.middle + spot.breadth / 2 for spot in plan.spots.values()), default=0) + _ROOM
    count = min(int((widest + _ROOM) // step), math.ceil(long / _LONGEST))
    if count <= 1:
        return plan
    strips = list(_strips(plan, graph, layers, long / count))
    spots: dict[str, Spot] = {}
    for at, strip in enumerate(strips):
        for name in strip.names:
            spots[name] = _moved(plan.spots[name], _ROOM - strip.start, at * step)
    return Plan(spots, plan.down, dict(_detours(strips, spots, layers, step)))


def _moved(spot: Spot, along: float, across: float) -> Spot:
    return replace(spot, near=spot.near + along, far=spot.far + along, middle=spot.middle + across)


def _strips(plan: Plan, graph: Graph, layers: Layers, length: float) -> Iterator[_Strip]:
    """No shorter than length but the last, so no more than fit."""
    kinds = {node.id: node.kind for node in graph.nodes}
    before: Sequence[str] = ()
    held: list[str] = []
    for column in layers.columns:
        functions = any(kinds.get(name) in ("function", "sink") for name in column)
        if held and functions and len(_between(layers, before, column)) <= _MOST_LANES:
            strip = _strip(plan, held)
            if strip.end - strip.start >= length:
                yield strip
                held = []
        held += column
        before = column
    yield _strip(plan, held)


def _strip(plan: Plan, held: Sequence[str]) -> _Strip:
    spots = [plan.spots[name] for name in held]
    return _Strip(frozenset(held), min(spot.near for spot in spots), max(spot.far for spot in spots))


def _between(layers: Layers, before: Sequence[str], after: Sequence[str]) -> list[Link]:
    """The links from one layer to the next, once each."""
    links = {pair for at, route in enumerate(layers.routes) for pair in pairwise(_forward(layers, at, route))}
    return sorted(links & {(tail, head) for tail in before for head in after})


def _forward(layers: Layers, at: int, route: Sequence[str]) -> Sequence[str]:
    return route[::-1] if at in layers.back else route


def _detours(
    strips: Sequence[_Strip], spots: Mapping[str, Spot], layers: Layers, step: float
) -> Iterator[tuple[Link, Sequence[Point]]]:
    """Out below a strip, along the lane beside it, and in above the next; no two on one another."""
    for at, (one, other) in enumerate(pairwise(strips)):
        links = _between(layers, [*one.names], [*other.names])
        links.sort(key=lambda link: -spots[link[0]].middle)
        for number, (tail, head) in enumerate(links):
            below = _ROOM + one.end - one.start + _CLEAR + number * _LANE
            lane = (at + 1) * step - _ROOM + _CLEAR + number * _LANE
            above = _ROOM - _CLEAR - (len(links) - number) * _LANE
            corners = [(below, spots[tail].middle), (below, lane), (above, lane), (above, spots[head].middle)]
            yield (tail, head), corners
