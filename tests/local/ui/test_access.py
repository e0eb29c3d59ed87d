"""The page without a mouse, on small screens, in the dark, for screen readers, and for those who attack it."""

from __future__ import annotations

import json
from typing import Any, Literal
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page, expect

from tests.local.support.wire import Reply
from tests.local.ui.conftest import Watch, watched
from tests.local.ui.stage import PAID, PLACED, Stage, event

EVIL = '<img src=x onerror="alert(1)"><script>alert(2)</script>\'"><svg onload=alert(3)>'


# Text in the flow whose contrast with its box is below WCAG's 4.5 (axe does not look into SVG).
FAINT = """() => {
  const light = (css) => css.match(/[0-9.]+/g).slice(0, 3).map(v => v / 255)
    .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, at) => sum + v * [0.2126, 0.7152, 0.0722][at], 0);
  const found = [];
  for (const rect of document.querySelectorAll('#picture rect')) for (const text of rect.parentNode.querySelectorAll(':scope > text')) {
    const [a, b] = [light(getComputedStyle(rect).fill), light(getComputedStyle(text).fill)].sort();
    if ((b + 0.05) / (a + 0.05) < 4.5) found.push(`${text.textContent}: ${(b + 0.05) / (a + 0.05)}`);
  }
  return document.querySelectorAll('#picture rect').length ? found : ['nothing is drawn'];
}"""


def told(page: Page) -> str:
    """What has the focus: its name or its text."""
    text: str = page.evaluate(
        "(document.activeElement.labels?.[0]?.textContent || document.activeElement.getAttribute('aria-label')"
        " || document.activeElement.textContent).trim()"
    )
    return text


def busy(one: Stage) -> None:
    """A flow with all that the page can show."""
    one.shop(checked=[PLACED, PAID], nowhere=["invoice"])
    one.scripts(
        orders=[event(PAID, "/shop/orders", "p", {})], stock=[*[Reply(503, body=b"closed")] * 3, Reply()]
    )
    one.send(PLACED, {"n": 1})
    one.settle()


def test_tab_goes_through_the_page(one: Stage, page: Page) -> None:
    """In the order of what is seen, with a focus to be seen at each step, as far as the list."""
    busy(one)
    page.goto(one.page)
    expect(page.locator("#list li")).to_have_count(2)
    expect(page.locator("#picture [role=button]")).to_have_count(3)
    page.keyboard.press("Tab")
    assert told(page) == "Skip to the events"
    seen: list[str] = []
    while not seen or (told(page) != "Events, newest first" and len(seen) < 30):
        page.keyboard.press("Tab")
        style = page.evaluate(
            "(s => [s.outlineStyle, s.outlineWidth])(getComputedStyle(document.activeElement))"
        )
        assert style != ["none", "0px"], told(page)
        seen.append(told(page))
    assert seen[:2] == ["Send an event", "The flow as a picture"]
    assert {"As a table", "Type", "Source", "Id", "Dead-lettered", "Clear"} <= set(seen)


def test_the_list_by_keyboard(one: Stage, page: Page) -> None:
    """Arrows choose, Enter reads, Escape comes back; the form gives the focus back to its button."""
    busy(one)
    page.goto(one.page)
    expect(page.locator("#list li")).to_have_count(2)
    page.locator("#list").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#list li[aria-selected=true]")).to_contain_text(PLACED)
    assert page.locator("#list").get_attribute("aria-activedescendant") == "row-1"
    page.keyboard.press("Enter")
    expect(page.locator("#detail-title")).to_be_focused()
    expect(page.locator("#detail-title")).to_have_text(PLACED)
    expect(page.locator(".tree")).to_contain_text("dead-lettered")
    page.keyboard.press("Tab")
    assert told(page) == "Replay"
    page.keyboard.press("Escape")
    expect(page.locator("#list")).to_be_focused()
    page.keyboard.press("Home")
    expect(page.locator("#detail-title")).to_have_text(PAID)
    page.locator("#compose").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#compose")).to_be_focused()


def test_the_skip_link(one: Stage, page: Page) -> None:
    """It leads to the events, and is no address of an event."""
    busy(one)
    page.goto(f"{one.page}#/event/1")
    expect(page.locator("#list li")).to_have_count(2)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#events")).to_be_focused()
    expect(page.locator("#detail-title")).to_have_text(PLACED)


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1600, "light")])
def test_what_axe_finds(one: Stage, browser: Browser, width: int, scheme: Literal["light", "dark"]) -> None:
    """Nothing: roles, names, contrast; nothing is wider than the screen; also with all opened, and in the form."""
    busy(one)
    watch = Watch()
    page = browser.new_page(
        viewport={"width": width, "height": 800}, color_scheme=scheme, reduced_motion="reduce"
    )
    watched(page, watch)
    page.goto(f"{one.page}#/event/1")
    expect(page.locator(".tree")).to_contain_text("dead letter 1")
    expect(page.locator("#function-stock .badges")).to_be_visible()
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert dark == {"light": "rgb(255, 255, 255)", "dark": "rgb(13, 17, 23)"}[scheme]
    assert violations(page) == []
    assert page.evaluate(FAINT) == []
    page.locator("#compose").click()
    assert violations(page) == []
    page.close()
    assert not watch.problems


def violations(page: Page) -> list[tuple[str, Any]]:
    """What axe-core has against the page: its rule, and the elements."""
    found = Axe().run(page).response["violations"]
    return [
        (item["id"], [(node["html"][:120], node["failureSummary"]) for node in item["nodes"]])
        for item in found
    ]


def test_motion_can_be_turned_off(one: Stage, browser: Browser) -> None:
    """An arrow that is counted flashes, unless the reader asked for reduced motion."""
    one.shop()
    names = {}
    for motion in ("reduce", "no-preference"):
        page = browser.new_page(reduced_motion=motion)
        page.goto(one.page)
        one.send(PLACED)
        expect(page.locator("#function-orders .badges")).to_be_visible()
        one.send(PLACED)
        edge = page.locator("#picture .pulse .edge").first
        expect(edge).to_be_attached()
        names[motion] = edge.evaluate("one => getComputedStyle(one).animationName")
        page.close()
    assert names == {"reduce": "none", "no-preference": "pulse"}


def test_markup_is_text_everywhere(one: Stage, page: Page) -> None:
    """In every attribute, in data, in an answer's error, in ids that become addresses: shown, never run."""
    one.alone({"a": {"delivery": {"retry": 0}}, "b": {"filters": [{"exact": {"type": EVIL + "2"}}]}})
    one.scripts(a=[Reply(500, body=EVIL.encode())])
    attributes = {
        "source": EVIL,
        "id": EVIL,
        "subject": EVIL,
        "tenant": EVIL,
        "dataschema": f"x:{EVIL}",
        "time": "2026-01-01T00:00:00Z",
    }
    one.send(EVIL, EVIL, **attributes)
    one.send(EVIL, {"a": EVIL}, **attributes)
    one.settle()
    page.goto(one.page)
    expect(page.locator("#list b").first).to_have_text(EVIL)
    page.locator("#list li").first.click()
    expect(page.locator("#detail-title")).to_have_text(EVIL)
    expect(page.locator(".tree .error")).to_have_text(EVIL)
    expect(page.locator("#data")).to_contain_text(json.dumps(EVIL))
    expect(page.locator("#picture title", has_text=EVIL).first).to_be_attached()
    page.goto(f"{one.page}#/event/{quote(EVIL, safe='')}")
    page.locator("#detail").get_by_role("link", name="#1").click()
    expect(page.locator("#data")).to_have_text(json.dumps(EVIL))
    page.get_by_role("button", name="Edit and send").click()
    expect(page.locator("#send [name=type]")).to_have_value(EVIL)
    page.keyboard.press("Escape")
    page.get_by_text("As a table").click()
    assert page.locator("main img, main script, main svg svg, main [onerror], main [onload]").count() == 0


def test_the_browser_refuses_what_the_page_never_does(one: Stage, page: Page, watch: Watch) -> None:
    """Markup from text, scripts in attributes, other hosts: the policy stops them, should the page's code fail."""
    one.alone({})
    page.goto(one.page)
    expect(page.locator("#state")).to_have_text("live")
    watch.is_gone = True
    tries = """async (host) => {
      const found = {};
      try { document.body.innerHTML = "<b>"; found.markup = true; } catch { found.markup = false; }
      const button = document.createElement("button");
      button.setAttribute("title", "x");
      window.ran = false;
      const script = document.createElement("script");
      try { script.text = "window.ran = true"; document.body.append(script); } catch { /* as it should */ }
      found.ran = window.ran;
      found.reached = await fetch(`http://${host}/`, {mode: "no-cors"}).then(() => true, () => false);
      return found;
    }"""
    assert page.evaluate(tries, one.subscribers.host) == {"markup": False, "ran": False, "reached": False}
    watch.hosts.discard(one.subscribers.host)
