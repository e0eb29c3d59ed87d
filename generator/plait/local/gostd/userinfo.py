"""User and password in a URL (`http://user:password@host/`), as net/http treats them."""

from __future__ import annotations

import base64
import re
from urllib.parse import unquote, unquote_to_bytes

_USERINFO = re.compile(r"^((?:[A-Za-z][A-Za-z0-9+.-]*:)?//)([^/?#]*)@")


def without(text: str) -> str:
    """The URL without them, for people."""
    return _USERINFO.sub(r"\1", text)


def masked(text: str) -> str:
    """The URL as Go's errors show it: `http://user:***@host/`."""
    found = _USERINFO.match(text)
    if not found or ":" not in found[2]:
        return text
    return f"{found[1]}{unquote(found[2].partition(':')[0])}:***@{text[found.end() :]}"


def authorization(text: str) -> bytes | None:
    """The header `Authorization` that Go's client adds for such a URL; None for any other."""
    found = _USERINFO.match(text)
    if not found:
        return None
    user, _, password = found[2].partition(":")
    pair = unquote_to_bytes(user) + b":" + unquote_to_bytes(password)
    return b"Basic " + base64.b64encode(pair)
