"""The flow: the picture of plait graph, with numbers that live."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.local.support.wire import Reply
from tests.local.ui.stage import PAID, PLACED, Stage, event

ONLY = {"filters": [{"exact": {"type": "t.one"}}]}


def box(page: Page, label: str) -> str | None:
    """What stands in the box of the flow with this label, numbers and all."""
    return (
        page.locator("#picture g[id]", has=page.get_by_text(label, exact=True))
        .locator(".badges")
        .text_content()
    )


def arrows(page: Page) -> set[tuple[str, str, str]]:
    """From, to and number of each arrow that has a number."""
    return {
        (item["from"], item["to"], item["count"])
        for item in page.evaluate(
            "[...document.querySelectorAll('#picture g[data-from]')].filter(g => g.querySelector('.number'))"
            ".map(g => ({from: g.dataset.from, to: g.dataset.to, count: g.querySelector('.number').textContent}))"
        )
    }


def test_counts_live(one: Stage, page: Page) -> None:
    """An event that is sent by HTTP is counted at each box and arrow that it passes, without a reload."""
    one.shop()
    answers = [event(PAID, "/shop/orders", f"p{number}", {}) for number in range(2)]
    one.scripts(orders=answers, stock=[Reply(400, body=b"no"), Reply()])
    page.goto(one.page)
    expect(page.locator("#picture g[id]")).to_have_count(9)
    assert arrows(page) == set()
    one.send(PLACED)
    expect(page.locator("#function-stock .badges")).to_have_text("✕ 1")
    expect(page.locator("#function-invoice .badges")).to_have_text("✓ 1")
    one.send(PLACED)
    expect(page.locator("#function-stock .badges")).to_have_text("✓ 1✕ 1")
    assert box(page, PLACED) == "2"
    assert ("function-stock", "function-desk", "1") in arrows(page)
    assert ("outside", "event-com-example-order-placed-", "2") in {
        (tail, re.sub("[0-9a-f]{6}$", "", head), count) for tail, head, count in arrows(page)
    }


def test_what_is_open_is_told(one: Stage, page: Page) -> None:
    """While a subscriber works its box shows an open delivery."""
    one.shop()
    one.scripts(orders=[Reply(delay=1)])
    page.goto(one.page)
    one.send(PLACED)
    expect(page.locator("#function-orders .badges")).to_have_text("… 1")
    expect(page.locator("#function-orders .badges")).to_have_text("✓ 1")


def test_a_broker_alone_is_drawn_from_what_happens(one: Stage, page: Page) -> None:
    """Without functions.yaml: Triggers and subscribers at first, replies and new types once they were seen."""
    one.alone({"first": ONLY, "all": {}})
    one.scripts(first=[event("t.answer", "/first", "r", {})])
    page.goto(one.page)
    texts = page.locator("#picture text")
    expect(texts.get_by_text("every event", exact=True)).to_be_visible()
    expect(page.locator("#picture g[id]")).to_have_count(4)
    one.send("t.one")
    expect(texts.get_by_text("t.answer", exact=True)).to_be_visible()
    one.settle()
    expect(page.locator("#picture g[id]")).to_have_count(6)
    expect(page.locator("#picture g[id^=function-][id*=all] .badges")).to_have_text("✓ 2")
    tails = {tail for tail, _, _ in arrows(page)}
    assert "outside" in tails
    assert any(tail.startswith("function-") for tail in tails)


def test_an_event_in_the_flow_filters_the_list(one: Stage, page: Page) -> None:
    """With the mouse and with the keyboard."""
    one.alone({"first": ONLY, "all": {}})
    for kind in ("t.one", "t.two"):
        one.send(kind)
    page.goto(one.page)
    page.locator("#picture [role=button]", has_text="t.two").click()
    expect(page.locator("#list b")).to_have_text(["t.two"])
    page.locator("#picture [role=button]", has_text="t.one").press("Enter")
    expect(page.locator("#list b")).to_have_text(["t.one"])
    expect(page.locator("#picture g", has_text="every event").first).not_to_have_attribute("role", "button")


def test_the_table_says_what_the_picture_says(one: Stage, page: Page) -> None:
    """Numbers, filters, subscribers and retries by Trigger."""
    one.shop()
    page.goto(one.page)
    one.send(PLACED)
    page.get_by_text("As a table").click()
    row = page.locator("#table tbody tr", has_text="order.placed")
    expect(row.locator("td").nth(2)).to_have_text("1")
    assert one.subscribers.url("shop/orders") in row.inner_text()
    assert page.locator("#table th[scope=row]").count() == 4


def test_several_brokers(one: Stage, page: Page) -> None:
    """One is drawn at a time; the other is chosen above."""
    one.alone({"first": ONLY}, {"second": {"filters": [{"exact": {"type": "t.other"}}]}})
    page.goto(one.page)
    expect(page.get_by_label("Broker").first).to_be_visible()
    expect(page.locator("#picture")).to_contain_text("t.one")
    page.select_option("#broker", "other/default")
    expect(page.locator("#picture")).to_contain_text("t.other")
    one.send("t.other", broker="other/default")
    expect(page.locator("#picture g[id^=function-] .badges")).to_have_text("✓ 1")


def test_a_crowd_of_types_is_bounded(one: Stage, page: Page) -> None:
    """Twenty types that nobody declared are drawn; a sentence tells of the rest."""
    one.alone({"first": ONLY})
    for number in range(23):
        one.send(f"t.many.{number}")
    page.goto(one.page)
    expect(page.locator("#hidden")).to_have_text("3 more types of events are not drawn.")
    assert page.locator("#picture g[id^=seen-]").count() == 20
