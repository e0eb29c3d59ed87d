"""The layered drawing: properties of any graph."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from plait.graph.layers import layers
from plait.graph.model import Edge, Graph, Kind, Node

KINDS: tuple[Kind, ...] = ("outside", "function", "event", "sink", "trigger")
NAMES = st.integers(0, 9).map("n{}".format)


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """Up to ten nodes of all kinds and any edges between them, cycles and loops too."""
    kinds = draw(st.lists(st.sampled_from(KINDS), min_size=10, max_size=10))
    nodes = [Node(f"n{at}", kind, f"n{at}") for at, kind in enumerate(kinds)]
    pairs = draw(st.lists(st.tuples(NAMES, NAMES), max_size=25))
    return Graph("g", "default", nodes, [Edge(tail, head, "delivers") for tail, head in pairs])


@given(graphs())
def test_every_node_has_one_place_and_every_edge_its_way(graph: Graph) -> None:
    """An edge goes from column to column without leaving one out; only a back edge goes left."""
    placed = layers(graph)
    names = [name for column in placed.columns for name in column]
    assert len(names) == len(set(names))
    assert {node.id for node in graph.nodes} <= set(names)
    column = {name: at for at, held in enumerate(placed.columns) for name in held}
    for at, (edge, route) in enumerate(zip(graph.edges, placed.routes, strict=True)):
        assert (route[0], route[-1]) == (edge.tail, edge.head)
        step = -1 if at in placed.back else 1
        steps = {column[b] - column[a] for a, b in pairwise(route)}
        assert steps == ({0} if edge.tail == edge.head else {step})


@given(graphs())
def test_the_same_graph_gives_the_same_drawing(graph: Graph) -> None:
    """No clock, no hash order."""
    assert layers(graph) == layers(graph)


@given(graphs())
def test_a_column_holds_one_kind(graph: Graph) -> None:
    """Functions and the like, or events, or Triggers: that is where the Broker's frame goes round."""
    kinds = {node.id: node.kind for node in graph.nodes}
    for column in layers(graph).columns:
        held = {kinds[name] for name in column if name in kinds}
        assert len(held) <= 1 or held <= {"outside", "function", "sink"}


def test_a_chain_of_thousands() -> None:
    """No recursion."""
    kinds: tuple[Kind, ...] = ("function", "event", "trigger")
    nodes = [Node(f"n{at}", kinds[at % 3], "n") for at in range(3000)]
    graph = Graph("g", "b", nodes, [Edge(f"n{at}", f"n{at + 1}", "delivers") for at in range(2999)])
    assert len(layers(graph).columns) == 3000
