"""Where each node stands: the layered drawing of Sugiyama, Tagawa and Toda (1981).

Cycles are broken, nodes go into columns by their longest path, long edges get a bend in each column that
they cross, and each column is ordered by the median of its neighbours until nothing gets better.
A column holds one kind of node: functions and the like, then events, then Triggers, and again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from plait.graph.model import Edge, Graph, Kind

_SWEEPS = 8
_PHASES: Mapping[Kind, int] = {"outside": 0, "function": 0, "sink": 0, "event": 1, "trigger": 2}
Link = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Layers:
    """The columns, from left to right.

    Attributes:
        columns: ids in each, from top to bottom; bends too.
        routes: for each edge, in the graph's order, the ids that it passes: tail, bends, head.
        back: indices of the edges that go back, from right to left.
    """

    columns: Sequence[Sequence[str]]
    routes: Sequence[Sequence[str]]
    back: frozenset[int]


def layers(graph: Graph) -> Layers:
    """Place the nodes. The same graph gives the same columns."""
    back = _back(graph)
    forward = [(e.head, e.tail) if at in back else (e.tail, e.head) for at, e in enumerate(graph.edges)]
    ranks = _ranks({node.id: _PHASES[node.kind] for node in graph.nodes}, forward)
    columns: dict[int, list[str]] = defaultdict(list)
    for node in graph.nodes:
        columns[ranks[node.id]].append(node.id)
    routes: list[list[str]] = []
    links: list[Link] = []
    for at, (tail, head) in enumerate(forward):
        bends = [f"bend-{at}-{rank}" for rank in range(ranks[tail] + 1, ranks[head])]
        for rank, bend in enumerate(bends, ranks[tail] + 1):
            columns[rank].append(bend)
        route = [tail, *bends, head]
        links += pairwise(route)
        routes.append(route[::-1] if at in back else route)
    ordered = _ordered([columns[rank] for rank in sorted(columns)], links)
    return Layers(ordered, routes, frozenset(back))


def _back(graph: Graph) -> set[int]:
    """Edges that close a cycle, found depth first, and loops. No recursion: paths are long."""
    leaving: dict[str, list[tuple[int, Edge]]] = defaultdict(list)
    for at, edge in enumerate(graph.edges):
        leaving[edge.tail].append((at, edge))
    back: set[int] = set()
    done: set[str] = set()
    for node in graph.nodes:
        stack, path = [(node.id, iter(leaving[node.id]))], {node.id}
        while stack and node.id not in done:
            here, rest = stack[-1]
            following = next(rest, None)
            if following is None:
                path.discard(here)
                done.add(here)
                stack.pop()
                continue
            at, edge = following
            if edge.head in path:
                back.add(at)
            elif edge.head not in done:
                path.add(edge.head)
                stack.append((edge.head, iter(leaving[edge.head])))
    return back


def _ranks(phases: Mapping[str, int], links: Sequence[Link]) -> Mapping[str, int]:
    """The longest path from the left, where each node keeps to the columns of its kind: every third."""
    entering: dict[str, list[str]] = defaultdict(list)
    leaving: dict[str, list[str]] = defaultdict(list)
    for tail, head in links:
        if tail != head:
            entering[head].append(tail)
            leaving[tail].append(head)
    ranks = dict(phases)
    missing = {node: len(entering[node]) for node in phases}
    ready = [node for node in phases if not missing[node]]
    for node in ready:
        for head in leaving[node]:
            ranks[head] = max(ranks[head], ranks[node] + 1 + (phases[head] - ranks[node] - 1) % 3)
            missing[head] -= 1
            if not missing[head]:
                ready.append(head)
    return ranks


def _ordered(columns: list[list[str]], links: Sequence[Link]) -> list[list[str]]:
    near: dict[str, list[str]] = defaultdict(list)
    for tail, head in links:
        near[tail].append(head)
        near[head].append(tail)
    best, fewest = columns, _crossings(columns, links)
    for sweep in range(_SWEEPS):
        order = range(1, len(columns)) if sweep % 2 == 0 else range(len(columns) - 2, -1, -1)
        columns = [list(column) for column in columns]
        for at in order:
            beside = columns[at - 1 if sweep % 2 == 0 else at + 1]
            places = {node: place for place, node in enumerate(beside)}
            columns[at] = _by_median(columns[at], near, places)
        crossings = _crossings(columns, links)
        if crossings < fewest:
            best, fewest = columns, crossings
    return best


def _by_median(
    column: Sequence[str], near: Mapping[str, Sequence[str]], places: Mapping[str, int]
) -> list[str]:
    def median(at: int, node: str) -> float:
        found = sorted(places[other] for other in near[node] if other in places)
        return found[len(found) // 2] if found else at

    keys = {node: median(at, node) for at, node in enumerate(column)}
    return sorted(column, key=keys.__getitem__)


def _crossings(columns: Sequence[Sequence[str]], links: Sequence[Link]) -> int:
    place = {node: (at, y) for at, column in enumerate(columns) for y, node in enumerate(column)}
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for tail, head in links:
        found[place[tail][0]].append((place[tail][1], place[head][1]))
    return sum(_inversions([head for _, head in sorted(pairs)]) for pairs in found.values())


def _inversions(numbers: Sequence[int]) -> int:
    return sum(a > b for at, a in enumerate(numbers) for b in numbers[at + 1 :])
