"""The svg: what it says without a pointer, and how it stands, measured in a real browser."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser, sync_playwright

from plait.graph import FORMS
from plait.graph.place import settled
from tests.graph.flows import SHOP, chain, fan, large, of, ring, shop_with
from tests.support.tools import require

LONG = "subject = 'a rather long subject, as people write them' AND NOT (tenant = 'acme')"
SVG = "{http://www.w3.org/2000/svg}"


def root(text: str, folder: Path) -> ET.Element:
    """The picture of a functions.yaml."""
    return ET.fromstring(FORMS["svg"](of(text, folder)))  # noqa: S314 - our own


def shown(picture: ET.Element) -> list[str]:
    """What can be read without a pointer."""
    return [element.text or "" for element in picture.iter(f"{SVG}text")]


def test_it_is_xml_with_unique_ids(tmp_path: Path) -> None:
    """Names hold markup here; a page finds each node and edge."""
    graph = of(SHOP.read_text(), tmp_path)
    picture = root(SHOP.read_text(), tmp_path)
    ids = [element.get("id") for element in picture.iter() if element.get("id")]
    assert sorted(filter(None, ids)) == sorted(node.id for node in graph.nodes)
    arrows = [
        (item.get("data-from"), item.get("data-to")) for item in picture.iter() if item.get("data-from")
    ]
    assert sorted(arrows, key=str) == sorted(((edge.tail, edge.head) for edge in graph.edges), key=str)


def test_triggers_filters_and_the_broker_are_in_the_text(tmp_path: Path) -> None:
    """An <img> in a README shows no title: each Trigger is named once, with what it filters on."""
    words = shown(root(SHOP.read_text(), tmp_path))
    for trigger in ("orders-7120e13c", "orders-b0adfcdb"):
        assert words.count(trigger) == 1
    for trigger in ("audit", "invoice", "bin"):
        assert words.count(trigger) == 2, "the Trigger and its function"
    assert {"type starts with com.example.", "tenant acme", "Broker default"} <= set(words)
    assert "dashed, red: dead letters" in words
    assert "dotted: only what the Trigger's filter lets through" in words


def test_a_long_filter_is_cut_and_whole_in_the_title(tmp_path: Path) -> None:
    """The start is what tells most of a filter."""
    text = shop_with("audit", f"        - {{name: picky, filters: [{{cesql: {LONG!r}}}]}}")
    picture = root(text, tmp_path)
    (group,) = [
        group
        for group in picture.iter(f"{SVG}g")
        if group.get("class") == "trigger" and "picky" in shown(group)
    ]
    assert shown(group) == ["picky", "subject = 'a rather long subject, as…"]
    assert group.findtext(f"{SVG}title") == f"picky {LONG}"


@pytest.mark.parametrize(("text", "widest", "tallest"), [(chain(50), 1100, 3600), (chain(5), 500, 1500)])
def test_a_chain_is_no_ribbon(tmp_path: Path, text: str, widest: float, tallest: float) -> None:
    """A long flow goes down, and in strips beside each other where it is very long."""
    picture = root(text, tmp_path)
    assert float(picture.get("width", "0")) < widest
    assert float(picture.get("height", "0")) < tallest


def test_what_is_broad_goes_to_the_right(tmp_path: Path) -> None:
    """Fifty functions after one stand below each other."""
    picture = root(fan(50), tmp_path)
    assert float(picture.get("width", "0")) < 1400


@pytest.mark.parametrize(
    "text", [SHOP.read_text(), large(50), ring(50), fan(5)], ids=["shop", "large", "ring", "fan"]
)
def test_arrows_leave_and_arrive_at_their_boxes(tmp_path: Path, text: str) -> None:
    """From strip to strip too: the first path of an arrow begins at its tail, the last ends at its head."""
    picture = root(text, tmp_path)
    boxes = {group.get("id"): _box(group) for group in picture.iter(f"{SVG}g") if group.get("id")}
    arrows = [group for group in picture.iter(f"{SVG}g") if group.get("data-from")]
    assert arrows
    for group in arrows:
        paths = [path.get("d", "") for path in group.iter(f"{SVG}path") if "edge" in path.get("class", "")]
        assert _touches(boxes[group.get("data-from")], _numbers(paths[0])[:2])
        assert _touches(boxes[group.get("data-to")], _numbers(paths[-1])[-2:])


def _box(group: ET.Element) -> list[float]:
    rect = group.find(f"{SVG}rect")
    assert rect is not None
    return [float(rect.get(name, "nan")) for name in ("x", "y", "width", "height")]


def _numbers(path: str) -> list[float]:
    return [float(number) for number in re.findall(r"-?[0-9.]+", path)]


def _touches(box: list[float], point: list[float]) -> bool:
    (x, y, width, height), (at_x, at_y) = box, point
    return x - 0.1 <= at_x <= x + width + 0.1 and y - 0.1 <= at_y <= y + height + 0.1


WISHES = st.lists(st.integers(-50, 50), min_size=1, max_size=8)


@given(WISHES, st.lists(st.integers(0, 30), min_size=7, max_size=7))
def test_places_keep_their_order_and_distance(wishes: list[int], apart: list[int]) -> None:
    """And nobody moves where all have what they wish for."""
    apart = apart[: len(wishes) - 1]
    found = settled(wishes, apart)
    gaps = [b - a for a, b in pairwise(found)]
    assert all(gap >= least - 1e-6 for gap, least in zip(gaps, apart, strict=True))
    assert settled(found, apart) == pytest.approx(found)
    assert sum(found) == pytest.approx(sum(wishes))


MEASURE = """() => {
  const found = [], at = (g) => g.querySelector('rect').getBBox(), svg = document.querySelector('svg');
  const light = (css) => css.match(/[0-9.]+/g).slice(0, 3).map(v => v / 255)
    .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, at) => sum + v * [0.2126, 0.7152, 0.0722][at], 0);
  const fill = (element) => light(getComputedStyle(element).fill);
  const over = (p, q) => p.x < q.x + q.width && q.x < p.x + p.width && p.y < q.y + q.height && q.y < p.y + p.height;
  const groups = [...document.querySelectorAll('svg g[id], svg g.trigger')];
  const boxes = groups.map((g, at_) => [at_, g.querySelector('title').textContent, at(g), g]);
  for (const [, name, box, g] of boxes)
    for (const text of g.querySelectorAll('text')) {
      const own = text.getBBox(), [a, b] = [fill(g.querySelector('rect')), fill(text)].sort();
      if (own.x < box.x || own.x + own.width > box.x + box.width) found.push(`${name}: text is wider than its box`);
      if ((b + 0.05) / (a + 0.05) < 4.5) found.push(`${name}: text is faint`);
    }
  for (const [i, a, p] of boxes) for (const [j, b, q] of boxes)
    if (i < j && over(p, q)) found.push(`${a} overlaps ${b}`);
  const frames = [...document.querySelectorAll('svg path.broker')].map(path => path.getBBox());
  if (!frames.length) found.push('no Broker');
  for (const [at_, frame] of frames.entries()) {
    for (const [, name, box, g] of boxes)
      if (over(frame, box) && !g.querySelector('.event') && !g.matches('.trigger')) found.push(`${name} in the Broker`);
    for (const other of frames.slice(at_ + 1)) if (over(frame, other)) found.push('frames overlap');
  }
  const all = svg.getBBox(), seen = svg.viewBox.baseVal;
  if (all.x < 0 || all.y < 0 || all.width > seen.width || all.height > seen.height) found.push('something is cut off');
  return found;
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=require("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


FLOWS = {
    "shop": SHOP.read_text(),
    "five": large(5),
    "fifty": large(50),
    "chain": chain(50),
    "ring": ring(50),
    "fan": fan(50),
}


@pytest.mark.parametrize("flow", FLOWS)
def test_it_is_readable_in_a_browser(tmp_path: Path, browser: Browser, flow: str) -> None:
    """Text fits its box and is not faint, boxes do not overlap, only events and Triggers are in the Broker."""
    page = browser.new_page(color_scheme="light")
    page.set_content(FORMS["svg"](of(FLOWS[flow], tmp_path)))
    assert page.evaluate(MEASURE) == []
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(MEASURE) == []
    page.close()
