"""URLs as net/url parses and prints them (url.Parse, then URL.String).

CloudEvents' Go SDK keeps `source` and `dataschema` as a url.URL: `not a uri` leaves it as `not%20a%20uri`,
and what net/url refuses is a malformed event.
"""

from __future__ import annotations

import ipaddress
import re

from plait.local.gostd.escape import FRAGMENT, HOST, PATH, USER, escape, kept, raw, unescape

_USUAL = re.compile(
    r"/?[A-Za-z0-9_.~-]+(/[A-Za-z0-9_.~-]*)*", re.ASCII
)  # every other text takes the long way
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_SCHEME_CHARACTERS = re.compile(r"[A-Za-z0-9+.-]*")
_PORT = re.compile(r"(:[0-9]*)?")
_USERINFO = re.compile(r"[A-Za-z0-9._:~!$&'()*+,;=%@-]*")


def normal(text: str) -> str:
    """The URL reference in the form that Go prints.

    Raises:
        ValueError: where net/url refuses it.
    """
    if _USUAL.fullmatch(text):
        return text
    if _CONTROL.search(text):
        raise ValueError("invalid control character in URL")
    head, _, fragment = text.partition("#")
    printed = head if head == "*" else _reference(head)
    return f"{printed}#{kept(fragment, FRAGMENT)}" if fragment else printed


def scheme(text: str) -> str:
    """The scheme in small letters, "" for a relative reference. Raises ValueError for `:` without one."""
    match = _SCHEME.match(text)
    if match:
        return match[1].lower()
    if text.startswith(":"):
        raise ValueError("missing protocol scheme")
    return ""


def _reference(text: str) -> str:
    name = scheme(text)
    rest, query = _split_query(text[len(name) + 1 :] if name else text)
    if not rest.startswith("/"):
        return f"{name}:{rest}{query}" if name else _relative(rest, query)
    if rest.startswith("//") and (name or not rest.startswith("///")):
        return _with_host(name, rest[2:], query)
    path = kept(rest, PATH)
    return f"{name}:{path}{query}" if name else f"{path}{query}"


def _split_query(text: str) -> tuple[str, str]:
    """The part before the query, and the query with its question mark (kept when nothing follows it)."""
    rest, mark, query = text.partition("?")
    return rest, mark + query


def _relative(path: str, query: str) -> str:
    if ":" in path.partition("/")[0]:
        raise ValueError("first path segment in URL cannot contain colon")
    return kept(path, PATH) + query


def _with_host(name: str, text: str, query: str) -> str:
    authority, slash, path = text.partition("/")
    userinfo, at, host = authority.rpartition("@")
    printed = (_userinfo(userinfo) + "@" if at else "") + escape(_host(host), HOST)
    path = kept(slash + path, PATH)
    head = f"{name}:" if name else ""
    return f"{head}{'//' if printed or path else ''}{printed}{path}{query}"


def _userinfo(text: str) -> str:
    if not _USERINFO.fullmatch(text):
        raise ValueError("invalid userinfo")
    user, colon, password = text.partition(":")
    return escape(unescape(user), USER) + colon + escape(unescape(password), USER)


def _host(host: str) -> bytes:
    if "[" in host:
        return _bracketed(host)
    colon = host.rfind(":")
    if colon >= 0 and not _PORT.fullmatch(host[colon:]):
        raise ValueError("invalid port after host")
    return unescape(host, HOST)


def _bracketed(host: str) -> bytes:
    address, bracket, port = host[1:].rpartition("]")
    if not host.startswith("[") or not bracket or not _PORT.fullmatch(port):
        raise ValueError("invalid IP literal in host")
    plain = raw(address) if "%25" not in address else unescape(address)
    ipaddress.IPv6Address(plain.decode("ascii", "replace"))
    return b"[" + plain + b"]" + raw(port)
