"""`python -m tests.local.ui.screenshots`: the pictures of docs/page.md, from a flow that really runs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, sync_playwright

from tests.local.support.wire import Reply
from tests.local.ui.stage import PAID, PLACED, SENT, Stage, event, stage
from tests.support.tools import find

IMAGES = Path(__file__).parents[3] / "docs" / "images"
GOODS = [
    ("lamp", 2, "Turin"),
    ("chair", 4, "Porto"),
    ("kettle", 1, "Gent"),
    ("desk", 1, "Graz"),
    ("clock", 3, "Lund"),
]


def play(one: Stage) -> int:
    """Five orders, one of which stock cannot serve; the number of that one."""
    one.shop()
    ids = range(4711, 4711 + len(GOODS))
    paid = [event(PAID, "/shop/orders", f"paid-{number}", {"order": number}) for number in ids]
    sent = [
        event(SENT, "/shop/invoice", f"invoice-{number}", {"order": number, "pages": 1}) for number in ids
    ]
    fails = [Reply(503, body=b"the warehouse is closed", delay=0.03)] * 2 + [
        Reply(503, body=b"the warehouse is closed", delay=0.05)
    ]
    sent[3] = Reply(502, body=b"printer out of paper", delay=0.02)
    sent.insert(4, event(SENT, "/shop/invoice", "invoice-4714", {"order": 4714, "pages": 1}))
    one.scripts(orders=paid, invoice=sent, stock=[*[Reply(delay=0.01)] * 3, *fails, Reply()])
    for number, (goods, amount, town) in zip(ids, GOODS, strict=True):
        data = {
            "order": number,
            "goods": goods,
            "amount": amount,
            "ship": {"to": town, "express": amount > 2},
        }
        one.send(PLACED, data, id=f"order-{number}")
        one.settle()
    return next(number for number in range(1, 99) if one.call(_is(one, number, f"order-{ids[3]}")))


async def _is(one: Stage, number: int, identity: str) -> bool:
    found = await one.service.store.query(
        lambda c: c.execute("SELECT id FROM event WHERE seq = ?", (number,)).fetchone()
    )
    return bool(found and found[0] == identity.encode())


def opened(browser: Browser, address: str, scheme: Literal["light", "dark"], width: int, height: int) -> Page:
    """The page, with all that it loads."""
    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
    page.goto(address)
    page.wait_for_selector("#list li")
    page.wait_for_selector("#picture .badges")
    return page


def main() -> None:
    """Make them anew."""
    chromium = find("chromium")
    if chromium is None:
        sys.exit("chromium is missing: see tests/tools.toml")
    IMAGES.mkdir(exist_ok=True)
    with stage() as one, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        seq = play(one)
        address = f"{one.page}#/event/{seq}"
        for scheme in ("light", "dark"):
            page = opened(browser, address, scheme, 1120, 740)
            page.wait_for_selector(".tree .attempt")
            page.screenshot(path=IMAGES / f"page-{scheme}.png")
        page = opened(browser, address, "light", 1120, 740)
        page.wait_for_selector(".tree .attempt")
        page.locator("#detail").screenshot(path=IMAGES / "page-trace.png")
        narrow = opened(browser, address, "light", 360, 740)
        narrow.wait_for_selector(".tree .attempt")
        if "--narrow" in sys.argv:
            narrow.screenshot(path=IMAGES / "narrow.png", full_page=True)
        browser.close()


if __name__ == "__main__":
    main()
