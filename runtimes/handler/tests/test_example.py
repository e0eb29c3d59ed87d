"""The example of docs/runtimes/python.md: called as a test of a user's would call it, and served."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cloudevents.core.v1.event import CloudEvent
from runtimes.conformance.server import Start

from plait_handler import Context, Reject
from plait_handler.codec import HTTPMessage, from_http
from plait_handler.function.loader import import_module

ROOT = Path(__file__).parents[3]
ORDERS = ROOT / "runtimes" / "handler" / "examples" / "orders"
PAGE = ROOT / "docs" / "runtimes" / "python.md"
HEADERS = [(b"ce-specversion", b"1.0"), (b"ce-id", b"1"), (b"ce-source", b"/shop"), (b"ce-type", b"order")]


@pytest.fixture
def handle(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """The example's function."""
    monkeypatch.setattr(sys, "path", [*sys.path])
    return import_module(ORDERS / "function.py", "orders").handle  # type: ignore[no-any-return]


def test_called_with_an_event_of_the_sdk(handle: Callable[..., Any]) -> None:
    """No server is needed."""
    attributes = {"type": "order", "source": "/shop", "datacontenttype": "application/json"}
    context = Context("1", deadline=time.monotonic() + 30)
    assert handle(CloudEvent(attributes, {"number": 7}), context) == {"order": 7, "state": "taken"}


def test_called_with_an_event_from_the_wire(handle: Callable[..., Any]) -> None:
    """As it comes over HTTP; one without a number is rejected."""
    event = from_http(HTTPMessage([*HEADERS, (b"content-type", b"application/json")], b"{}"))
    with pytest.raises(Reject, match=r"^no order number$"):
        handle(event, Context("1", deadline=time.monotonic() + 30))


def test_served(start: Start) -> None:
    """The answers that the page shows."""
    server = start(ORDERS, PLAIT_REPLY_TYPE="dev.example.order.taken")
    answer = server.post_json({"number": 7})
    assert (answer.status, answer.body) == (200, b'{"order":7,"state":"taken"}')
    assert answer.event["ce-type"] == "dev.example.order.taken"
    assert (server.post(b"{}").status, server.post(b"{}").body) == (400, b"no order number\n")
    server.stop()
    line = next(line for line in server.lines() if line["logger"] == "function")
    assert (line["message"], line["event_id"]) == ("order 7", "1")


@pytest.mark.skipif(not PAGE.is_file(), reason="the docs are not beside the package")
def test_the_page_shows_it() -> None:
    """As it is in the file."""
    assert (ORDERS / "function.py").read_text("utf-8") in PAGE.read_text("utf-8")
