"""Binary mode."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from plait_handler.codec import CodecError, EventV03, EventV1, HTTPMessage, from_http, to_binary

from .messages import binary


def test_attributes_are_what_the_headers_say_and_no_more() -> None:
    """No attribute is invented: neither time nor datacontenttype."""
    event = from_http(binary())
    assert event.get_attributes() == {"specversion": "1.0", "id": "1", "source": "/s", "type": "t"}
    assert event.get_data() is None
    assert event.raw_data is None


def test_all_attributes() -> None:
    """Content-Type is datacontenttype; what is no ce-* header is passed over; extensions are strings."""
    message = binary(
        {
            "host": "x",
            "ce-time": "2018-04-05T03:56:24.5Z",
            "ce-subject": "sub",
            "ce-dataschema": "http://x/y",
            "ce-myext": "5",
            "content-type": "text/plain",
        },
        b"hello",
    )
    event = from_http(message)
    assert event.get_attributes() == {
        "specversion": "1.0",
        "id": "1",
        "source": "/s",
        "type": "t",
        "time": datetime(2018, 4, 5, 3, 56, 24, 500000, tzinfo=UTC),
        "subject": "sub",
        "dataschema": "http://x/y",
        "myext": "5",
        "datacontenttype": "text/plain",
    }
    assert event.raw_data == b"hello"


@pytest.mark.parametrize(("version", "kind"), [("1.0", EventV1), ("0.3", EventV03)])
def test_the_version_is_kept(version: str, kind: type) -> None:
    """0.3 stays 0.3."""
    event = from_http(binary(specversion=version))
    assert type(event) is kind
    assert event.get_specversion() == version


def test_schemaurl_is_an_extension_in_1_0_and_dataschema_in_0_3() -> None:
    """Each version has its own names; the other's are extensions."""
    event = from_http(binary({"ce-schemaurl": "", "ce-datacontentencoding": "any"}))
    assert event.get_extension("schemaurl") == ""
    old = from_http(binary({"ce-dataschema": "", "ce-schemaurl": "u"}, specversion="0.3"))
    assert old.get_extension("dataschema") == ""
    assert old.get_dataschema() == "u"


@pytest.mark.parametrize(
    ("headers", "required", "message"),
    [
        ({}, {"specversion": None}, "not a CloudEvent: no specversion"),
        ({}, {"specversion": "2.0"}, "unknown specversion '2.0': known are '1.0' and '0.3'"),
        ({}, {"id": None}, "required attribute 'id' is missing"),
        ({}, {"source": None}, "required attribute 'source' is missing"),
        ({}, {"type": None}, "required attribute 'type' is missing"),
        ({}, {"id": ""}, "attribute 'id' is empty"),
        ({}, {"source": ""}, "attribute 'source' is empty"),
        ({}, {"type": ""}, "attribute 'type' is empty"),
        ({"ce-subject": ""}, {}, "attribute 'subject' is empty"),
        ({"ce-dataschema": ""}, {}, "attribute 'dataschema' is empty"),
        ({"ce-schemaurl": ""}, {"specversion": "0.3"}, "attribute 'schemaurl' is empty"),
        ({"ce-time": "yesterday"}, {}, "attribute 'time' is not an RFC 3339 timestamp: 'yesterday'"),
        ({"ce-my-ext": "1"}, {}, "'my-ext' cannot be an attribute: a name is small letters and digits"),
        ({"ce-": "1"}, {}, "'' cannot be an attribute: a name is small letters and digits"),
        ({"ce-data": "1"}, {}, "'data' cannot be an attribute: a name is small letters and digits"),
        (
            {"ce-datacontenttype": "a/b"},
            {},
            "header 'ce-datacontenttype': in binary mode it is Content-Type that says so",
        ),
        ({"content-type": "json"}, {}, "attribute 'datacontenttype' is not a media type: 'json'"),
        ({"content-type": ""}, {}, "attribute 'datacontenttype' is empty"),
        ({"ce-subject": b"\xff"}, {}, "header 'ce-subject' is not UTF-8 once percent-decoded"),
        ({"ce-subject": "%C0%A0"}, {}, "header 'ce-subject' is not UTF-8 once percent-decoded"),
        ({"ce-subject": "a%0Ab"}, {}, "attribute 'subject' has the forbidden character U+000A"),
        ({"ce-subject": "a%EF%BF%BFb"}, {}, "attribute 'subject' has the forbidden character U+FFFF"),
    ],
)
def test_what_is_refused(headers: dict[str, str | bytes], required: dict[str, Any], message: str) -> None:
    """Each mistake is a 400 that says what is wrong."""
    with pytest.raises(CodecError) as caught:
        from_http(binary(headers, **required))
    assert (str(caught.value), caught.value.status) == (message, 400)


def test_a_header_twice() -> None:
    """Which of the two counts, nobody can say."""
    headers = [*binary().headers, (b"ce-id", b"2")]
    with pytest.raises(CodecError, match="header 'ce-id' is there twice"):
        from_http(HTTPMessage(headers, b""))
    with pytest.raises(CodecError, match="header 'content-type' is there twice"):
        from_http(HTTPMessage([(b"content-type", b"a/b")] * 2, b""))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("Euro%20%E2%82%AC%20%F0%9F%98%80", "Euro \u20ac \U0001f600"),
        ("Euro%20%e2%82%ac", "Euro \u20ac"),
        ("%41%42", "AB"),
        ("Euro \u20ac", "Euro \u20ac"),
        ("100%", "100%"),
        ("100%zz", "100%zz"),
        ("a%2525b", "a%25b"),
        ('"a b"', "a b"),
        ('"a \\"b\\" %41"', 'a "b" A'),
        ('a"b', 'a"b'),
        ('"', '"'),
        ("a b", "a b"),
    ],
)
def test_header_values_are_decoded(value: str, text: str) -> None:
    """HTTP binding 1.0.2, section 3.1.3.2; and raw UTF-8, which a Knative broker passes on."""
    assert from_http(binary({"ce-subject": value})).get_subject() == text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Euro \u20ac \U0001f600", b"Euro%20%E2%82%AC%20%F0%9F%98%80"),
        ("100%", b"100%25"),
        ('"', b"%22"),
        ("!#$&'()*+,-./:;<=>?@[]^_`{|}~", b"!#$&'()*+,-./:;<=>?@[]^_`{|}~"),
    ],
)
def test_header_values_are_encoded(text: str, value: bytes) -> None:
    """As the binding says, and so that they come back the same."""
    event = from_http(binary(subject="x"))
    event.get_attributes()["subject"] = text
    message = to_binary(event)
    assert dict(message.headers)[b"ce-subject"] == value
    assert from_http(message).get_subject() == text


def test_an_event_passed_on_is_the_same_to_the_letter() -> None:
    """Nanoseconds and time zone of `time` too, which a datetime cannot hold."""
    for time in ("2018-04-05T03:56:24.123456789Z", "2018-04-05t03:56:24z", "2018-04-05T03:56:24+00:00"):
        message = binary({"ce-time": time, "content-type": "application/json"}, b'{"a": 1.00}')
        event = from_http(message)
        assert event.get_data() == {"a": 1.0}
        assert to_binary(event) == message


@pytest.mark.parametrize(
    "time",
    [
        "2018-04-05",
        "2018-04-05T03:56",
        "2018-04-05 03:56:24Z",
        "2018-04-05T03:56:24",
        "20180405T035624Z",
        "2018-13-05T03:56:24Z",
        "2018-02-30T03:56:24Z",
        "2018-04-05T24:00:00Z",
        "2016-12-31T23:59:60Z",
        "2018-04-05T03:56:24.Z",
        "2018-04-05T03:56:24+0100",
        "0000-04-05T03:56:24Z",
        "\u0662018-04-05T03:56:24Z",
    ],
)
def test_times_that_are_none(time: str) -> None:
    """RFC 3339, and no leap seconds, which Go does not take either."""
    with pytest.raises(CodecError, match="'time' is not an RFC 3339 timestamp"):
        from_http(binary({"ce-time": time}))
