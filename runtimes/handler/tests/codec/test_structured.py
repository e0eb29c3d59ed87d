"""Structured mode."""

from __future__ import annotations

from typing import Any

import pytest

from plait_handler.codec import CodecError, EventV03, HTTPMessage, from_http

from .messages import binary, document, structured, text


def test_attributes_and_data() -> None:
    """Extensions keep their types; null is absent; data is JSON to the letter."""
    body = (
        '{"specversion": "1.0", "id": "1", "source": "/s", "type": "t", "subject": null,'
        ' "data" : {"b": 1.00,  "a": [1e5]} , "flag": true, "count": -5}'
    )
    event = from_http(text(body))
    assert event.get_attributes() == {
        "specversion": "1.0",
        "id": "1",
        "source": "/s",
        "type": "t",
        "flag": True,
        "count": -5,
    }
    assert event.raw_data == b'{"b": 1.00,  "a": [1e5]}'
    assert event.get_data() == {"b": 1.0, "a": [1e5]}


@pytest.mark.parametrize(
    "content_type",
    [
        "application/cloudevents+json",
        "application/cloudevents+json; charset=utf-8",
        'application/cloudevents+json;charset="UTF-8"',
        "Application/CloudEvents+JSON ; charset=UTF-8; x=y",
    ],
)
def test_content_types(content_type: str) -> None:
    """In whatever case, with parameters."""
    assert from_http(structured(content_type)).get_id() == "1"


@pytest.mark.parametrize(
    ("content_type", "status", "message"),
    [
        (
            "application/cloudevents-batch+json",
            400,
            "batch mode is not taken: send each event in a request of its own",
        ),
        (
            "application/cloudevents+avro",
            415,
            "event format 'application/cloudevents+avro' is not taken: application/cloudevents+json is",
        ),
        (
            "application/cloudevents",
            415,
            "event format 'application/cloudevents' is not taken: application/cloudevents+json is",
        ),
        (
            "application/cloudevents+json; charset=latin1",
            415,
            "charset 'latin1' is not taken: JSON is UTF-8",
        ),
    ],
)
def test_what_is_not_taken(content_type: str, status: int, message: str) -> None:
    """Batches and other formats are told apart."""
    with pytest.raises(CodecError) as caught:
        from_http(structured(content_type))
    assert (caught.value.status, str(caught.value)) == (status, message)


def test_the_content_type_beats_the_headers() -> None:
    """`ce-*` headers beside a structured body are passed over (statement 4)."""
    message = structured(id="inside")
    headers = [*message.headers, *binary(id="outside").headers]
    assert from_http(HTTPMessage(headers, message.body)).get_id() == "inside"


@pytest.mark.parametrize(
    ("members", "raw", "value"),
    [
        ({"data": None}, None, None),
        ({"data": "x"}, b'"x"', "x"),
        ({"data": "x", "datacontenttype": "text/plain"}, b"x", "x"),
        ({"data": "\u20ac", "datacontenttype": "text/plain; charset=utf-16-le"}, b"\xac\x20", "\u20ac"),
        ({"data": "<a/>", "datacontenttype": "application/xml"}, b"<a/>", b"<a/>"),
        ({"data": "x", "datacontenttype": "application/vnd.x+json"}, b'"x"', "x"),
        ({"data_base64": "AAE="}, b"\0\1", b"\0\1"),
        ({"data_base64": "eyJhIjoxfQ==", "datacontenttype": "application/json"}, b'{"a":1}', {"a": 1}),
    ],
)
def test_data(members: dict[str, Any], raw: bytes | None, value: Any) -> None:
    """JSON format 1.0.2, section 3.1.2."""
    event = from_http(structured(**members))
    assert (event.raw_data, event.get_data()) == (raw, value)


def test_null_data_is_json_null() -> None:
    """An explicit null is a payload (JSON format, section 3.1.1); in another type than JSON it is none."""
    event = {"specversion": "1.0", "id": "1", "source": "/s", "type": "t", "data": None}
    assert from_http(document(event)).raw_data == b"null"
    assert from_http(document(event | {"datacontenttype": "text/plain"})).raw_data is None


def test_the_data_of_0_3() -> None:
    """Base64 is undone, and with it the attribute that says so."""
    event = from_http(
        structured(specversion="0.3", datacontentencoding="Base64", data="AAE=", datacontenttype="a/b")
    )
    assert type(event) is EventV03
    assert event.raw_data == b"\0\1"
    assert event.get_attributes() == {
        "specversion": "0.3",
        "id": "1",
        "source": "/s",
        "type": "t",
        "datacontenttype": "a/b",
    }


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({"specversion": None}, "not a CloudEvent: no specversion"),
        ({"specversion": 1}, "unknown specversion 1: known are '1.0' and '0.3'"),
        ({"id": 5}, "attribute 'id' is not a string but of type int"),
        ({"source": ["x"]}, "attribute 'source' is not a string but an array"),
        ({"subject": ""}, "attribute 'subject' is empty"),
        ({"time": 5}, "attribute 'time' is not a string but of type int"),
        ({"datacontenttype": "x"}, "attribute 'datacontenttype' is not a media type: 'x'"),
        ({"MyExt": "1"}, "'MyExt' cannot be an attribute: a name is small letters and digits"),
        ({"ext": {}}, "extension 'ext' is an object: it may be a string, an integer or a boolean"),
        (
            {"ext": 1.5},
            "extension 'ext' is a number with a fraction: it may be a string, an integer or a boolean",
        ),
        ({"ext": 2**31}, "extension 'ext' is an integer of more than 32 bits: 2147483648"),
        ({"ext": "\ud800"}, "attribute 'ext' has the forbidden character U+D800"),
        ({"ext": "\n"}, "attribute 'ext' has the forbidden character U+000A"),
        ({"data": 1, "data_base64": "AA=="}, "the event has both 'data' and 'data_base64'"),
        ({"data_base64": "%"}, "'data_base64' is not base64"),
        ({"data_base64": 5}, "'data_base64' is not base64"),
        ({"data": 5, "datacontenttype": "text/plain"}, "'data' of type 'text/plain' must be a string"),
        (
            {"data": "\u20ac", "datacontenttype": "text/plain;charset=ascii"},
            "'data' cannot be written in ascii",
        ),
        ({"data": "x", "datacontenttype": "text/plain;charset=zz"}, "'data' cannot be written in zz"),
        (
            {"specversion": "0.3", "data_base64": "AA=="},
            "'data_base64' is of CloudEvents 1.0; 0.3 has 'datacontentencoding'",
        ),
        (
            {"specversion": "0.3", "datacontentencoding": "gzip"},
            "unknown datacontentencoding 'gzip': known is 'base64'",
        ),
    ],
)
def test_what_is_refused(members: dict[str, Any], message: str) -> None:
    """Each mistake is a 400 that says what is wrong."""
    with pytest.raises(CodecError) as caught:
        from_http(structured(**members))
    assert (str(caught.value), caught.value.status) == (message, 400)
