"""The LIKE operator (section 3.4.3)."""

from __future__ import annotations

from collections.abc import Callable

from plait.filters.cesql.values import utf8

Matcher = Callable[[str], bool]


def matcher(pattern: str, *, loose: bool) -> Matcher:
    r"""Whether a text matches the pattern: % is any text, _ any character, \% and \_ are themselves.

    Args:
        pattern: the pattern.
        loose: as Knative's library. Characters are bytes. Where `\%` or `\_` does not meet % or _, the
            backslash is a character and what follows a wildcard. A % in the text is met by a % of the
            pattern, which then takes in nothing else.
    """
    core = pattern.strip("%")
    if any(sign in core for sign in "%_\\"):
        return _thorough(pattern, loose=loose)
    simple = _simple(core, open_start=pattern.startswith("%"), open_end=pattern.endswith("%"))
    if not loose:
        return simple
    thorough = _thorough(pattern, loose=True)
    return lambda text: thorough(text) if "%" in text else simple(text)


def _simple(core: str, *, open_start: bool, open_end: bool) -> Matcher:
    if open_start and open_end:
        return lambda text: core in text
    if open_start:
        return lambda text: text.endswith(core)
    return (lambda text: text.startswith(core)) if open_end else (lambda text: text == core)


def _thorough(pattern: str, *, loose: bool) -> Matcher:
    if not loose:
        return lambda text: _walk(text, pattern, loose=False)
    wanted = _bytes(pattern)
    return lambda text: _walk(_bytes(text), wanted, loose=True)


def _bytes(text: str) -> str:
    """One character for each byte of UTF-8."""
    return utf8(text).decode("latin-1")


def _walk(text: str, pattern: str, *, loose: bool) -> bool:
    """Go through both; after a mismatch, let the last % take in one character more."""
    at = spot = 0
    star, taken = -1, 0
    while at < len(text):
        if step := _step(text[at], pattern, spot, loose=loose):
            at, spot = at + 1, spot + step
        elif spot < len(pattern) and pattern[spot] == "%":
            star, taken, spot = spot, at, spot + 1
        elif star >= 0:
            taken += 1
            at, spot = taken, star + 1
        else:
            return False
    return not pattern[spot:].strip("%")


def _step(char: str, pattern: str, spot: int, *, loose: bool) -> int:
    """How many characters of the pattern meet this character of the text; 0 where they do not."""
    here = pattern[spot : spot + 1]
    if here == "\\" and pattern[spot + 1 : spot + 2] in ("%", "_"):
        if pattern[spot + 1] == char:
            return 2
        return 1 if loose and char == "\\" else 0
    if here == "%" and not loose:
        return 0
    return 1 if here and here in ("_", char) else 0
