"""The codec against the SDK's own: the same wherever the SDK is right, and the list of where it is not.

docs/runtimes/contract.md has the list in words.
"""

from __future__ import annotations

from typing import Any

import pytest
from cloudevents.core.base import BaseCloudEvent
from cloudevents.core.bindings import http as sdk
from hypothesis import given
from hypothesis import strategies as st

from plait_handler.codec import CodecError, HTTPMessage, from_http, to_binary, to_structured

from .messages import binary, document, structured, text
from .test_fuzz import CHARACTERS, JSON, NAMES

PLAIN = st.text(CHARACTERS, min_size=1).filter(lambda value: not value.startswith('"'))


def sdk_message(message: HTTPMessage) -> sdk.HTTPMessage:
    """The message as the SDK has it."""
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in message.headers}
    return sdk.HTTPMessage(headers, message.body)


def by_sdk(message: HTTPMessage) -> BaseCloudEvent:
    """The event that the SDK reads from it."""
    return sdk.from_http_event(sdk_message(message))


@given(
    PLAIN,
    st.dictionaries(NAMES, PLAIN, max_size=3),
    st.sampled_from(["1.0", "0.3"]),
    JSON.filter(lambda value: value is not None),
)
def test_what_the_sdk_wrote_we_read_alike(
    subject: str, extensions: dict[str, str], version: str, data: Any
) -> None:
    """In both modes."""
    names = {"subject": subject, "time": "2018-04-05T03:56:24Z", "datacontenttype": "application/json"}
    known = ("schemaurl", "dataschema", "datacontentencoding")
    members = {name: value for name, value in extensions.items() if name not in known} | names
    event = from_http(document(structured_members(version) | members | {"data": data}))
    theirs = sdk.to_structured_event(event)
    message = HTTPMessage([(b"content-type", b"application/cloudevents+json")], theirs.body)
    for ours, other in ((from_http(message), sdk.from_http_event(theirs)),):
        assert ours.get_attributes() == other.get_attributes()
        assert ours.get_data() == other.get_data()
    binary_message = to_binary(event)
    assert by_sdk(binary_message).get_attributes() == event.get_attributes()
    headers = {name.decode(): value.decode() for name, value in binary_message.headers}
    assert headers == sdk.to_binary_event(event).headers


def structured_members(version: str) -> dict[str, str]:
    """The required members."""
    return {"specversion": version, "id": "1", "source": "/s", "type": "t"}


def test_structured_mode_by_the_sdk_of_what_we_wrote() -> None:
    """The SDK reads what we write."""
    event = from_http(binary({"ce-time": "2018-04-05T03:56:24Z", "content-type": "a/json"}, b'{"a": 1}'))
    other = by_sdk(to_structured(event))
    assert (other.get_attributes(), other.get_data()) == (event.get_attributes(), event.get_data())


ACCEPTED_BY_THE_SDK = {
    "no id: the SDK makes one up": binary(id=None),
    "a control character": binary({"ce-subject": "a%0Ab"}),
    "a time that is ISO 8601 and not RFC 3339": binary({"ce-time": "2018-W14-4T03:56:24Z"}),
    "a Content-Type that is no media type": binary({"content-type": "json"}),
    "an overlong UTF-8 sequence": binary({"ce-subject": "%C0%A0"}),
    "ce-datacontenttype": binary({"ce-datacontenttype": "a/b"}),
    "a member twice": text('{"specversion":"1.0","id":"1","id":"2","source":"/s","type":"t"}'),
    "NaN": text('{"specversion":"1.0","id":"1","source":"/s","type":"t","data":NaN}'),
    "an extension that is an object": structured(ext={}),
    "an integer of more than 32 bits": structured(ext=2**31),
    "base64 that is none": structured(data_base64="%AAE="),
    "no specversion in binary mode: the SDK takes 1.0": binary(specversion=None),
}


@pytest.mark.parametrize("name", ACCEPTED_BY_THE_SDK)
def test_what_the_sdk_takes_and_we_do_not(name: str) -> None:
    """Each is not valid by the specification. The day the SDK refuses one, this test says so."""
    message = ACCEPTED_BY_THE_SDK[name]
    by_sdk(message)
    with pytest.raises(CodecError):
        from_http(message)


def test_time_that_the_sdk_makes_up() -> None:
    """The SDK gives an event without time the time of its reading."""
    assert by_sdk(binary()).get_time() is not None
    assert from_http(binary()).get_time() is None


READ_OTHERWISE = {
    "double quotes around a value are undone (HTTP binding, 3.1.3.2)": (
        binary({"ce-subject": '"a b"'}),
        "get_subject",
        '"a b"',
        "a b",
    ),
    "raw UTF-8 is UTF-8": (
        binary({"ce-subject": "\u20ac"}),
        "get_subject",
        "\u20ac".encode().decode("latin-1"),
        "\u20ac",
    ),
    "data without Content-Type is bytes, not JSON": (binary({}, b"{}"), "get_data", {}, b"{}"),
    "data that is neither JSON nor text/* is bytes": (
        binary({"content-type": "application/xml"}, b"<a/>"),
        "get_data",
        "<a/>",
        b"<a/>",
    ),
    "the charset of text is heeded": (
        binary({"content-type": "text/plain; charset=utf-16-le"}, b"x\0"),
        "get_data",
        "x\0",
        "x",
    ),
    "data in base64 that is JSON is read as JSON": (
        structured(data_base64="e30=", datacontenttype="application/json"),
        "get_data",
        b"{}",
        {},
    ),
    "datacontentencoding goes with the encoding (0.3)": (
        structured(specversion="0.3", datacontentencoding="base64", data="AAE="),
        "get_datacontentencoding",
        "base64",
        None,
    ),
}


@pytest.mark.parametrize("name", READ_OTHERWISE)
def test_what_the_sdk_reads_otherwise(name: str) -> None:
    """Same message, another value."""
    message, method, theirs, ours = READ_OTHERWISE[name]
    assert getattr(by_sdk(message), method)() == theirs
    assert getattr(from_http(message), method)() == ours


def test_a_structured_content_type_beside_headers() -> None:
    """The SDK goes by the headers; the binding, and Knative, by the content type."""
    message = structured(id="inside")
    both = HTTPMessage([*message.headers, *binary(id="outside").headers], message.body)
    assert (by_sdk(both).get_id(), from_http(both).get_id()) == ("outside", "inside")


def test_a_boolean_in_a_header() -> None:
    """The SDK writes Python's True; the canonical string is true."""
    event = from_http(structured(flag=True))
    assert sdk.to_binary_event(event).headers["ce-flag"] == "True"
    assert dict(to_binary(event).headers)[b"ce-flag"] == b"true"
