"""Made requests: Hypothesis makes them; all runtimes have one verdict, and give the same event back."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ..server import Server
from ..wire import head
from .conftest import RUNTIMES
from .made import BODIES, DOCUMENTS, HEADERS, STRUCTURED, TWICE, Header

many = settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@pytest.fixture(scope="module")
def echoes() -> Iterator[dict[str, Server]]:
    """One server of each runtime, that gives events back."""
    with contextlib.ExitStack() as stack:
        yield {runtime.name: stack.enter_context(runtime.servers()).start("echo") for runtime in RUNTIMES}


@many
@given(headers=HEADERS, body=BODIES)
def test_binary_mode(echoes: dict[str, Server], headers: list[Header], body: bytes) -> None:
    """Headers and data of all kinds."""
    agree(echoes, headers, body)


@settings(many, max_examples=50)
@given(headers=TWICE)
def test_headers_that_may_be_there_twice(echoes: dict[str, Server], headers: list[Header]) -> None:
    """One header more, of a name that may be there."""
    agree(echoes, headers, b"")


@many
@given(document=DOCUMENTS)
def test_structured_mode(echoes: dict[str, Server], document: str) -> None:
    """Objects of all kinds; NaN and lone surrogates among their values."""
    agree(echoes, [("Content-Type", STRUCTURED)], document.encode("utf-8", "surrogatepass"))


@many
@given(
    document=DOCUMENTS, place=st.integers(0, 200), inserted=st.text(max_size=3), left_out=st.integers(0, 3)
)
def test_structured_text(
    echoes: dict[str, Server], document: str, place: int, inserted: str, left_out: int
) -> None:
    """What is nearly JSON: a few characters are others."""
    text = document[:place] + inserted + document[place + left_out :]
    agree(echoes, [("Content-Type", STRUCTURED)], text.encode("utf-8", "surrogatepass"))


def agree(echoes: dict[str, Server], headers: list[Header], body: bytes) -> None:
    """All runtimes answer alike; a module of wasm as far as JSON can carry it, in which it gets the event."""
    pairs = [("Host", b"conformance"), *headers, ("Content-Length", b"%d" % len(body))]
    request = head("POST", "/", pairs) + body
    seen = {name: verdict(request, server) for name, server in echoes.items()}
    wasm = seen.pop("wasm")
    first = next(iter(seen.values()))
    alike = all(answer == first for answer in seen.values()) and in_json(wasm) == in_json(first)
    assert alike, "\n".join(
        [
            f"the request: {request!r}",
            *(f"{name}: {answer}" for name, answer in {**seen, "wasm": wasm}.items()),
        ]
    )


def in_json(answer: tuple[int, Any, bytes]) -> tuple[int, Any, bytes]:
    """Without what the JSON format has no place for: spaces around JSON data, the encoding of 0.3."""
    status, event, body = answer
    if not isinstance(event, dict):
        return answer
    return status, {k: v for k, v in event.items() if k != "ce-datacontentencoding"}, body.strip(b" \t\r\n")


def verdict(request: bytes, server: Server) -> tuple[int, Any, bytes]:
    """The status; of a reply its attributes and its data besides."""
    answer = server.exchange(request)
    return (200, answer.event, answer.body) if answer.status == 200 else (answer.status, None, b"")
