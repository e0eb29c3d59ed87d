"""CloudEvents over HTTP as Knative's Go SDK reads and writes them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plait.local.wire import codec, jsonform
from plait.local.wire.binary import UnsendableError, encode
from plait.local.wire.event import Event, Headers, NotAnEventError

BINARY: Headers = {"ce-specversion": ["1.0"], "ce-id": ["a"], "ce-source": ["/s"], "ce-type": ["t"]}
FORMAT: Headers = {"content-type": ["application/cloudevents+json"]}
TEXT = st.text(max_size=12) | st.sampled_from(
    ["/a b", "%zz", "%41", "é", "\udcff", "a:b", "http://h/", "2026-02-03T04:05:06Z"]
)
NAMES = st.sampled_from(
    ["id", "source", "type", "subject", "time", "dataschema", "schemaurl", "specversion", "x", "X", "a-b", ""]
)
VALUES = TEXT | st.none() | st.booleans() | st.integers() | st.floats() | st.lists(st.integers(), max_size=1)


@given(st.dictionaries(NAMES, TEXT), st.binary(max_size=20), st.sampled_from(["1.0", "0.3"]))
def test_a_hop_changes_nothing_more(attributes: dict[str, str], data: bytes, version: str) -> None:
    """What one hop through headers gives, the next one gives again; anything else is refused as it should be."""
    headers: Headers = {f"ce-{name}": [text] for name, text in attributes.items()} | {
        "ce-specversion": [version]
    }
    try:
        once = codec.forwarded(codec.decode(headers, data))
    except (NotAnEventError, UnsendableError):
        return
    assert codec.forwarded(once) == once
    assert once.data == data


@given(
    st.lists(
        st.tuples(NAMES | st.sampled_from(["data", "data_base64", "datacontenttype"]), VALUES), max_size=8
    )
)
def test_any_json_is_an_event_or_refused(members: list[tuple[str, Any]]) -> None:
    """Structured mode: an event, or NotAnEventError, whatever the members are, in any order and repeated."""
    body = ",".join(f"{json.dumps(name)}:{json.dumps(value)}" for name, value in members)
    try:
        event = codec.decode(FORMAT, f"{{{body}}}".encode())
    except NotAnEventError:
        return
    assert event.attributes["specversion"] in ("1.0", "0.3")


@given(st.binary(max_size=60))
def test_any_bytes_are_an_event_or_refused(body: bytes) -> None:
    """Nothing but NotAnEventError comes of what is no JSON."""
    with pytest.raises(NotAnEventError):
        codec.decode(FORMAT, body)


def test_deep_json_is_refused() -> None:
    """Nesting that nobody can read ends in a refusal, not in a crash."""
    with pytest.raises(NotAnEventError):
        codec.decode(FORMAT, b'{"specversion":"1.0","data":' + b"[" * 100_000)


EVENT = '"specversion":"1.0","id":"a","source":"/s","type":"t"'


@pytest.mark.parametrize(
    ("members", "data"),
    [
        (EVENT + ',"data": {"x" : 1}', b' {"x" : 1}'),
        (EVENT + ',"data":{"x":1}', b'{"x":1}'),
        (EVENT + ',"data":"text","datacontenttype":"text/plain"', b"text"),
        (EVENT + ',"datacontenttype":"application/json","data":"text"', b'"text"'),
        (EVENT + ',"data":"\\ud83d\\ude00","datacontenttype":"text/plain"', "😀".encode()),
        (EVENT + ',"data":"\\ud83d","datacontenttype":"text/plain"', "\ufffd".encode()),
        (EVENT + ',"data_base64":"AAH/"', b"\x00\x01\xff"),
        ('"data_base64": "AAH/",' + EVENT, b"\x00\x01\xff"),
        (EVENT + ',"data_base64": "AAH/"', None),
        (EVENT + ',"datacontenttype":"a/b","data_base64": "AAH/"', b"\x00\x01\xff"),
        (EVENT + ',"data":{},"datacontenttype":"text/plain"', None),
        (EVENT + ',"":1,"data":1', b""),
        (EVENT + ',"data":null', b"null"),
    ],
)
def test_data_in_structured_mode(members: str, data: bytes | None) -> None:
    """Raw bytes for JSON, the text for other types; base64 with a space before it is refused, as the SDK does."""
    if data is None:
        with pytest.raises(NotAnEventError):
            codec.decode(FORMAT, f"{{{members}}}".encode())
    else:
        assert codec.decode(FORMAT, f"{{{members}}}".encode()).data == data


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("5", "5"),
        ("-1.9", "-1"),
        ("true", "true"),
        ('"x"', "x"),
        ("null", None),
        ('""', ""),
        ("2147483647", "2147483647"),
    ],
)
def test_extensions_of_all_types(value: str, text: str | None) -> None:
    """They become texts; null is none."""
    event = codec.decode(FORMAT, f'{{{EVENT},"Ext":{value}}}'.encode())
    assert event.attributes.get("ext") == text


@pytest.mark.parametrize("value", ["2147483648", "[1]", '{"a":1}', "1e400"])
def test_extensions_that_are_refused(value: str) -> None:
    """Numbers beyond 32 bits, lists and objects."""
    with pytest.raises(NotAnEventError):
        codec.decode(FORMAT, f'{{{EVENT},"ext":{value}}}'.encode())


@pytest.mark.parametrize(
    ("kind", "data", "sent"),
    [
        ("application/json", b'{ "a" : "<" }', '"data":{"a":"\\u003c"}'),
        ("text/plain", b"a&b", '"data":"a\\u0026b"'),
        ("application/vnd.x+json", b"{}", '"data":"{}"'),
        ("application/json", b"", '"datacontenttype":"application/json"}'),
        ("application/json", b"no", None),
    ],
)
def test_json_form(kind: str, data: bytes, sent: str | None) -> None:
    """JSON data as they are without spaces, everything else as a text; data that are no JSON cannot be sent."""
    event = codec.decode({**BINARY, "content-type": [kind]}, data)
    if sent is None:
        with pytest.raises(UnsendableError):
            jsonform.encode(event)
    else:
        assert sent in jsonform.encode(event).decode()


def test_a_line_break_cannot_be_sent() -> None:
    """In an event it is an error; in a reply it becomes a space."""
    event = Event({"specversion": "1.0", "id": "a", "source": "/s", "type": "t", "subject": "a\nb"}, b"x")
    with pytest.raises(UnsendableError):
        encode(event)
    assert codec.replied(event, 200).attributes["subject"] == "a b"
    assert codec.replied(event, 200).attributes["datacontenttype"] == "text/plain; charset=utf-8"
