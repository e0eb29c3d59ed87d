"""Messages to compare codecs with: about half of them are events."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

Message = tuple[list[tuple[bytes, bytes]], bytes]

TEXTS = [
    "1.0",
    "0.3",
    "1",
    "x",
    "",
    "/s",
    "a b",
    "a%20b",
    "%",
    "%4",
    "%zz",
    "%e2%82%ac",
    "%E2%82",
    "%c0%80",
    "%0a",
    "%ff",
    '"quoted"',
    '"a\\"b"',
    '"open',
    '"a%22b"',
    "\u20ac",
    "gr\xfc\xdf",
    "\x85",
    "\ufffe",
    "\U0001f600",
    "\U0001fffe",
    "2018-04-05T03:56:24Z",
    "2018-04-05t03:56:24.123456789z",
    "2018-02-29T00:00:00Z",
    "2016-02-29T23:59:60Z",
    "2018-13-01T00:00:00Z",
    "0000-01-01T00:00:00Z",
    "2018-04-05 03:56:24Z",
    "2018-04-05T03:56:24+23:59",
    "2018-04-05T03:56:24-24:00",
    "2018-04-05T24:00:00Z",
    "2018-04-05T03:56:24.Z",
    "2018-04-05T03:56:24",
    "text/plain",
    "application/json",
    "a/b; c=d",
    'a/b;c="d e";',
    "a/b; c",
    "a/b;;",
    "text",
    "/",
    "a/b c",
    "a/json",
    "text/plain; charset=utf-8",
    "text/plain; charset=iso-8859-1",
    "text/plain; charset=none",
    "application/x+json",
    "base64",
    "BASE64",
    "YQ==",
    "YQ=",
    "Y Q==",
    "",
]
NAMES = [
    "specversion",
    "id",
    "source",
    "type",
    "subject",
    "time",
    "dataschema",
    "schemaurl",
    "datacontenttype",
    "datacontentencoding",
    "ext",
    "ext2",
    "Ext",
    "my_ext",
    "",
    "data",
    "constructor",
    "__proto__",
]
GOOD = {"specversion": "1.0", "id": "1", "source": "/s", "type": "t"}
TYPES = [
    "application/cloudevents+json",
    "Application/CloudEvents+JSON; charset=UTF-8",
    "application/cloudevents",
    "application/cloudevents+xml",
    "application/cloudevents-batch+json",
    "application/cloudevents+json; charset=latin1",
    'application/cloudevents+json;charset="utf-8"',
]
USUAL = {
    "specversion": ["1.0", "0.3"],
    "time": ["2018-04-05T03:56:24Z", "2018-04-05t03:56:24.123456789z", "2018-04-05T03:56:24+23:59"],
    "datacontenttype": ["text/plain", "application/json", "a/b; c=d", "text/plain; charset=iso-8859-1"],
    "datacontentencoding": ["base64", "BASE64"],
}
PLAIN = [
    "x",
    "/s",
    "a b",
    "a%20b",
    "%",
    "%zz",
    "%e2%82%ac",
    '"quoted"',
    '"a\\"b"',
    "gr\xfc\xdf",
    "\U0001f600",
]

texts = st.sampled_from(TEXTS) | st.text(max_size=4)
bodies = st.sampled_from([b"", b"{}", b"x", b"\xff"]) | st.binary(max_size=8)


def raw_value(text: str) -> bytes:
    """A text as bytes of a header, without what HTTP itself refuses."""
    encoded = text.encode("utf-8", "surrogatepass")
    return bytes(byte for byte in encoded if byte >= 0x20 and byte != 0x7F).strip()


def fitting(names: list[str]) -> st.SearchStrategy[tuple[str, str]]:
    """A name, and a text that it may have."""
    return st.sampled_from(names).flatmap(
        lambda name: st.tuples(st.just(name), st.sampled_from(USUAL.get(name, PLAIN)))
    )


usual = st.lists(fitting(NAMES[:5]), max_size=2).map(dict)
optional = st.lists(fitting(NAMES[5:12]), max_size=3).map(dict)
# Something odd every other time, so that half of the messages are events.
nothing: st.SearchStrategy[dict[str, Any]] = st.just({})
odd = nothing | st.dictionaries(st.sampled_from(NAMES), texts, max_size=2)


@st.composite
def binary(draw: st.DrawFn) -> Message:
    """A message in binary mode."""
    attributes = GOOD | draw(usual) | draw(optional) | draw(odd)
    headers = {f"ce-{name.lower()}": value for name, value in attributes.items() if name != "datacontenttype"}
    listed = [(name.encode(), raw_value(value)) for name, value in headers.items()]
    if draw(st.booleans()):
        listed.append((b"content-type", raw_value(draw(st.sampled_from(USUAL["datacontenttype"]) | texts))))
    if draw(st.integers(0, 19)) == 0:
        listed.append(draw(st.sampled_from(listed)))
    return listed, draw(bodies)


values = (
    texts | st.none() | st.booleans() | st.integers(-(2**40), 2**40)
    | st.floats(allow_nan=False, allow_infinity=False) | st.lists(texts, max_size=2)
    | st.dictionaries(texts, st.integers(0, 3), max_size=2)
)  # fmt: skip


odd_values = nothing | st.dictionaries(st.sampled_from(NAMES), values, max_size=1)
data = nothing | st.dictionaries(
    st.sampled_from(["data", "data", "data_base64"]), values | st.just("YQ=="), max_size=2
)
broken = st.sampled_from(["", ",", "}", '"', "[", "1", "NaN", "1e3", " ", "\\", "\x00"])


@st.composite
def structured(draw: st.DrawFn) -> Message:
    """A message in structured mode."""
    members = GOOD | draw(usual) | draw(optional) | draw(odd_values) | draw(data)
    separators = draw(st.sampled_from([(",", ":"), (", ", ": "), ("\n,", " :\t")]))
    text = json.dumps(members, separators=separators, ensure_ascii=draw(st.booleans()))
    if draw(st.integers(0, 3)) == 0:
        at = draw(st.integers(0, len(text)))
        text = text[:at] + draw(broken) + text[at + draw(st.integers(0, 2)) :]
    content_type = draw(st.sampled_from([*TYPES[:2] * 4, *TYPES]))
    return [(b"content-type", content_type.encode())], text.encode("utf-8", "surrogatepass")
