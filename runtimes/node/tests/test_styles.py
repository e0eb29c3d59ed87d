"""What faas-js-runtime's documentation lets a function return, and what that runtime itself makes of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from runtimes.conformance.server import JSON, Server, Servers, Start
from runtimes.conformance.wire import Response

from plait_node import node

from .conftest import FUNCTIONS

ADA = {"name": "Ada"}


@pytest.fixture(scope="module")
def peer(packages: Path) -> Iterator[Server]:
    """faas-js-runtime's own server around the same function, for all tests of the module."""
    program = packages / "faas-js-runtime" / "bin" / "cli.js"

    def command(function: str) -> list[str]:
        start = [node.find().node, str(program), str(FUNCTIONS / function / "index.js")]
        return ["sh", "-c", 'exec "$@" --port "$PORT"', "sh", *start]

    with Servers(command, {"NODE_PATH": packages}) as servers:
        yield servers.start("styles")


def both(start: Start, peer: Server, kind: str) -> tuple[Response, Response]:
    """The answers of ours and of theirs to the same event."""
    return start("styles").post_json(ADA, type=kind), peer.post_json(ADA, type=kind)


@pytest.mark.parametrize(
    "kind", ["builder", "event", "event_json", "headers_and_body", "headers_text", "nothing"]
)
def test_the_same_event_as_by_faas_js_runtime(shared: Start, peer: Server, kind: str) -> None:
    """Type, source, version and data are what that one sends."""
    ours, theirs = both(shared, peer, kind)
    assert (ours.status, ours.body) == (theirs.status, theirs.body)
    names = ("ce-type", "ce-source", "ce-specversion", "ce-subject")
    assert [ours.headers.get(name) for name in names] == [theirs.headers.get(name) for name in names]


@pytest.mark.parametrize(
    ("kind", "content_type", "body"),
    [
        ("text", "text/plain", b"Hello Ada"),
        ("object", "application/json", b'{"hello":"Ada"}'),
        ("body", "application/json", b'{"hello":"Ada"}'),
        ("body_text", "text/plain", b"Hello Ada"),
        ("typed_body", "text/x-greeting", b"Hello Ada"),
    ],
)
def test_what_is_no_event_becomes_one(
    shared: Start, peer: Server, kind: str, content_type: str, body: bytes
) -> None:
    """The same bytes as theirs, in an event: a Broker would retry a 2xx that is none."""
    ours, theirs = both(shared, peer, kind)
    assert (ours.status, ours.body, theirs.body) == (200, body, body)
    assert ours.same_each_time == {
        "ce-specversion": "1.0",
        "ce-type": "reply",
        "ce-source": "styles",
        "content-type": content_type,
    }
    assert "ce-type" not in theirs.headers


@pytest.mark.parametrize(
    ("kind", "status", "body"),
    [
        ("status_ok", 204, b""),
        ("status_404", 404, b"no such order\n"),
        ("status_503", 503, b'{"busy":true}\n'),
    ],
)
def test_a_status_of_its_own(shared: Start, peer: Server, kind: str, status: int, body: bytes) -> None:
    """Above 299 it is the answer; below, it says no more than that there is no reply."""
    ours, theirs = both(shared, peer, kind)
    assert (ours.status, ours.body) == (status, body)
    assert theirs.status in (status, 200)
    assert ours.headers.get("retry-after") == theirs.headers.get("retry-after")


def test_an_event_in_the_body(shared: Start) -> None:
    """Structured mode by hand: read as strictly as one that comes in, sent in binary mode with its own id."""
    answer = shared("styles").post(type="structured")
    assert (answer.status, answer.headers["ce-id"], answer.body) == (200, "mine", b'{"a":1}')
    assert answer.same_each_time == {
        "ce-specversion": "1.0",
        "ce-type": "by.hand",
        "ce-source": "/hand",
        "content-type": "application/json",
    }
    assert shared("styles").post(type="structured_broken").status == 500


def test_ids(shared: Start) -> None:
    """In headers written by hand it is replaced; in a CloudEvent it is the function's."""
    server = shared("styles")
    answers = [server.post_json(ADA, type=kind) for kind in ("headers_and_body", "event")]
    assert (answers[0].status, answers[1].headers["ce-id"]) == (200, "mine")
    assert len(answers[0].headers["ce-id"]) == 36


def test_headers_that_are_no_event(shared: Start) -> None:
    """500, and not a reply that a Broker would dead-letter."""
    assert shared("styles").post(type="headers_broken").status == 500


def test_the_arguments(shared: Start) -> None:
    """A context with the request, a CloudEvent of the SDK, and as `this` an object that nobody can change."""
    answer = shared("styles").post(b'{"name":"Ada"}', JSON, type="arguments", subject="s", myext="5")
    assert json.loads(answer.body) == {
        "is": True,
        "cloudevent": True,
        "data": {"name": "Ada"},
        "body": {"name": "Ada"},
        "raw": '{"name":"Ada"}',
        "contentType": "application/json",
        "keys": ["specversion", "id", "source", "type", "subject", "myext", "datacontenttype", "data"],
        "frozen": True,
        "this": [],
        "text": '{"specversion":"1.0","id":"1","source":"/s","type":"arguments","subject":"s","myext":"5",'
        '"datacontenttype":"application/json","data":{"name":"Ada"}}',
        "clone": "cloned",
        "valid": True,
    }


@pytest.mark.parametrize(
    ("content_type", "body", "expected"),
    [
        ("text/plain", "gr\u00fc\u00df".encode(), {"is": "string", "data": "gr\u00fc\u00df"}),
        ("text/plain; charset=iso-8859-1", b"gr\xfc\xdf", {"is": "string", "data": "gr\u00fc\u00df"}),
        ("application/vnd.x+json", b"[1]", {"is": "object", "data": [1]}),
        ("application/octet-stream", b"\x00", {"is": "object", "data": {"type": "Buffer", "data": [0]}}),
        ("application/json", b"", {"is": "undefined"}),
    ],
)
def test_data(shared: Start, content_type: str, body: bytes, expected: object) -> None:
    """The value of JSON, the text of text/*, else a Buffer."""
    answer = shared("many").post(body, {"content-type": content_type}, type="text")
    assert json.loads(answer.body) == expected


def test_data_that_the_function_changed(shared: Start) -> None:
    """An event that is given back with other data in it has that; all else is as it came."""
    answer = shared("many").post(b'{"a":  1}', JSON, type="changed")
    assert (answer.status, answer.body) == (200, b'{"a":1,"more":true}')
    assert answer.headers["ce-type"] == "changed"


@pytest.mark.parametrize(
    ("subject", "content_type"), [("object", "application/json"), ("string", "text/plain"), ("bytes", None)]
)
def test_an_event_without_datacontenttype(shared: Start, subject: str, content_type: str | None) -> None:
    """It has the one of what its data is written as: context.cloudEventResponse() cannot set it."""
    answer = shared("many").post(type="untyped", subject=subject)
    assert (answer.status, answer.headers.get("content-type")) == (200, content_type)


def test_a_request_without_an_event(shared: Start) -> None:
    """The plain HTTP style is not served: 400 for a POST, 405 for a GET."""
    server = shared("styles")
    assert server.request("POST", "/", JSON, b"{}").status == 400
    assert server.get("/").status == 405
    assert server.post(type="nothing").status == 204


@pytest.mark.parametrize("path", [None, "/nowhere"])
def test_ecmascript_modules(start: Start, path: str | None) -> None:
    """By package.json: main, type, and imports of what comes with the runtime; by the wheel's Node too."""
    server = start("modern", **({} if path is None else {"PATH": path}))
    answer = server.post(subject="Ada")
    assert (answer.status, answer.body) == (200, b'{"hello":"Ada"}')
    assert (server.post().status, server.post().body) == (400, b"no subject\n")
