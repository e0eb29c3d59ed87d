"""The flow of events as a picture: text for a terminal, mermaid, dot, svg and JSON from one Graph."""

from plait.graph.build import build
from plait.graph.forms import FORMS
from plait.graph.model import Edge, Graph, Node
from plait.graph.svg import svg

__all__ = ["FORMS", "Edge", "Graph", "Node", "build", "svg"]
