"""Structured mode: more of it."""

from __future__ import annotations

import contextlib
import json
from base64 import b64encode
from encodings.aliases import aliases
from typing import Any

import pytest

from plait_handler.codec import CodecError, HTTPMessage, from_http, to_binary, to_structured

from .messages import binary, structured


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "no object"),
        (b"[]", "no object"),
        (b"null", "no object"),
        (b"\xef\xbb\xbf{}", "no object"),
        (b'{"id": "1", "id": "2"}', "member 'id' is there twice"),
        (b'{"id": NaN}', "NaN is not JSON"),
        (b'{"data": [-Infinity]}', "-Infinity is not JSON"),
        (b'{"id": }', "a value is missing"),
        (b'{"id": "1"', "',' is missing"),
        (b'{"id" "1"}', "':' is missing"),
        (b'{"id": "1",}', "a comma before the end of the object"),
        (b"{id: 1}", "a name must be in double quotes"),
        (b'{"id": "1"} x', "more text after the object"),
        (b'{"data": ' + b"[" * 100_000, "nested too deep"),
    ],
)
def test_what_is_no_json(body: bytes, reason: str) -> None:
    """Strict: twice the same member, NaN, and nests that would exhaust the stack."""
    with pytest.raises(CodecError) as caught:
        from_http(HTTPMessage([(b"content-type", b"application/cloudevents+json")], body))
    assert str(caught.value) == f"the body is not a CloudEvent in JSON: {reason}"


def test_bytes_that_are_no_utf_8() -> None:
    """JSON is UTF-8."""
    with pytest.raises(CodecError, match="the body is not a CloudEvent in JSON: 'utf-8' codec"):
        from_http(HTTPMessage([(b"content-type", b"application/cloudevents+json")], b'{"id": "\xff"}'))


def test_json_without_datacontenttype_says_so_in_binary_mode() -> None:
    """JSON format 1.0.2, section 3.1.2: the type that was implied is written out."""
    message = to_binary(from_http(structured(data="x", flag=True)))
    assert message == HTTPMessage(
        [
            (b"ce-specversion", b"1.0"),
            (b"ce-id", b"1"),
            (b"ce-source", b"/s"),
            (b"ce-type", b"t"),
            (b"ce-flag", b"true"),
            (b"content-type", b"application/json"),
        ],
        b'"x"',
    )


@pytest.mark.parametrize(
    ("headers", "data", "members"),
    [
        ({}, b"", {}),
        ({"content-type": "application/json"}, b'{"a": 1.00}', {"data": {"a": 1.0}}),
        ({"content-type": "text/plain"}, "\u20ac".encode(), {"data": "\u20ac"}),
        ({"content-type": "text/plain"}, b"\xff", {"data_base64": "/w=="}),
        ({"content-type": "application/json"}, b"{", {"data_base64": "ew=="}),
        ({}, b"x", {"data_base64": "eA=="}),
    ],
)
def test_to_structured(headers: dict[str, str | bytes], data: bytes, members: dict[str, Any]) -> None:
    """Text where it is text, base64 where not; and back it is the same event."""
    event = from_http(binary(headers, data))
    message = to_structured(event)
    expected = {"specversion": "1.0", "id": "1", "source": "/s", "type": "t"} | members
    if headers:
        expected["datacontenttype"] = headers["content-type"]
    assert json.loads(message.body) == expected
    assert list(message.headers) == [(b"content-type", b"application/cloudevents+json; charset=utf-8")]
    assert from_http(message).raw_data == event.raw_data


def test_to_structured_in_0_3() -> None:
    """0.3 has datacontentencoding in place of data_base64."""
    message = to_structured(from_http(binary({"content-type": "a/b"}, b"\xff", specversion="0.3")))
    assert json.loads(message.body) == {
        "specversion": "0.3",
        "id": "1",
        "source": "/s",
        "type": "t",
        "datacontenttype": "a/b",
        "datacontentencoding": "base64",
        "data": b64encode(b"\xff").decode(),
    }


@pytest.mark.parametrize("name", ["idna", "punycode", "undefined", "unicode_escape", "raw-unicode-escape"])
def test_codecs_that_are_no_charsets(name: str) -> None:
    """Not tried: some would keep the server busy for minutes, some raise what no other does."""
    media_type = f"text/plain; charset={name}"
    with pytest.raises(CodecError, match=f"^'data' cannot be written in {name}$"):
        from_http(structured(datacontenttype=media_type, data="a..b"))
    assert from_http(binary({"content-type": media_type}, b"a..b")).get_data() == b"a..b"


@pytest.mark.parametrize("name", sorted({*aliases, *aliases.values()}))
def test_every_codec_of_python(name: str) -> None:
    """Whatever charset is named: an event or a CodecError, text or bytes."""
    media_type = f"text/plain; charset={name}"
    for data in ("", "a..b", "\u20ac", "\0"):
        with contextlib.suppress(CodecError):
            assert isinstance(from_http(structured(datacontenttype=media_type, data=data)).raw_data, bytes)
        assert isinstance(from_http(binary({"content-type": media_type}, b"\xff..b")).get_data(), str | bytes)


@pytest.mark.parametrize("content_type", ["a/b" + ";   " * 2000 + "(", 'a/b;c="' + "\\\\" * 4000 + "("])
def test_a_content_type_that_is_long_and_wrong(content_type: str) -> None:
    """Is refused. Tried in every way that its spaces can be shared out, it would never be."""
    with pytest.raises(CodecError, match=r"^attribute 'datacontenttype' is not a media type"):
        from_http(binary({"content-type": content_type}))
