"""Attribute values as text: which characters they may have, and how a header carries them.

HTTP binding 1.0.2, section 3.1.3.2, and the type system of CloudEvents 1.0.2 (String).
"""

from __future__ import annotations

import re
from urllib.parse import quote, unquote_to_bytes

from plait_handler.codec.errors import CodecError

# Control characters, surrogates and non-characters (CloudEvents 1.0.2, "Type System").
_NONCHARACTERS = "".join(f"{chr(plane << 16 | 0xFFFE)}{chr(plane << 16 | 0xFFFF)}" for plane in range(17))
_FORBIDDEN = re.compile(f"[\0-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef{_NONCHARACTERS}]")
# Printable ASCII but space, double quote and percent goes into a header as it is.
_ENCODED = re.compile(r"[^!#$&-~]")
_SAFE = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) not in '"%')
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)


def check_characters(name: str, text: str) -> str:
    """`text`, where it has only characters that an attribute may have.

    Raises:
        CodecError: it has a control character, a surrogate or a non-character.
    """
    if text.isascii() and text.isprintable():
        return text
    found = _FORBIDDEN.search(text)
    if found:
        raise CodecError(f"attribute {name!r} has the forbidden character U+{ord(found[0]):04X}")
    return text


def from_header(name: str, value: bytes) -> str:
    """The attribute that a header value stands for: quotes undone, then one round of percent-decoding.

    Bytes outside ASCII are taken as UTF-8: a Knative broker passes an attribute of a structured event on that
    way. A percent sign that no two hexadecimal digits follow stands for itself, for the same reason.

    Raises:
        CodecError: not UTF-8, or a character that no attribute may have.
    """
    try:
        text = value.decode("utf-8")
        if text.isascii() and text.isprintable() and "%" not in text and '"' not in text:
            return text
        text = unquote_to_bytes(_unquoted(text)).decode("utf-8")
    except UnicodeDecodeError:
        raise CodecError(f"header 'ce-{name}' is not UTF-8 once percent-decoded") from None
    return check_characters(name, text)


def _unquoted(text: str) -> str:
    """Without the double quotes and backslashes of RFC 7230, section 3.2.6, where it has them all around."""
    if text[:1] != '"' or not _QUOTED.fullmatch(text):
        return text
    return _ESCAPE.sub(r"\1", text[1:-1])


def to_header(name: str, text: str) -> bytes:
    """The header value for attribute `name`: percent-encoded UTF-8.

    Raises:
        CodecError: a character that no attribute may have.
    """
    if _ENCODED.search(text) is None:
        return text.encode("ascii")
    return quote(check_characters(name, text), safe=_SAFE).encode("ascii")
