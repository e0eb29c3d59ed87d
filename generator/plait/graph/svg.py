"""The graph as a picture, light and dark as the reader has it."""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape

from plait.graph.arrows import arrow
from plait.graph.frames import HEAD, PAD
from plait.graph.model import Graph, Node
from plait.graph.place import Box
from plait.graph.scene import Scene, scene
from plait.graph.shapes import LINE, SMALL_LETTER, cut, texts, title_width

_MARGIN, _TITLE = 24, 40
_WIDEST = 1000  # px; a README shows no more without making the letters smaller
_STYLE = """\
text{font:13px system-ui,sans-serif;fill:#1f2328}.small{font-size:11px;fill:#59636e}
.title{font-weight:600;font-size:15px}.note{fill:#9a6700;font-size:11px}
.paper{fill:#fff}.broker{fill:#f6f8fa;stroke:#d1d9e0}.over{paint-order:stroke;stroke:#f6f8fa;stroke-width:4px}
.node{fill:#fff;stroke:#818b98}.function{fill:#ddf4ff;stroke:#0969da}
.event{fill:#fff8c5;stroke:#bf8700}.sink{fill:#ffebe9;stroke:#cf222e}
.edge{fill:none;stroke:#818b98;stroke-width:1.5}.dead{stroke:#cf222e;stroke-dasharray:5 4}
.maybe{stroke-dasharray:2 4}.tip{fill:#818b98}.tip.dead{fill:#cf222e;stroke:none}
@media(prefers-color-scheme:dark){text{fill:#f0f6fc}.small{fill:#9198a1}.note{fill:#d29922}.paper{fill:#0d1117}
.broker{fill:#151b23;stroke:#3d444d}.over{stroke:#151b23}
.node{fill:#0d1117;stroke:#656c76}.function{fill:#121d2f;stroke:#4493f8}.event{fill:#272115;stroke:#9e6a03}
.sink{fill:#25171c;stroke:#f85149}.edge{stroke:#656c76}.dead{stroke:#f85149}.tip{fill:#656c76}
.tip.dead{fill:#f85149}}"""


def svg(graph: Graph, widest: float = _WIDEST) -> str:
    """The picture. Each node is a group with its id, each edge a group with its two: a page can find them.

    Args:
        graph: what to draw.
        widest: where the flow would be wider than this (px) it goes down, if that is narrower.
    """
    title = f"{graph.title}, through Broker {graph.broker}"
    shown = scene(graph, widest)
    top = _TITLE + _MARGIN + LINE * len(shown.told) + HEAD - PAD
    width = max(shown.width + 2 * (_MARGIN + PAD), title_width(title) + 2 * _MARGIN)
    height = shown.height + top + _MARGIN + PAD
    size = f'width="{width:g}" height="{height:g}"'
    drawing = f'viewBox="0 0 {width:g} {height:g}" {size} role="img" aria-label="{_attribute(title)}"'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" {drawing}>',
            f"<style>{_STYLE}</style>",
            f'<rect class="paper" {size}/>',
            f'<text class="title" x="{_MARGIN}" y="{_MARGIN + 2}">{escape(title)}</text>',
            *(_line(text, at) for at, text in enumerate(shown.told)),
            f'<g transform="translate({_MARGIN + PAD} {top})">',
            *_parts(shown, f"Broker {graph.broker}"),
            "</g>",
            "</svg>",
        ]
    )


def _parts(shown: Scene, broker: str) -> Iterator[str]:
    """From below to above: arrows pass frames, their names are legible over arrows, boxes cover ends."""
    yield from map(_frame, shown.steps)
    for edge, parts in zip(shown.edges, shown.drawn.parts, strict=True):
        yield arrow(shown, edge, parts)
    for step in shown.steps:
        yield _named(step, broker)
    for node in shown.drawn.graph.nodes:
        yield _node(node, shown.plan.box(node.id))


def _line(text: str, at: int) -> str:
    return f'<text class="small" x="{_MARGIN}" y="{_MARGIN + 2 + LINE * (at + 1)}">{escape(text)}</text>'


def _frame(box: Box) -> str:
    """A path, as boxes are rects. Where no style sheet knows it, it is an outline all the same."""
    line = f"M{box.x:g} {box.y:g}h{box.width:g}v{box.height:g}h{-box.width:g}z"
    return f'<path class="broker" fill="none" stroke="#818b98" stroke-width=".75" d="{line}"/>'


def _named(box: Box, label: str) -> str:
    """Above the arrows that pass the frame."""
    shown = cut(label, int((box.width - 2 * PAD) / SMALL_LETTER))
    return f'<text class="small over" x="{box.x + PAD:g}" y="{box.y + 15:g}">{escape(shown)}</text>'


def _node(node: Node, box: Box) -> str:
    radius = {"event": box.height / 2, "outside": box.height / 2, "trigger": 11}.get(node.kind, 5)
    whole = " ".join(filter(None, (node.label, node.detail, node.note, node.about)))
    own = 'class="trigger"' if node.kind == "trigger" else f'id="{node.id}"'
    style = f"node {'' if node.kind in ('outside', 'trigger') else node.kind}".strip()
    size = f'x="{box.x:g}" y="{box.y:g}" width="{box.width:g}" height="{box.height:g}" rx="{radius:g}"'
    lines = [f'<g {own}><title>{escape(whole)}</title><rect class="{style}" {size}/>']
    first = 15 if node.kind == "trigger" else 20
    for at, text in enumerate(texts(node)):
        x, y = box.x + box.width / 2, box.y + first + at * LINE
        kind = f' class="{text.style}"' if text.style else ""
        lines.append(f'<text{kind} x="{x:g}" y="{y:g}" text-anchor="middle">{escape(text.shown)}</text>')
    return "".join([*lines, "</g>"])


def _attribute(text: str) -> str:
    return escape(text, {'"': "&quot;"})
