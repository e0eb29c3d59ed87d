"""Send and replay from the page, and a broker that goes away."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.local.support.wire import Reply
from tests.local.ui.conftest import Watch
from tests.local.ui.stage import PLACED, Stage

ONE = {"filters": [{"exact": {"type": "t.one", "tenant": "acme"}}], "delivery": {"retry": 0}}


def form(page: Page) -> Locator:
    """The form, opened."""
    page.get_by_role("button", name="Send an event").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    return page.locator("#send")


def test_send_starts_with_what_the_flow_waits_for(one: Stage, page: Page) -> None:
    """A click and Enter send the event that the flow expects from outside; the page shows its trace."""
    one.shop()
    page.goto(one.page)
    expect(page.locator("#picture svg")).to_be_visible()
    fields = form(page)
    expect(fields.get_by_label("Type", exact=True)).to_have_value(PLACED)
    expect(fields.get_by_label("Data")).to_have_value('{"hello": "world"}')
    page.keyboard.press("Enter")
    expect(page.locator("#detail-title")).to_have_text(PLACED)
    assert page.url.endswith("#/event/1")
    one.settle()
    (got,) = one.subscribers.got("shop/orders")
    assert got.message.body == b'{"hello": "world"}'
    assert (got.names["ce-source"], got.names["content-type"]) == ("/plait/send", "application/json")


def test_a_form_for_the_next_event_like_the_last(one: Stage, page: Page) -> None:
    """Where an event from outside has come already, its source and data are in the form."""
    one.shop()
    one.send(PLACED, {"n": 1}, source="/till")
    page.goto(one.page)
    expect(page.locator("#picture svg")).to_be_visible()
    fields = form(page)
    expect(fields.get_by_label("Data")).to_have_value('{"n":1}')
    expect(fields.get_by_label("Source")).to_have_value("/till")


def test_a_filter_on_an_extension_is_filled_in(one: Stage, page: Page) -> None:
    """Its attributes are in the form, so the event reaches the Trigger; all that is typed is sent."""
    one.alone({"a": ONE})
    page.goto(one.page)
    expect(page.locator("#picture svg")).to_be_visible()
    fields = form(page)
    expect(fields.get_by_label("Other attributes")).to_have_value("tenant=acme")
    fields.get_by_label("Source").fill("/here")
    fields.get_by_label("Id").fill("id 1")
    fields.get_by_label("Content type").fill("text/plain")
    fields.get_by_label("Other attributes").fill("tenant=acme\nsubject=grüße=1")
    fields.get_by_label("Data").fill("line\nline")
    fields.get_by_role("button", name="Send").click()
    expect(page.locator(".tree")).to_contain_text("delivered")
    (got,) = one.subscribers.got("shop/a")
    assert got.message.body == b"line\nline"
    assert got.names["ce-id"] == "id 1"
    assert got.names["ce-subject"].encode("latin-1").decode() == "grüße=1"


def test_a_known_type_brings_its_last_data(one: Stage, page: Page) -> None:
    """Choosing a type fills in source, content type and data of the last such event, unless data were typed."""
    one.alone({"a": {}})
    one.send("t.seen", {"n": 7}, source="/s", datacontenttype="application/json")
    page.goto(one.page)
    expect(page.locator("#picture svg")).to_be_visible()
    fields = form(page)
    fields.get_by_label("Type", exact=True).fill("t.none")
    fields.get_by_label("Type", exact=True).fill("t.seen")
    expect(fields.get_by_label("Data")).to_have_value(re.compile('"n": ?7'))
    expect(fields.get_by_label("Source")).to_have_value("/s")


def test_a_mistake_is_told_in_the_form(one: Stage, page: Page, watch: Watch) -> None:
    """The form stays open with the reason, the page's own or the ingress's; Escape leaves it."""
    one.alone({"a": {}})
    page.goto(one.page)
    watch.is_gone = True  # Chromium tells of each 400 in the console
    fields = form(page)
    fields.get_by_label("Type", exact=True).fill("")
    fields.get_by_role("button", name="Send").click()
    expect(fields.get_by_role("alert")).to_have_text("An event needs a type.")
    fields.get_by_label("Type", exact=True).fill("t")
    fields.get_by_label("Other attributes").fill("knativebrokerttl=1")
    fields.get_by_role("button", name="Send").click()
    expect(fields.get_by_role("alert")).to_have_text("knativebrokerttl is spent")
    fields.get_by_label("Other attributes").fill("no equals sign")
    fields.get_by_role("button", name="Send").click()
    expect(fields.get_by_role("alert")).to_contain_text("is not NAME=TEXT")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert page.locator("#list li").count() == 0


def test_replay(one: Stage, page: Page) -> None:
    """To all again, or only where it was dead-lettered; the page goes to the new event."""
    one.alone({"bad": {"delivery": {"retry": 0}}, "good": {}})
    one.scripts(bad=[Reply(400), Reply()])
    one.send("t.one", {"a": 1})
    one.settle()
    page.goto(f"{one.page}#/event/1")
    page.get_by_role("button", name="Replay where dead-lettered").click()
    expect(page).to_have_url(re.compile("#/event/2$"))
    expect(page.locator(".tree li.trigger")).to_have_count(1)
    expect(page.locator("#detail dl")).to_contain_text("sent again from")
    expect(page.get_by_role("button", name="Replay where dead-lettered")).to_have_count(0)
    page.get_by_role("button", name="Replay").click()
    expect(page).to_have_url(re.compile("#/event/3$"))
    one.settle()
    assert (len(one.subscribers.got("shop/bad")), len(one.subscribers.got("shop/good"))) == (3, 2)
    expect(page.locator("#list li").first).to_contain_text("#2 again")


def test_edit_and_send(one: Stage, page: Page) -> None:
    """The form has the event's attributes and data; what is sent has a fresh id."""
    one.alone({"a": {}})
    one.send("t.one", {"a": 1}, tenant="acme", id="old")
    page.goto(f"{one.page}#/event/1")
    page.get_by_role("button", name="Edit and send").click()
    fields = page.locator("#send")
    expect(fields.get_by_label("Other attributes")).to_have_value("tenant=acme")
    fields.get_by_label("Data").fill('{"a": 2}')
    fields.get_by_role("button", name="Send").click()
    expect(page.locator("#data")).to_contain_text('"a": 2')
    one.settle()
    first, second = one.subscribers.got("shop/a")
    assert (first.names["ce-tenant"], second.names["ce-tenant"]) == ("acme", "acme")
    assert first.names["ce-id"] != second.names["ce-id"]


def test_the_broker_goes_and_comes_back(one: Stage, page: Page, watch: Watch) -> None:
    """The page says so, comes back by itself, and shows what the new broker has, not what the old one had."""
    one.alone({"a": {}})
    one.send("t.before")
    page.goto(one.page)
    expect(page.locator("#state")).to_have_text("live")
    expect(page.locator("#list b")).to_have_text(["t.before"])
    watch.is_gone = True
    one.stop()
    expect(page.locator("#gone")).to_contain_text("does not answer. This page tries again by itself.")
    expect(page.locator("#state")).to_have_text("gone")
    one.again()
    expect(page.locator("#state")).to_have_text("live", timeout=15_000)
    expect(page.locator("#gone")).to_be_hidden()
    one.send("t.after")
    expect(page.locator("#list b")).to_have_text(["t.after"])
    expect(page.locator("#picture")).not_to_contain_text("t.before")
