"""The arrows of a picture."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from xml.sax.saxutils import escape

from plait.graph.model import Edge
from plait.graph.place import Box, Plan, Point, Spot
from plait.graph.scene import Scene

_BESIDE = 9  # an arrow back runs beside the one that it answers, px


def arrow(scene: Scene, edge: Edge, parts: Sequence[int]) -> str:
    """A group with the two ids of an edge; the first path of one that delivers leads to the Trigger."""
    routes, back = scene.layers.routes, scene.layers.back
    tip = _tip(scene.plan, scene.plan.spots[routes[parts[-1]][-1]], back=parts[-1] in back)
    dead = " dead" if edge.way == "dead" else ""
    title = escape(edge.label or edge.way)
    return "".join(
        [
            f'<g data-from="{edge.tail}" data-to="{edge.head}"><title>{title}</title>',
            *(_path(scene.plan, scene.drawn.graph.edges[at], routes[at], back=at in back) for at in parts),
            f'<path class="tip{dead}" d="{tip}"/></g>',
        ]
    )


def _path(plan: Plan, edge: Edge, route: Sequence[str], *, back: bool) -> str:
    line = _loop(plan.box(edge.tail)) if edge.tail == edge.head else _curve(plan, route, back=back)
    styles = ["edge", "dead" if edge.way == "dead" else "", "" if edge.sure else "maybe"]
    return f'<path class="{" ".join(filter(None, styles))}" d="{line}"/>'


def _curve(plan: Plan, route: Sequence[str], *, back: bool) -> str:
    """Through all stops; one that goes back leaves and arrives on the far sides."""
    beside = _BESIDE * back
    spots = [plan.spots[name] for name in route]
    ways = [(spot.far, spot.near) if back else (spot.near, spot.far) for spot in spots]
    parts = [f"M{plan.point((ways[0][1], spots[0].middle + beside))}"]
    for at, link in enumerate(pairwise(route), 1):
        start = ways[at - 1][1], spots[at - 1].middle + beside
        end = ways[at][0], spots[at].middle + beside
        corners = plan.detours.get(link) or plan.detours.get(link[::-1], ())[::-1]
        parts.append(_around(plan, corners, end, beside) if corners else _bend(plan, start, end))
        if at < len(ways) - 1 and ways[at][0] != ways[at][1]:
            parts.append(f"L{plan.point((ways[at][1], end[1]))}")
    return "".join(parts)


def _bend(plan: Plan, start: Point, end: Point) -> str:
    half = (start[0] + end[0]) / 2
    return "C" + " ".join(map(plan.point, ((half, start[1]), (half, end[1]), end)))


def _around(plan: Plan, corners: Sequence[Point], end: Point, beside: float) -> str:
    first, *others, last = corners
    ways = (first[0], first[1] + beside), *others, (last[0], last[1] + beside), end
    return "".join(f"L{plan.point(way)}" for way in ways)


def _tip(plan: Plan, spot: Spot, *, back: bool) -> str:
    along, across = spot.far if back else spot.near, spot.middle + _BESIDE * back
    base = along + (8 if back else -8)
    corners = (along, across), (base, across - 4), (base, across + 4)
    return "M" + "L".join(map(plan.point, corners)) + "z"


def _loop(box: Box) -> str:
    right, top, middle = box.x + box.width, box.y, box.y + box.height / 2
    bend = f"{right + 40:g} {middle:g} {right + 20:g} {top - 20:g} {right - 20:g} {top:g}"
    return f"M{right:g} {middle:g}C{bend}"
