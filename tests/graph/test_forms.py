"""One flow in every form, and the pictures in a real browser."""

import json
import shutil
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from plait import render
from plait.cli.main import run
from plait.graph import FORMS, Graph, build
from plait.project import Project
from tests.support.golden import Golden
from tests.support.tools import require

SHOP = Path(__file__).parent / "shop.yaml"
GOLDEN = Path(__file__).parent / "golden"
SUFFIXES = {"text": "txt", "mermaid": "mmd", "dot": "dot", "svg": "svg", "json": "json"}


def large(count: int = 50) -> str:
    """A functions.yaml of so many functions, each after one or two of those before it."""
    lines = ["apiVersion: plait.dev/v1", "kind: Functions", "metadata: {name: large}", "spec:"]
    lines += ["  namespace: large", "  broker: {delivery: {deadLetter: {function: f0}}}", "  functions:"]
    for at in range(count):
        before = sorted({max(0, at - 1 - at * 7 % 5), max(0, at - 1 - at * 3 % 11)})
        events = ", ".join(f"{{type: com.example.{name}.done}}" for name in before)
        lines += [
            f"    f{at}:",
            "      runtime: container",
            f"      image: registry.example.com/f{at}:1.{at}",
        ]
        lines += [f"      emits: [{{type: com.example.{at}.done, source: /large/f{at}}}]"]
        lines += [f"      subscribes: [{events}]"]
    return "\n".join([*lines, "  environments: {dev: {platform: kubernetes}}", ""])


@pytest.fixture
def graph(tmp_path: Path) -> Graph:
    """The shop's, as its environment runs it."""
    shutil.copy(SHOP, tmp_path / "functions.yaml")
    return of(tmp_path)


def of(folder: Path) -> Graph:
    """The graph of environment dev."""
    project = Project.load(folder)
    return build(project.flow, render.objects(project.overlays["dev"]), "dev")


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


MEASURE = """() => {
  const found = [];
  const boxes = [...document.querySelectorAll('svg g[id]')].map(g => [g.id, g.querySelector('rect').getBBox(), g]);
  for (const [id, box, g] of boxes)
    for (const text of g.querySelectorAll('text')) {
      const own = text.getBBox();
      if (own.x < box.x || own.x + own.width > box.x + box.width) found.push(`${id}: text is wider than its box`);
    }
  for (const [a, p] of boxes) for (const [b, q] of boxes)
    if (a < b && p.x < q.x + q.width && q.x < p.x + p.width && p.y < q.y + q.height && q.y < p.y + p.height)
      found.push(`${a} overlaps ${b}`);
  const all = document.querySelector('svg').getBBox(), seen = document.querySelector('svg').viewBox.baseVal;
  if (all.x < 0 || all.y < 0 || all.width > seen.width || all.height > seen.height) found.push('something is cut off');
  return found;
}"""


@pytest.mark.parametrize("count", [5, 50])
def test_it_is_readable_in_a_browser(tmp_path: Path, count: int) -> None:
    """Text fits its box, boxes do not overlap, nothing is cut off: measured by Chromium."""
    chromium = require("chromium")
    (tmp_path / "functions.yaml").write_text(large(count))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        page.set_content(FORMS["svg"](of(tmp_path)))
        assert page.evaluate(MEASURE) == []
        browser.close()
