"""Percent-encoding with net/url's rules: what may stand as it is depends on the part of the URL."""

from __future__ import annotations

import re
from string import ascii_letters, digits

_PLAIN = frozenset((ascii_letters + digits + "-_.~").encode())
PATH = _PLAIN | frozenset(b"$&+,/:;=@")
FRAGMENT = PATH | frozenset(b"?!()*")
USER = _PLAIN | frozenset(b"$&+,;=")
HOST = _PLAIN | frozenset(b"!$&'()*+,;=:[]<>\"")

_VALID_AS_IS = frozenset(b"!$&'()*+,;=:@[]%")
_ASCII = 0x80
_PERCENT = 0x25
_ESCAPE = re.compile(rb"%([0-9A-Fa-f]{2})?")


def raw(text: str) -> bytes:
    """The bytes of a text."""
    return text.encode("utf-8", "surrogateescape")


def text_of(data: bytes) -> str:
    """The text of bytes; what is not UTF-8 is kept (surrogateescape)."""
    return data.decode("utf-8", "surrogateescape")


def escape(data: bytes, allowed: frozenset[int]) -> str:
    """`data` with every byte escaped that is not allowed."""
    return "".join(chr(byte) if byte in allowed else f"%{byte:02X}" for byte in data)


def unescape(text: str, allowed: frozenset[int] | None = None) -> bytes:
    """The bytes that an escaped text stands for.

    Args:
        text: the escaped text.
        allowed: for a host, the ASCII bytes that may stand unescaped; only others may be escaped.

    Raises:
        ValueError: on `%` without two hexadecimal digits, or a byte that a host may not hold.
    """
    data = raw(text)
    for match in _ESCAPE.finditer(data):
        code = match[1]
        if code is None or (allowed is not None and code != b"25" and int(code, 16) < _ASCII):
            raise ValueError(f"invalid URL escape {match[0]!r}")
    if allowed is not None and any(
        byte < _ASCII and byte not in allowed and byte != _PERCENT for byte in data
    ):
        raise ValueError("invalid character in host name")
    return _ESCAPE.sub(lambda match: bytes.fromhex(match[1].decode()), data)


def kept(text: str, allowed: frozenset[int]) -> str:
    """The text as it came where its encoding is a valid one, else encoded anew. Raises ValueError."""
    plain = unescape(text)
    if all(byte in allowed or byte in _VALID_AS_IS for byte in raw(text)):
        return text
    return escape(plain, allowed)
