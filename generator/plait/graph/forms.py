"""The graph as text, mermaid, dot, svg and JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict

from plait.graph.model import Edge, Graph, Node
from plait.graph.svg import svg


def text(graph: Graph) -> str:
    """For a terminal: who emits, what, and who takes it."""
    return "\n".join(_lines(graph))


def _lines(graph: Graph) -> Iterator[str]:
    yield f"{graph.title}, through Broker {graph.broker}"
    shown: set[str] = set()
    for node in graph.nodes:
        if node.kind in ("outside", "function"):
            yield ""
            yield " ".join(filter(None, [node.label, f"({node.detail})" if node.detail else ""]))
            for edge in graph.edges:
                if edge.tail == node.id and edge.way == "emits":
                    shown.add(edge.head)
                    yield from _event(graph, graph.node(edge.head), "  ")
                elif edge.tail == node.id and edge.way == "dead":
                    yield f"  dead letters -> {graph.node(edge.head).label}"
    rest = [node for node in graph.nodes if node.kind == "event" and node.id not in shown]
    if rest:
        yield from ("", "emitted by no function")
    for node in rest:
        yield from _event(graph, node, "  ")


def _event(graph: Graph, node: Node, indent: str) -> Iterator[str]:
    note = f"  ({node.note})" if node.note else ""
    yield f"{indent}{' '.join(filter(None, [node.label, node.detail]))}{note}"
    if node.about:
        yield f"{indent}  {node.about}"
    for edge in graph.edges:
        if edge.tail == node.id:
            maybe = "" if edge.sure else ", maybe"
            yield f"{indent}  -> {graph.node(edge.head).label}  (Trigger {edge.label}{maybe})"


_SHAPES = {
    "outside": ('(["', '"])'),
    "function": ('["', '"]'),
    "event": ('{{"', '"}}'),
    "sink": ('[/"', '"/]'),
}
_ARROWS = {"emits": "-->", "delivers": "-->", "dead": "-.->"}


def mermaid(graph: Graph) -> str:
    """A flowchart, which GitHub and GitLab draw in Markdown."""
    events, others = _sorted(graph)
    lines = ["flowchart LR"]
    if events:
        lines.append(f'  subgraph broker["{_entity(f"Broker {graph.broker}")}"]')
        lines += [f"    {_mermaid_node(node)}" for node in events] + ["  end"]
    lines += [f"  {_mermaid_node(node)}" for node in others]
    for edge in graph.edges:
        arrow = _ARROWS[edge.way] if edge.sure else "-.->"
        label = f'|"{_entity(_label(edge))}"|' if _label(edge) else ""
        lines.append(f"  {edge.tail} {arrow}{label} {edge.head}")
    return "\n".join(lines)


def _mermaid_node(node: Node) -> str:
    before, after = _SHAPES[node.kind]
    label = "<br>".join(map(_entity, filter(None, (node.label, node.detail, node.note))))
    return f"{node.id}{before}{label}{after}"


def _sorted(graph: Graph) -> tuple[Sequence[Node], Sequence[Node]]:
    """What stands in the Broker's frame, and the rest."""
    events = [node for node in graph.nodes if node.kind == "event"]
    return events, [node for node in graph.nodes if node.kind != "event"]


def _label(edge: Edge) -> str:
    return "dead letters" if edge.way == "dead" else edge.label


_ENTITIES = {ord(char): f"#{ord(char)};" for char in '"#<>&`{}|[]()\\'}


def _entity(value: str) -> str:
    """Mermaid's own escapes."""
    return value.translate(_ENTITIES)


_DOT_SHAPES = {"outside": "oval", "function": "box", "event": "hexagon", "sink": "cylinder"}


def dot(graph: Graph) -> str:
    """For Graphviz."""
    events, others = _sorted(graph)
    fonts = [f'  {kind} [fontname="sans-serif"];' for kind in ("graph", "node", "edge")]
    lines = [f"digraph {_quoted(graph.title)} {{", "  rankdir=LR;", *fonts]
    if events:
        lines.append(f"  subgraph cluster_broker {{ label={_quoted(f'Broker {graph.broker}')}; style=dashed;")
        lines += [f"    {_dot_node(node)}" for node in events] + ["  }"]
    lines += [f"  {_dot_node(node)}" for node in others]
    for edge in graph.edges:
        style = "dashed" if edge.way == "dead" or not edge.sure else "solid"
        lines.append(f'  "{edge.tail}" -> "{edge.head}" [style={style}, label={_quoted(_label(edge))}];')
    return "\n".join([*lines, "}"])


def _dot_node(node: Node) -> str:
    label = "\\n".join(_escaped(part) for part in (node.label, node.detail, node.note) if part)
    tip = f", tooltip={_quoted(node.about)}" if node.about else ""
    return f'"{node.id}" [shape={_DOT_SHAPES[node.kind]}, label="{label}"{tip}];'


def _quoted(value: str) -> str:
    return f'"{_escaped(value)}"'


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"')


def as_json(graph: Graph) -> str:
    """For programs: nodes and edges with all that the Graph knows."""
    return json.dumps(asdict(graph), indent=2)


FORMS: Mapping[str, Callable[[Graph], str]] = {
    "text": text,
    "mermaid": mermaid,
    "dot": dot,
    "svg": svg,
    "json": as_json,
}
