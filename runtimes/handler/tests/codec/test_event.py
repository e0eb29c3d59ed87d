"""The event that a function is given behaves as the SDK's, and its data waits."""

from __future__ import annotations

import copy
import json
import pickle
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cloudevents.core.bindings.http import to_binary_event
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v03.event import CloudEvent as CloudEventV03
from cloudevents.core.v1.event import CloudEvent

from plait_handler import Reject
from plait_handler.codec import CodecError, EventV1, from_http, to_binary
from plait_handler.codec.event import DataError
from plait_handler.codec.timestamp import Timestamp

from .messages import binary

TIME = "2018-04-05T03:56:24.123456789Z"


def test_it_is_an_event_of_the_sdk() -> None:
    """`isinstance` works, in either version."""
    assert isinstance(from_http(binary()), CloudEvent)
    assert isinstance(from_http(binary(specversion="0.3")), CloudEventV03)


def test_all_methods_of_the_sdk_give_the_same() -> None:
    """An event made by the SDK of the same attributes answers alike."""
    event = from_http(
        binary({"ce-time": TIME, "ce-subject": "s", "ce-ext": "e", "content-type": "a/b"}, b"x")
    )
    same = CloudEvent(dict(event.get_attributes()), b"x")
    names = [name for name in dir(same) if name.startswith("get_") and name != "get_extension"]
    assert {name: getattr(event, name)() for name in names} == {name: getattr(same, name)() for name in names}
    assert event.get_extension("ext") == same.get_extension("ext") == "e"


def test_the_sdk_can_write_it() -> None:
    """Into binary mode and into JSON, time to the letter."""
    event = from_http(binary({"ce-time": TIME, "content-type": "application/json"}, b'{"a":1}'))
    assert to_binary_event(event).headers["ce-time"] == TIME
    assert json.loads(JSONFormat().write(event)) == {
        "specversion": "1.0",
        "id": "1",
        "source": "/s",
        "type": "t",
        "time": TIME,
        "datacontenttype": "application/json",
        "data": {"a": 1},
    }


@pytest.mark.parametrize(
    ("content_type", "raw", "data"),
    [
        ("application/json", b'{"a": [1, 2]}', {"a": [1, 2]}),
        ("Application/JSON; charset=utf-8", b"5", 5),
        ("text/json", b"null", None),
        ("application/problem+json", b'"x"', "x"),
        ("text/plain", "\u20ac".encode(), "\u20ac"),
        ("text/plain; charset=iso-8859-1", b"\xe9", "\u00e9"),
        ("text/plain; charset=nonsense", b"x", b"x"),
        ("text/plain", b"\xff", b"\xff"),
        ("application/octet-stream", b"x", b"x"),
        ("application/xml", b"<a/>", b"<a/>"),
        (None, b"{}", b"{}"),
    ],
)
def test_data_by_content_type(content_type: str | None, raw: bytes, data: Any) -> None:
    """JSON is parsed, text is decoded, the rest is bytes; the raw bytes are always there."""
    event = from_http(binary({"content-type": content_type} if content_type else {}, raw))
    assert (event.get_data(), event.raw_data) == (data, raw)
    assert event.get_data() is event.get_data()


@pytest.mark.parametrize("raw", [b"{", b"NaN", b"\xff", b"[" * 100_000])
def test_data_that_is_not_what_it_says(raw: bytes) -> None:
    """It is a Reject: a function that asks for such data, and lets the error pass, answers 400."""
    event = from_http(binary({"content-type": "application/json"}, raw))
    with pytest.raises(DataError, match="the event's data is not JSON") as caught:
        event.get_data()
    assert isinstance(caught.value, Reject)
    assert event.raw_data == raw


def test_data_that_was_changed_in_place() -> None:
    """A function may change what get_data() gave it and return the event; else the bytes stay."""
    event = from_http(binary({"content-type": "application/json"}, b'{"a": 1.00}'))
    data: Any = event.get_data()
    assert to_binary(event).body == b'{"a": 1.00}'
    data["b"] = True
    assert to_binary(event).body == b'{"a":1.0,"b":true}'


def test_an_event_can_be_made_of_its_class() -> None:
    """The constructor is the SDK's, with its checks and its defaults."""
    event = EventV1({"type": "t", "source": "/s"}, {"a": 1})
    assert set(event.get_attributes()) == {"type", "source", "specversion", "id", "time"}
    assert (event.get_data(), event.raw_data) == ({"a": 1}, None)
    assert to_binary(event).body == b'{"a":1}'


def test_copies() -> None:
    """Copied and pickled, it is the same."""
    event = from_http(binary({"ce-time": TIME, "content-type": "application/json"}, b"{}"))
    for other in (copy.copy(event), copy.deepcopy(event), pickle.loads(pickle.dumps(event))):  # noqa: S301
        assert other.get_attributes() == event.get_attributes()
        assert other.get_data() == {}


def test_a_timestamp_is_a_datetime() -> None:
    """What is computed from it has its own text."""
    stamp = Timestamp.read(TIME)
    assert stamp == datetime(2018, 4, 5, 3, 56, 24, 123456, tzinfo=UTC)
    assert stamp.isoformat() == TIME
    assert stamp.isoformat(timespec="seconds") == "2018-04-05T03:56:24+00:00"
    assert (stamp + timedelta(days=1)).isoformat() == "2018-04-06T03:56:24.123456+00:00"
    assert str(stamp) == "2018-04-05 03:56:24.123456+00:00"


@pytest.mark.parametrize(
    ("data", "body"),
    [
        (None, b""),
        (b"x", b"x"),
        (bytearray(b"x"), b"x"),
        ("\u20ac", "\u20ac".encode()),
        ({"a": "\u20ac"}, '{"a":"\u20ac"}'.encode()),
        ([1, 1.5, True, None], b"[1,1.5,true,null]"),
        (False, b"false"),
    ],
)
def test_data_that_a_function_made(data: Any, body: bytes) -> None:
    """Bytes and text as they are, the rest as JSON."""
    assert to_binary(CloudEvent({"type": "t", "source": "/s"}, data)).body == body


@pytest.mark.parametrize(
    ("attributes", "data", "message"),
    [
        ({"id": None}, None, "required attribute 'id' is missing"),
        ({"id": ""}, None, "attribute 'id' is empty"),
        ({"specversion": "9"}, None, "unknown specversion '9': known are '1.0' and '0.3'"),
        ({"subject": "\n"}, None, "attribute 'subject' has the forbidden character U+000A"),
        ({"time": datetime(2020, 1, 1)}, None, "attribute 'time' has no time zone"),  # noqa: DTZ001
        ({"x": datetime(2020, 1, 1)}, None, "extension 'x' has no time zone"),  # noqa: DTZ001
        (
            {"x": object()},
            None,
            "extension 'x' is of type object: it may be a string, an integer or a boolean",
        ),
        ({}, {1, 2}, "the data cannot be written as JSON: set is not a type of JSON"),
        (
            {},
            float("nan"),
            "the data cannot be written as JSON: Out of range float values are not JSON compliant",
        ),
        ({}, "\ud800", "the data cannot be written as JSON: 'utf-8' codec can't encode character '\\ud800'"),
    ],
)
def test_events_that_cannot_be_written(attributes: dict[str, Any], data: Any, message: str) -> None:
    """A function that breaks an event is told what it broke."""
    event = CloudEvent({"type": "t", "source": "/s", "id": "1"}, data)
    event.get_attributes().update(attributes)
    with pytest.raises(CodecError) as caught:
        to_binary(event)
    assert str(caught.value).startswith(message)


def test_data_that_holds_itself() -> None:
    """It has no end, and is refused."""
    data: list[Any] = []
    data.append(data)
    event = CloudEvent({"type": "t", "source": "/s"}, None)
    event._data = data  # type: ignore[assignment]  # noqa: SLF001
    with pytest.raises(CodecError, match="nested too deep"):
        to_binary(event)


def test_extensions_of_other_types() -> None:
    """The canonical strings of the type system."""
    event = from_http(binary())
    event.get_attributes().update({"b": True, "i": -5, "t": datetime(2020, 1, 1, tzinfo=UTC), "y": b"\0"})
    headers = dict(to_binary(event).headers)
    assert {name: headers[f"ce-{name}".encode()] for name in "bity"} == {
        "b": b"true",
        "i": b"-5",
        "t": b"2020-01-01T00:00:00Z",
        "y": b"AA==",
    }
