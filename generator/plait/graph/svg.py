"""The graph as a picture, light and dark as the reader has it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from xml.sax.saxutils import escape

from plait.graph.layers import Layers, layers
from plait.graph.model import Edge, Graph, Node

_FONT = 13
_LETTER = 7.4  # a wide average of sans-serif at that size: text must fit in any font
_MOST_LETTERS = 38
_HEIGHT, _LINE, _GAP, _BEND = 30, 17, 22, 18
_SPACE, _MARGIN, _HEAD = 72, 24, 40
_MOST_ARROWS = 3
_BESIDE = 9  # an arrow back runs below the one that it answers
_STYLE = """\
text{font:13px system-ui,sans-serif;fill:#1f2328}.small{font-size:11px;fill:#59636e}
.title{font-weight:600;font-size:15px}.note{fill:#9a6700;font-size:11px}
.paper{fill:#fff}.node{fill:#f6f8fa;stroke:#818b98}.function{fill:#ddf4ff;stroke:#0969da}
.event{fill:#fff8c5;stroke:#bf8700}.sink{fill:#ffebe9;stroke:#cf222e}
.edge{fill:none;stroke:#818b98;stroke-width:1.5}.dead{stroke:#cf222e;stroke-dasharray:5 4}
.maybe{stroke-dasharray:2 4}.tip{fill:#818b98}.tip.dead{fill:#cf222e;stroke:none}
@media(prefers-color-scheme:dark){text{fill:#f0f6fc}.small{fill:#9198a1}.note{fill:#d29922}.paper{fill:#0d1117}
.node{fill:#151b23;stroke:#656c76}.function{fill:#121d2f;stroke:#4493f8}.event{fill:#272115;stroke:#9e6a03}
.sink{fill:#25171c;stroke:#f85149}.edge{stroke:#656c76}.dead{stroke:#f85149}.tip{fill:#656c76}
.tip.dead{fill:#f85149}}"""


@dataclass(frozen=True, slots=True)
class _Box:
    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> float:
        return self.y + self.height / 2


def svg(graph: Graph) -> str:
    """The picture. Each node is a group with its id, each edge a path with its two: a page can find them."""
    graph, told = _told(graph)
    placed = layers(graph)
    boxes = _place(graph, placed, _HEAD + _MARGIN + _LINE * len(told))
    width = max([box.x + box.width for box in boxes.values()], default=200) + _MARGIN
    height = max([box.y + box.height for box in boxes.values()], default=_HEAD) + _MARGIN
    title = f"{graph.title}, through Broker {graph.broker}"
    width = max(width, len(title) * _LETTER * 1.2 + 2 * _MARGIN)
    size = f'viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}"'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label="{_attribute(title)}">',
            f"<style>{_STYLE}</style>",
            f'<rect class="paper" width="{width:g}" height="{height:g}"/>',
            f'<text class="title" x="{_MARGIN}" y="{_MARGIN + 2}">{escape(title)}</text>',
            *(_line(text, at) for at, text in enumerate(told)),
            *_edges(graph, placed, boxes),
            *(_node(node, boxes[node.id]) for node in graph.nodes),
            "</svg>",
        ]
    )


def _told(graph: Graph) -> tuple[Graph, Sequence[str]]:
    """Where many send their dead letters to one place, a sentence says it better than as many arrows."""
    count = Counter(edge.head for edge in graph.edges if edge.way == "dead")
    many = {name: number for name, number in count.items() if number > _MOST_ARROWS}
    edges = [edge for edge in graph.edges if edge.way != "dead" or edge.head not in many]
    told = [
        f"dead letters of {number} functions go to {graph.node(name).label}" for name, number in many.items()
    ]
    return replace(graph, edges=edges), told


def _line(text: str, at: int) -> str:
    return f'<text class="small" x="{_MARGIN}" y="{_MARGIN + 2 + _LINE * (at + 1)}">{escape(text)}</text>'


def _place(graph: Graph, placed: Layers, top: float) -> Mapping[str, _Box]:
    nodes = {node.id: node for node in graph.nodes}
    tall = [sum(_height(nodes.get(name)) + _GAP for name in column) for column in placed.columns]
    boxes: dict[str, _Box] = {}
    x: float = _MARGIN
    for column, length in zip(placed.columns, tall, strict=True):
        width = max(_width(nodes.get(name)) for name in column)
        y = top + (max(tall) - length) / 2
        for name in column:
            own, height = _width(nodes.get(name)), _height(nodes.get(name))
            boxes[name] = _Box(x + (width - own) / 2 if name in nodes else x, y, own or width, height)
            y += height + _GAP
        x += width + _SPACE
    return boxes


def _texts(node: Node) -> Sequence[str]:
    return [text for text in (node.label, node.detail, node.note) if text]


def _width(node: Node | None) -> float:
    if node is None:
        return 0
    return min(max(map(len, _texts(node))), _MOST_LETTERS) * _LETTER + 28


def _height(node: Node | None) -> float:
    return _BEND if node is None else _HEIGHT + _LINE * (len(_texts(node)) - 1)


def _node(node: Node, box: _Box) -> str:
    radius = {"event": box.height / 2, "outside": box.height / 2}.get(node.kind, 5)
    kind = node.kind if node.kind != "outside" else ""
    style = f"node {kind}".strip()
    size = f'x="{box.x:g}" y="{box.y:g}" width="{box.width:g}" height="{box.height:g}" rx="{radius:g}"'
    lines = [
        f'<g id="{node.id}"><title>{escape(" ".join([*_texts(node), node.about]).strip())}</title>',
        f'<rect class="{style}" {size}/>',
    ]
    styles = {node.label: "", node.detail: ' class="small"', node.note: ' class="note"'}
    for at, text in enumerate(_texts(node)):
        x, y = box.x + box.width / 2, box.y + 20 + at * _LINE
        lines.append(
            f'<text{styles[text]} x="{x:g}" y="{y:g}" text-anchor="middle">{escape(_cut(text))}</text>'
        )
    return "".join([*lines, "</g>"])


def _cut(text: str) -> str:
    """The end tells more than the middle: com.example.order.paid."""
    if len(text) <= _MOST_LETTERS:
        return text
    return f"{text[:12]}…{text[-(_MOST_LETTERS - 13) :]}"


def _edges(graph: Graph, placed: Layers, boxes: Mapping[str, _Box]) -> Iterator[str]:
    for at, (edge, route) in enumerate(zip(graph.edges, placed.routes, strict=True)):
        yield _edge(edge, [boxes[name] for name in route], back=at in placed.back)


def _edge(edge: Edge, stops: Sequence[_Box], *, back: bool) -> str:
    """A curve through all stops; one that goes back leaves and arrives on the far sides."""
    path = _loop(stops[0]) if edge.tail == edge.head else _curve(stops, back=back)
    last = stops[-1]
    tip_x, sign = (last.x + last.width, 1) if back else (last.x, -1)
    tip_y = last.middle + _BESIDE * back
    style = " ".join(
        filter(None, ["edge", "dead" if edge.way == "dead" else "", "" if edge.sure else "maybe"])
    )
    tip = f"M{tip_x:g} {tip_y:g}l{sign * 8} -4v8z"
    name = f"{edge.label or edge.way}"
    dead = " dead" if edge.way == "dead" else ""
    return (
        f'<g data-from="{edge.tail}" data-to="{edge.head}"><title>{escape(name)}</title>'
        f'<path class="{style}" d="{path}"/><path class="tip{dead}" d="{tip}"/></g>'
    )


def _curve(stops: Sequence[_Box], *, back: bool) -> str:
    first = stops[0]
    below = _BESIDE * back
    x, y = (first.x if back else first.x + first.width), first.middle + below
    parts = [f"M{x:g} {y:g}"]
    for box in stops[1:]:
        near, far = (box.x + box.width, box.x) if back else (box.x, box.x + box.width)
        bend, level = (near - x) / 2, box.middle + below
        parts.append(f"C{x + bend:g} {y:g} {near - bend:g} {level:g} {near:g} {level:g}")
        if box is not stops[-1]:
            parts.append(f"L{far:g} {level:g}")
        x, y = far, level
    return "".join(parts)


def _loop(box: _Box) -> str:
    right, top = box.x + box.width, box.y
    bend = f"{right + 40:g} {box.middle:g} {right + 20:g} {top - 20:g} {right - 20:g} {top:g}"
    return f"M{right:g} {box.middle:g}C{bend}"


def _attribute(text: str) -> str:
    return escape(text, {'"': "&quot;"})
