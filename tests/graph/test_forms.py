"""One flow in every form."""

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from plait.cli.main import run
from plait.graph import FORMS, Graph
from tests.graph.flows import SHOP, of, shop_with
from tests.support.golden import Golden

GOLDEN = Path(__file__).parent / "golden"
SUFFIXES = {"text": "txt", "mermaid": "mmd", "dot": "dot", "svg": "svg", "json": "json"}


@pytest.fixture
def graph(tmp_path: Path) -> Graph:
    """The shop's, as its environment runs it."""
    return of(SHOP.read_text(), tmp_path)


def test_every_form(graph: Graph, golden: Golden) -> None:
    """Loops, dead letters, filters on more than is declared, events that nobody emits or hears."""
    golden.compare({f"shop.{SUFFIXES[form]}": draw(graph) + "\n" for form, draw in FORMS.items()}, GOLDEN)


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str], graph: Graph) -> None:
    """--env shows what an environment runs; without it, what functions.yaml says."""
    assert run(["-C", str(tmp_path), "graph", "--env", "dev"]) == 0
    assert capsys.readouterr().out == FORMS["text"](graph) + "\n"
    assert run(["-C", str(tmp_path), "graph", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["title"] == "shop"
    assert run(["-C", str(tmp_path), "graph", "--env", "nope"]) == 2


def test_what_a_gated_environment_lacks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A function that is not promoted yet is not drawn."""
    text = SHOP.read_text().replace(
        "kubernetes}}", "kubernetes}, prod: {platform: kubernetes, promotesFrom: dev}}"
    )
    (tmp_path / "functions.yaml").write_text(text)
    folder = str(tmp_path)
    assert run(["-C", folder, "generate"]) == 0
    assert run(["-C", folder, "promote", "dev", "prod", "audit"]) == 0
    capsys.readouterr()
    assert run(["-C", folder, "graph", "--env", "prod"]) == 0
    out = capsys.readouterr().out
    assert "audit (container 1.2.0)" in out
    assert "orders" not in out


def test_the_picture_is_xml_with_unique_ids(graph: Graph) -> None:
    """Names hold markup here; a page finds each node and edge."""
    root = ET.fromstring(FORMS["svg"](graph))  # noqa: S314 - our own
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert sorted(filter(None, ids)) == sorted(node.id for node in graph.nodes)
    arrows = [
        (element.get("data-from"), element.get("data-to"))
        for element in root.iter()
        if element.get("data-from")
    ]
    assert sorted(arrows, key=str) == sorted(((edge.tail, edge.head) for edge in graph.edges), key=str)


FOLDED = """
        - name: folded
          filters:
            - cesql: |
                subject = 'a  b'
                  AND type LIKE '%.paid'
"""


def test_a_filter_of_several_lines_is_one_line(tmp_path: Path) -> None:
    """A CESQL block keeps its blanks and loses its line breaks, in every form for people."""
    graph = of(shop_with("audit", FOLDED), tmp_path)
    folded = "subject = 'a  b' AND type LIKE '%.paid'"
    lines = FORMS["text"](graph).splitlines()
    assert f"    -> audit  (Trigger folded: {folded}, maybe)" in lines
    assert {edge.label for edge in graph.edges if edge.trigger == "folded"} == {f"folded: {folded}"}


def test_an_event_that_only_a_filter_names_is_one_line(tmp_path: Path) -> None:
    """Where nothing that is declared matches, the filter itself stands in the box of the event."""
    graph = of(shop_with("audit", FOLDED.replace("%.paid", "none")), tmp_path)
    line = "events where subject = 'a  b' AND type LIKE 'none'"
    assert line in {node.label for node in graph.nodes}
    assert f"  {line}  (nobody emits)" in FORMS["text"](graph).splitlines()


def test_the_broker_is_in_every_form(graph: Graph) -> None:
    """Events stand in a frame with the Broker's name, in mermaid, dot and svg."""
    lines = FORMS["mermaid"](graph).splitlines()
    inside = lines[lines.index('  subgraph broker["Broker default"]') + 1 : lines.index("  end")]
    assert len(inside) == sum(node.kind == "event" for node in graph.nodes)
    assert 'subgraph cluster_broker { label="Broker default"' in FORMS["dot"](graph)
    assert ">Broker default</text>" in FORMS["svg"](graph)
