"""Strategies for requests: mostly good, with at most one thing that is odd."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from hypothesis import strategies as st

from ..wire import REQUIRED

Header = tuple[str, bytes]
STRUCTURED = b"application/cloudevents+json"

_VERSIONS = st.sampled_from(["1.0", "1.0", "0.3"])
_TEXTS = st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn"]), min_size=1, max_size=12)
_NAMES = st.from_regex(r"[a-z0-9]{1,25}", fullmatch=True)
_TIMES = st.builds(
    "{}{}{}{}".format,
    st.dates().map(str),
    st.sampled_from(["T00:00:00", "t23:59:59", "T12:34:56.7", "T12:34:56.123456789012"]),
    st.just(""),
    st.sampled_from(["Z", "z", "+00:00", "-00:00", "+23:59", "-05:30"]),
)
_ODD_TIMES = st.builds(
    "{}-{:02}-{:02}{}{:02}:{:02}:{:02}{}{}".format,
    st.sampled_from(["2018", "0000", "9999", "18", "12018"]),
    st.integers(0, 13),
    st.integers(0, 32),
    st.sampled_from("T "),
    st.integers(0, 25),
    st.integers(0, 60),
    st.integers(0, 61),
    st.sampled_from(["", ".5", "."]),
    st.sampled_from(["Z", "+24:00", "+5:30", "+05:60", ""]),
)
_MEDIA_TYPES = st.sampled_from(
    [
        "application/json",
        "application/JSON; charset=utf-8",
        "application/vnd.x+json;a=b",
        'text/plain; charset="iso-8859-1"',
        "text/plain;charset=utf-16",
        "text/plain; charset=nonsense",
        "text/html ; a=b",
        "image/png",
        "a/b;",
    ]
)
_ODD_MEDIA_TYPES = st.sampled_from(
    [
        "json",
        "",
        "a/b; c",
        "a / b",
        "a/b/c",
        "\u00e9/b",
        'a/b; c="',
        "application/cloudevents",
        "application/cloudevents-batch+json",
        "application/cloudevents+xml",
        "application/cloudeventsx",
    ]
)

# Field values as RFC 9110, section 5.5, has them: other bytes are no HTTP, and not the codec's.
_BYTES = st.binary(max_size=20).map(lambda value: bytes(byte for byte in value if byte > 31 and byte != 127))
_PIECES = st.sampled_from(
    [
        b"%",
        b"%4",
        b"%41",
        b"%C3%A9",
        b"%ff",
        b"%00",
        b"%EF%BF%BF",
        b'"',
        b"\\",
        b" ",
        b"\t",
        "é€".encode(),
        b"a",
    ]
)
_VALUES = st.one_of(
    _TEXTS.map(str.encode), _TEXTS.map(quote).map(str.encode), st.lists(_PIECES).map(b"".join)
)
_GOOD: st.SearchStrategy[Header] = st.one_of(
    st.tuples(st.just("ce-time"), _TIMES.map(str.encode)),
    st.tuples(st.just("Content-Type"), _MEDIA_TYPES.map(str.encode)),
    st.tuples(st.sampled_from(["ce-id", "ce-source", "ce-type", "ce-subject"]), _VALUES),
    st.tuples(st.sampled_from(["ce-dataschema", "ce-schemaurl", "ce-datacontentencoding"]), _VALUES),
    st.tuples(_NAMES.map("ce-{}".format), _VALUES),
)
_ODD: st.SearchStrategy[Header] = st.one_of(
    st.tuples(st.just("ce-time"), _ODD_TIMES.map(str.encode)),
    st.tuples(st.just("Content-Type"), _ODD_MEDIA_TYPES.map(str.encode)),
    st.tuples(st.just("ce-specversion"), st.sampled_from([b"", b"2", b"1", b'"1.0"', b"1%2E0"])),
    st.tuples(st.sampled_from(["ce-id", "ce-source", "ce-type", "ce-subject", "ce-dataschema"]), _BYTES),
    st.tuples(st.from_regex(r"ce-[a-z0-9.+!-]{0,9}", fullmatch=True), _BYTES),
    st.tuples(st.sampled_from(["ce-data", "ce-datacontenttype", "ce-data_base64"]), _BYTES),
)


def _headers(version: str, good: list[Header], odd: list[Header]) -> list[Header]:
    required = {f"ce-{name}": value.encode() for name, value in (REQUIRED | {"specversion": version}).items()}
    return [*(required | dict(good) | dict(odd)).items()]


HEADERS = st.builds(_headers, _VERSIONS, st.lists(_GOOD, max_size=4), st.lists(_ODD, max_size=1))
TWICE = st.builds(lambda headers, twice: headers + twice, HEADERS, st.lists(_GOOD, min_size=1, max_size=1))
BODIES = st.one_of(
    st.binary(max_size=50),
    _TEXTS.map(str.encode),
    st.sampled_from(
        [b"", b"{}", b" [1, 1.0] ", b"null", b"1e999", b'{"a":1,"a":2}', b"\xef\xbb\xbf{}", b"NaN"]
    ),
)

_JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | _TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXTS, inner, max_size=3),
    max_leaves=5,
)
_GOOD_MEMBERS = st.one_of(
    st.tuples(st.just("time"), _TIMES),
    st.tuples(st.sampled_from(["id", "source", "type", "subject", "dataschema", "schemaurl"]), _TEXTS),
    st.tuples(_NAMES, st.one_of(_TEXTS, st.booleans(), st.integers(-(2**31), 2**31 - 1), st.none())),
)
_DATA = st.one_of(
    st.just({}),
    st.builds(lambda data: {"data": data}, _JSON),
    st.builds(lambda kind, data: {"datacontenttype": kind, "data": data}, _MEDIA_TYPES, _JSON | _TEXTS),
    st.builds(lambda data: {"data_base64": data}, st.sampled_from(["", "AAH/", "AAE=", "4oKs"])),
    st.builds(
        lambda data: {"datacontentencoding": "base64", "data": data},
        st.sampled_from(["", "AAH/", "AAE=", 1, None]),
    ),
)
_ODD_MEMBERS = st.one_of(
    st.tuples(st.just("time"), _ODD_TIMES),
    st.tuples(st.just("datacontenttype"), _ODD_MEDIA_TYPES),
    st.tuples(
        st.just("data_base64"), st.sampled_from(["AAE", "A A=", "_w==", "AB==", "AA==\n", "====", None, 1])
    ),
    st.tuples(st.just("data"), st.floats() | st.text(max_size=5)),
    st.tuples(
        st.sampled_from(
            [
                "id",
                "source",
                "type",
                "subject",
                "specversion",
                "myext",
                "my_ext",
                "Id",
                "",
                "datacontentencoding",
            ]
        ),
        st.one_of(st.text(max_size=5), st.integers(), st.floats(), st.none(), st.booleans(), _JSON),
    ),
)


def _event(version: str, good: list[Any], data: dict[str, Any], odd: list[Any]) -> dict[str, Any]:
    return REQUIRED | {"specversion": version} | dict(good) | data | dict(odd)


EVENTS = st.builds(
    _event, _VERSIONS, st.lists(_GOOD_MEMBERS, max_size=3), _DATA, st.lists(_ODD_MEMBERS, max_size=1)
)
DOCUMENTS = st.builds(json.dumps, EVENTS, ensure_ascii=st.booleans(), indent=st.sampled_from([None, 1]))
