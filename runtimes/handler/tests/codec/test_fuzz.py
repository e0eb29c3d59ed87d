"""Whatever comes, the codec gives an event or a CodecError; and what it wrote it reads."""

from __future__ import annotations

import contextlib
import json
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from plait_handler.codec import CodecError, HTTPMessage, from_http, to_binary, to_structured
from plait_handler.codec.event import DataError

from .messages import binary, text

FORBIDDEN = [chr(code) for code in (*range(0x20), *range(0x7F, 0xA0), *range(0xFDD0, 0xFDF0))]
FORBIDDEN += [chr(plane << 16 | low) for plane in range(17) for low in (0xFFFE, 0xFFFF)]
CHARACTERS = st.characters(exclude_characters="".join(FORBIDDEN), exclude_categories=["Cs"])
WORDS = st.text(CHARACTERS, min_size=1)
NAMES = st.from_regex(r"[a-z0-9]{1,20}", fullmatch=True).filter(
    lambda name: name not in ("id", "source", "type", "time", "data", "specversion", "datacontenttype")
)
HEADERS = st.lists(
    st.tuples(
        st.one_of(
            st.sampled_from([b"ce-id", b"ce-specversion", b"ce-time", b"ce-x", b"content-type", b"host"]),
            st.binary(max_size=12),
        ),
        st.one_of(
            st.binary(max_size=30),
            st.sampled_from(
                [b"1.0", b"0.3", b"application/cloudevents+json", b"2018-04-05T03:56:24Z", b'"%41\\""']
            ),
        ),
    ),
    max_size=8,
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)


def survives(message: HTTPMessage) -> None:
    """An event, or a CodecError; an event can be asked for its data, and written in both modes."""
    try:
        event = from_http(message)
    except CodecError as error:
        assert error.status in (400, 415)  # noqa: PT017
        assert str(error)  # noqa: PT017
        return
    with contextlib.suppress(DataError):
        event.get_data()
    to_binary(event)
    to_structured(event)


@given(HEADERS, st.binary())
def test_arbitrary_headers(headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    """Bytes in headers."""
    survives(HTTPMessage(headers, body))


@given(HEADERS, st.binary())
def test_arbitrary_headers_beside_good_ones(headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    """Bytes in headers of what is an event otherwise."""
    survives(HTTPMessage([*binary().headers, *headers], body))


@given(st.binary())
def test_arbitrary_structured_bodies(body: bytes) -> None:
    """Bytes in the body."""
    survives(HTTPMessage([(b"content-type", b"application/cloudevents+json")], body))


@given(st.dictionaries(st.sampled_from(["specversion", "id", "source", "type", "time", "x", "data"]), JSON))
def test_arbitrary_structured_objects(members: dict[str, Any]) -> None:
    """Objects of any values."""
    survives(text(json.dumps({"specversion": "1.0", "id": "1", "source": "s", "type": "t"} | members)))


@given(st.text())
def test_arbitrary_text_for_json(body: str) -> None:
    """Nearly an event: text where a member should be."""
    with contextlib.suppress(UnicodeEncodeError):
        survives(text('{"specversion": "1.0", "id": "1", "source": "s", "type": "t"' + body))


EVENTS = st.fixed_dictionaries(
    {"id": WORDS, "source": WORDS, "type": WORDS, "specversion": st.sampled_from(["1.0", "0.3"])},
    optional={
        "subject": WORDS,
        "time": st.datetimes(timezones=st.timezones()).map(lambda t: t.replace(second=0).isoformat()),
        "datacontenttype": st.sampled_from(["application/json", "text/plain; charset=utf-8", "a/b"]),
    },
)
GOOD = {"id": "1", "source": "/s", "type": "t", "specversion": "1.0"}
EXTENSIONS = st.dictionaries(NAMES, st.text(CHARACTERS), max_size=4)


@given(EVENTS, EXTENSIONS, st.binary())
@example(GOOD | {"datacontenttype": "application/json"}, {}, b" 0")
@settings(max_examples=200)
def test_a_round_trip_changes_nothing(
    attributes: dict[str, str], extensions: dict[str, str], data: bytes
) -> None:
    """Binary to event to either mode to event: the same attributes, the same bytes.

    Structured mode has no place for spaces around JSON.
    """
    known = {"schemaurl", "dataschema", "datacontentencoding", "subject"}
    wanted = {name: value for name, value in extensions.items() if name not in known} | attributes
    message = written(wanted, data)
    try:
        event = from_http(message)
    except CodecError as error:
        assert "RFC 3339" in str(error)  # noqa: PT017 - zones of old had offsets with seconds
        return
    assert texts(event) == wanted
    assert event.raw_data == (data or None)
    plain, structured = from_http(to_binary(event)), from_http(to_structured(event))
    assert texts(plain) == texts(structured) == wanted
    assert plain.raw_data == (data or None)
    is_json = attributes.get("datacontenttype") == "application/json"
    assert structured.raw_data in (data or None, data.strip(b" \t\r\n") if is_json else data)


def texts(event: Any) -> dict[str, Any]:
    """The attributes, time as it was written."""
    return {
        name: value.isoformat() if name == "time" else value for name, value in event.get_attributes().items()
    }


def written(attributes: dict[str, str], data: bytes) -> HTTPMessage:
    """A message written in the plainest way: each byte of each value percent-encoded."""
    headers = []
    for name, value in attributes.items():
        if name == "datacontenttype":
            headers.append((b"content-type", value.encode()))
        else:
            encoded = "".join(f"%{byte:02X}" for byte in value.encode("utf-8"))
            headers.append((b"ce-" + name.encode(), encoded.encode()))
    return HTTPMessage(headers, data)
