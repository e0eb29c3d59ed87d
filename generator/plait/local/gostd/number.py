"""Numbers as strconv.ParseFloat reads them, cut to a 32 bit integer as the CloudEvents SDK does."""

from __future__ import annotations

import math
import re

MOST = 2**31 - 1
LEAST = -(2**31)

_DIGITS = "[0-9](?:_?[0-9])*"
_HEX_DIGITS = "[0-9a-fA-F](?:_?[0-9a-fA-F])*"
_DECIMAL = re.compile(rf"[+-]?(?:{_DIGITS}\.?(?:{_DIGITS})?|\.{_DIGITS})(?:[eE][+-]?{_DIGITS})?", re.ASCII)
_HEX = re.compile(
    rf"[+-]?0[xX]_?(?:{_HEX_DIGITS}\.?(?:{_HEX_DIGITS})?|\.{_HEX_DIGITS})[pP][+-]?{_DIGITS}", re.ASCII
)
_WORD = re.compile(r"[+-]?inf(inity)?|nan", re.IGNORECASE | re.ASCII)


def integer(text: str) -> int | None:
    """The integer of an extension's text, or None where it is none or out of range.

    Not a number becomes the least integer, as a conversion on amd64 does.
    """
    number = _float(text)
    if number is None or number > MOST or number < LEAST:
        return None
    return LEAST if math.isnan(number) else int(number)


def wrapped(number: int) -> int:
    """The number as a 32 bit integer holds it after an overflow."""
    return (number - LEAST) % 2**32 + LEAST


def _float(text: str) -> float | None:
    if _DECIMAL.fullmatch(text) or _WORD.fullmatch(text):
        return float(text)
    if not _HEX.fullmatch(text):
        return None
    try:
        return float.fromhex(text.replace("_", ""))
    except OverflowError:
        return math.inf
