"""One Chromium for a module; a stage and a page of its own for each test, watched for what no page may do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.local.ui.stage import Stage, stage
from tests.support.tools import require


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium. Not for longer than a module: while it runs, no other test in this thread has an event loop."""
    chromium = require("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture
def one() -> Iterator[Stage]:
    """A broker without routes."""
    with stage() as made:
        yield made


@dataclass
class Watch:
    """What a page did that a test may have to allow."""

    problems: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)
    is_gone: bool = False  # a broker that is away is told in the console by the browser itself


@pytest.fixture
def watch() -> Watch:
    """Tells of the page of this test."""
    return Watch()


@pytest.fixture
def page(browser: Browser, watch: Watch) -> Iterator[Page]:
    """An empty page. In the end: no error in the console, no request to another host."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(15_000)
    watched(page, watch)
    yield page
    page.close()
    assert not watch.problems
    assert len(watch.hosts) <= 1


def watched(page: Page, watch: Watch) -> None:
    """Note each error and each host."""
    page.on("pageerror", lambda error: watch.problems.append(str(error)))
    page.on("request", lambda request: watch.hosts.add(urlsplit(request.url).netloc))
    page.on("dialog", lambda dialog: watch.problems.append(dialog.message))
    page.on(
        "console",
        lambda told: (
            watch.problems.append(told.text)
            if told.type in ("error", "warning") and not watch.is_gone
            else None
        ),
    )
