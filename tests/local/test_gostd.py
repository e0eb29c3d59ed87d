"""Values as Go's standard library reads and prints them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plait.local.gostd import clock, mime, number, sniff, url

TEXT = st.text(max_size=12) | st.sampled_from(
    ["/a b", "%zz", "%41", "\udcff", "a:b", "http://h/", "//h", "///p"]
)


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("not a uri", "not%20a%20uri"),
        ("/a%2Fb c", "/a/b%20c"),
        ("/a%2Fb", "/a%2Fb"),
        ("urn:uuid:1", "urn:uuid:1"),
        ("HTTP://h:80/a?b#c", "http://h:80/a?b#c"),
        ("http://[::1]:8/x", "http://[::1]:8/x"),
        ("http://u:p@h/", "http://u:p@h/"),
        ("é", "%C3%A9"),
        ("a?", "a?"),
        ("*", "*"),
        ("", ""),
        ("%zz", None),
        ("http://[::1", None),
        ("http://h:x/", None),
        ("://bad", None),
        ("1a:b", None),
        ("a\x7f", None),
        ("http://a b/", None),
    ],
)
def test_urls(text: str, printed: str | None) -> None:
    """A source as net/url prints it, or none."""
    if printed is None:
        with pytest.raises(ValueError, match=r"."):
            url.normal(text)
    else:
        assert url.normal(text) == printed


@given(TEXT)
def test_urls_are_printed_once(text: str) -> None:
    """What was printed is printed again as it is."""
    try:
        printed = url.normal(text)
    except ValueError:
        return
    assert url.normal(printed) == printed


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("2026-02-03T04:05:06+02:00", "2026-02-03T02:05:06Z"),
        ("2026-02-03T04:05:06.1000Z", "2026-02-03T04:05:06.1Z"),
        ("2026-02-03T04:05:06,25Z", "2026-02-03T04:05:06.25Z"),
        ("0001-01-01T00:00:00Z", None),
    ],
)
def test_times(text: str, printed: str | None) -> None:
    """In UTC, without trailing zeros; the zero time is none."""
    assert clock.normal(text) == printed


@pytest.mark.parametrize(
    "text", ["", "2026-02-30T00:00:00Z", "2026-02-03", "2026-02-03t04:05:06z", "0001-01-01T00:00:00+01:00"]
)
def test_times_that_are_none(text: str) -> None:
    """What time.Parse refuses."""
    with pytest.raises(ValueError, match=r"."):
        clock.normal(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("7", 7),
        ("1.9", 1),
        ("-3", -3),
        ("1e2", 100),
        ("0x1p4", 16),
        ("1_0", 10),
        ("0x10", None),
        ("", None),
        ("inf", None),
        ("nan", number.LEAST),
        ("2147483648", None),
        ("٣", None),
    ],
)
def test_numbers(text: str, value: int | None) -> None:
    """As strconv.ParseFloat, cut to 32 bits."""
    assert number.integer(text) == value


@pytest.mark.parametrize(
    "text", ["a/b", "text", "a/b;", "a/b; x=1", 'a/b; x="\\""', "a/b;x=1;x=1", "*/*", "A/B ; X = 1"]
)
def test_media_types(text: str) -> None:
    """What mime.ParseMediaType takes."""
    assert mime.is_media_type(text)


@pytest.mark.parametrize(
    "text", ["a/", ";", "a/b/c", "a b", "a/b; x", "a/b;;", "a/b; x=1; x=2", 'a/b; x="', "a/b; x="]
)
def test_media_types_that_are_none(text: str) -> None:
    """What it refuses."""
    assert not mime.is_media_type(text)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b' {"a": 1}', "text/plain; charset=utf-8"),
        (b"\x00\x01", "application/octet-stream"),
        (b"  <!doctype html >", "text/html; charset=utf-8"),
        (b"<body>", "text/html; charset=utf-8"),
        (b"<bodyguard>", "text/plain; charset=utf-8"),
        (b'<?xml version="1.0"?>', "text/xml; charset=utf-8"),
        (b"%PDF-1.7", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xfea\x00", "text/plain; charset=utf-16le"),
        (b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom", "video/mp4"),
        (b"\x1f\x8b\x08", "application/x-gzip"),
    ],
)
def test_guessed_types(data: bytes, kind: str) -> None:
    """As Go's server adds them to an answer without one."""
    assert sniff.content_type(data) == kind
