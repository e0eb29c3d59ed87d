"""Media types (RFC 2046, written as in RFC 9110, section 8.3.1): what a `datacontenttype` says about data."""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

_WORD = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_QUOTED = r'"(?:[\t !#-\[\]-~]|\\[\t -~])*"'
# Possessive: spaces that could belong before or after a semicolon would be tried in every combination.
_MEDIA_TYPE = re.compile(rf"{_WORD}/{_WORD}(?:[ \t]*+;[ \t]*+(?:{_WORD}=(?:{_WORD}|{_QUOTED}))?+)*+")
# What Python can decode and no charset is. idna and punycode take minutes for a few ten thousand characters.
_NO_CHARSETS = ("idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape")
_CHARSET = re.compile(rf";[ \t]*charset=(?:\"([^\"\\]*)\"|({_WORD}))", re.IGNORECASE)


@lru_cache(maxsize=256)
def is_media_type(text: str) -> bool:
    """Whether it is `type/subtype`, parameters allowed."""
    return _MEDIA_TYPE.fullmatch(text) is not None


def essence(text: str) -> str:
    """`type/subtype` in small letters, without parameters."""
    return text.partition(";")[0].strip().lower()


def charset(text: str) -> str | None:
    """The value of the charset parameter, or None."""
    found = _CHARSET.search(text)
    return (found[1] or found[2]) if found else None


def encoding(text: str) -> str:
    """The encoding of text of this media type: that of the charset parameter, else UTF-8.

    Raises:
        LookupError: Python does not know the charset, or it is none.
    """
    name = charset(text) or "utf-8"
    if codecs.lookup(name).name in _NO_CHARSETS:
        raise LookupError(f"{name} is no charset")
    return name


@lru_cache(maxsize=256)
def is_json(text: str) -> bool:
    """Whether data of this type is JSON: `*/json` or `*/*+json` (JSON format 1.0.2, section 3.1.1)."""
    subtype = essence(text).partition("/")[2]
    return subtype == "json" or subtype.endswith("+json")


def is_text(text: str) -> bool:
    """Whether data of this type is text: `text/*`."""
    return text[:5].lower() == "text/"
