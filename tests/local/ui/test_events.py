"""The list, its filter, and the trace of one event."""

from __future__ import annotations

import json

from playwright.sync_api import Page, expect

from tests.local.support.wire import Reply
from tests.local.ui.conftest import Watch
from tests.local.ui.stage import PAID, PLACED, SENT, Stage, event


def test_newest_first_and_live(one: Stage, page: Page) -> None:
    """Each event appears as it comes, above the others; what became of it stands beside it."""
    one.alone({"a": {"filters": [{"prefix": {"type": "t."}}]}})
    one.send("t.one")
    page.goto(one.page)
    expect(page.locator("#list li")).to_have_count(1)
    one.send("other")
    one.send("t.two")
    expect(page.locator("#list b")).to_have_text(["t.two", "other", "t.one"])
    expect(page.locator("#list li").nth(0)).to_contain_text("1 delivered")
    expect(page.locator("#list li").nth(1)).to_contain_text("no Trigger")


def test_filters(one: Stage, page: Page) -> None:
    """Parts of type, source and id, `*`, dead-lettered; what comes later is filtered too."""
    one.alone({"a": {"filters": [{"exact": {"type": "t.bad"}}], "delivery": {"retry": 0}}})
    one.scripts(a=[Reply(400)])
    for kind, source, identity in (("t.good", "/a", "1"), ("t.bad", "/b", "2[x]"), ("t.good", "/b", "3")):
        one.send(kind, source=source, id=identity)
    page.goto(one.page)
    form = page.locator("#filter")
    rows = page.locator("#list b")
    expect(rows).to_have_count(3)
    form.get_by_label("Type").fill("goo")
    expect(rows).to_have_text(["t.good", "t.good"])
    form.get_by_label("Source").fill("/b")
    expect(rows).to_have_count(1)
    one.send("t.bad", source="/b")
    one.send("t.good", source="/b/later")
    expect(page.locator("#list .muted")).to_have_text(["#5 · /b/later", "#3 · /b"])
    form.get_by_label("Type").fill("t*d")
    expect(rows).to_have_count(4)
    form.get_by_label("Id").fill("[x")
    expect(rows).to_have_text(["t.bad"])
    page.get_by_role("button", name="Clear").click()
    expect(rows).to_have_count(5)


def test_only_dead_lettered(one: Stage, page: Page) -> None:
    """Those that a Trigger lost, live; a filter that lets nothing through says so."""
    one.alone({"a": {"filters": [{"exact": {"type": "t.bad"}}], "delivery": {"retry": 0}}})
    one.scripts(a=[Reply(400)])
    for kind in ("t.bad", "t.good", "t.bad"):
        one.send(kind)
    page.goto(one.page)
    form, rows = page.locator("#filter"), page.locator("#list b")
    form.get_by_label("Dead-lettered").check()
    expect(rows).to_have_text(["t.bad", "t.bad"])
    one.send("t.bad")
    expect(rows).to_have_count(3)
    form.get_by_label("Type").fill("nothing like it")
    expect(page.get_by_text("No event is like this.")).to_be_visible()


def test_the_list_is_bounded(one: Stage, page: Page) -> None:
    """Two hundred rows at the most, the newest."""
    one.alone({})
    for number in range(190):
        one.send(f"t.{number}")
    page.goto(one.page)
    expect(page.locator("#list li")).to_have_count(190)
    for number in range(190, 210):
        one.send(f"t.{number}")
    expect(page.locator("#list b").first).to_have_text("t.209")
    expect(page.locator("#list li")).to_have_count(200)
    expect(page.locator("#count")).to_have_text("the newest 200")


def test_an_empty_list_tells_how_to_send(one: Stage, page: Page) -> None:
    """With a command that works as it stands."""
    one.alone({"a": {}})
    page.goto(one.page)
    expect(page.locator("#none")).to_contain_text(f"curl -X POST {one.service.ingress_url('shop/default')}")
    expect(page.locator("#none")).to_contain_text("-H 'ce-specversion: 1.0'")
    one.send("t")
    expect(page.locator("#none")).to_be_hidden()


def test_a_trace_tells_of_retry_reply_and_dead_letter(one: Stage, page: Page) -> None:
    """As a tree, with a bar for each attempt and each wait."""
    one.shop()
    fails = [Reply(503, body=b"closed")] * 3
    invoices = [Reply(502, body=b"no paper"), event(SENT, "/shop/invoice", "i", {})]
    one.scripts(orders=[event(PAID, "/shop/orders", "p", {})], invoice=invoices, stock=[*fails, Reply()])
    page.goto(one.page)
    one.send(PLACED, {"n": 1})
    page.locator("#list li", has_text=PLACED).click()
    tree = page.locator(".tree")
    expect(tree.get_by_text("dead letter 1", exact=True)).to_be_visible()
    stock = tree.locator("li.trigger", has_text="stock").last
    expect(stock.locator(".attempt .status")).to_have_text(["503", "503", "503", "202"])
    expect(stock).to_contain_text("then waits 100 ms")
    expect(stock).to_contain_text("closed")
    assert stock.locator(".bar i.lost").count() == 3
    assert stock.locator(".bar i.wait").count() == 1
    expect(tree.get_by_text("no paper")).to_be_visible()
    expect(tree.get_by_role("link", name=SENT)).to_be_visible()


def test_a_trace_tells_why_a_trigger_did_not_match(one: Stage, page: Page) -> None:
    """The attribute that differs, beside each Trigger's name; and all of the trace as text to copy."""
    one.shop()
    one.scripts(orders=[event(PAID, "/shop/orders", "p", {})], stock=[Reply(400), Reply()])
    one.send(PLACED)
    one.settle()
    page.goto(f"{one.page}#/event/1")
    tree = page.locator(".tree")
    tree.get_by_text("not matched: invoice, stock, mail").click()
    expect(tree.get_by_text(f'type is "{PLACED}", exact wants "{SENT}"')).to_be_visible()
    page.get_by_text("As text").click()
    text = page.locator("#as-text pre").inner_text()
    assert f"answers: event 2 {PAID} from /shop/orders" in text
    assert "dead letter 1: 202 in" in text


def test_an_event_that_breaks_its_contract(one: Stage, page: Page) -> None:
    """A mark in the list, in words; in what, above the trace, and in the trace where an answer does."""
    one.shop(checked=[PLACED, PAID])
    one.scripts(orders=[event(PAID, "/shop/orders", "p", {})])
    page.goto(one.page)
    good, bad = one.send(PLACED, {"total": 1}), one.send(PLACED, {"n": 1})
    expect(page.locator("#list li", has_text="breaks contract")).to_have_count(3)
    expect(page.locator(f"#row-{good}")).not_to_contain_text("breaks contract")
    page.locator(f"#row-{bad}").click()
    missing = "$: 'total' is a required property"
    expect(page.locator("#contract p")).to_have_text(f"The data break the contract of {PLACED}:")
    expect(page.locator("#contract li")).to_have_text([missing, "$.n: 1 is not of type 'string'"])
    expect(page.locator(".tree").get_by_text(f"breaks its contract: {missing}")).to_have_count(1)
    page.get_by_text("As text").click()
    assert page.locator("#as-text pre").inner_text().count("breaks its contract: ") == 3
    page.locator(f"#row-{good}").click()
    expect(page.locator("#detail h3").first).to_have_text("Trace")


def test_a_subscriber_that_is_nowhere(one: Stage, page: Page) -> None:
    """Its Trigger stands apart from those that do not match, and says why; so does the table of the flow."""
    one.shop(nowhere=["orders"])
    one.send(PLACED)
    page.goto(f"{one.page}#/event/1")
    reason = "no url: functions.yaml has no container.url for orders"
    expect(page.locator(".tree .step", has_text="orders").last).to_contain_text(f"orders {reason}")
    expect(page.locator(".refused summary")).to_have_text("not matched: invoice, stock, mail")
    page.get_by_text("As a table").click()
    expect(page.locator("#table tr", has_text="orders").first).to_contain_text(reason)


def test_a_trace_grows_while_attempts_are_made(one: Stage, page: Page) -> None:
    """What is open says what comes next, and the page shows each attempt without a reload."""
    one.alone({"a": {"delivery": {"retry": 1, "backoffPolicy": "exponential", "backoffDelay": "PT2S"}}})
    one.scripts(a=[Reply(503), Reply()])
    page.goto(one.page)  # before the event: on a busy machine it takes longer than the wait
    seq = one.send("t")
    page.goto(f"{one.page}#/event/{seq}")
    expect(page.locator(".tree")).to_contain_text("attempt to come")
    expect(page.locator(".tree .status")).to_have_text(["503", "202"])
    expect(page.locator(".tree")).not_to_contain_text("attempt to come")


def test_links_go_deep(one: Stage, page: Page) -> None:
    """An address names an event, by number or id; replies are links; the browser's Back works."""
    one.shop()
    one.scripts(orders=[event(PAID, "/shop/orders", "p 1/2", {})])
    one.send(PLACED, id="first")
    one.settle()
    page.goto(f"{one.page}#/event/first")
    expect(page.locator("#detail-title")).to_have_text(PLACED)
    page.locator(".tree").get_by_role("link", name=PAID).click()
    expect(page.locator("#detail-title")).to_have_text(PAID)
    expect(page.locator("#detail dl")).to_contain_text("answers")
    assert page.url.endswith("#/event/2")
    page.go_back()
    expect(page.locator("#detail-title")).to_have_text(PLACED)
    page.goto(f"{one.page}#/event/p%201%2F2")
    expect(page.locator("#detail-title")).to_have_text(PAID)


def test_an_event_that_is_not_there(one: Stage, page: Page, watch: Watch) -> None:
    """The broker's words, in place of a trace."""
    one.alone({})
    watch.is_gone = True  # Chromium tells of each 404 in the console
    page.goto(f"{one.page}#/event/none")
    expect(page.locator("#chosen")).to_contain_text("no event none")


def test_data_are_shown_as_they_are(one: Stage, page: Page) -> None:
    """JSON indented, its numbers untouched; text as text; bytes in base64."""
    one.alone({})
    for number, (kind, text) in enumerate(
        (("application/json", '{"a":{"b":[1,2]}}'), ("application/json", '{"n":12345678901234567890}'))
    ):
        body = json.dumps(
            {"broker": "shop/default", "attributes": {"type": "t", "datacontenttype": kind}, "data": text}
        )
        answer = page.request.post(
            f"{one.page}api/send", data=body, headers={"Content-Type": "application/json"}
        )
        assert answer.json() == {"seq": number + 1}
    page.goto(f"{one.page}#/event/1")
    expect(page.locator("#data")).to_have_text(
        '{\n  "a": {\n    "b": [\n      1,\n      2\n    ]\n  }\n}', use_inner_text=True
    )
    page.goto(f"{one.page}#/event/2")
    expect(page.locator("#data")).to_have_text('{"n":12345678901234567890}')
    one.send("t", None, data_base64="/wA=")
    page.goto(f"{one.page}#/event/3")
    expect(page.locator("#data")).to_have_text("/wA=")
