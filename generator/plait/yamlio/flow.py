"""Plain texts inside [ ] and { } with a `:` or `?` in them, as `{uri: http://a/?b}`.

YAML 1.2 allows them. The libyaml in ruamel.yaml.clib (0.1.7) is of YAML 1.1 and does not. So a text
that it refuses is parsed once more with other characters in their place, one for one, which leaves every
position as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from ruamel.yaml.events import ScalarEvent

_PRIVATE = range(0xE000, 0xE010)
_TAG = r"(?<!\S)!\S*"
_COLON = r"""(?<=[^"'\]}]):(?=[^\s,\[\]{}])"""
_QUESTION = r"""(?<=[^\s"'\[\]{},])\?|(?<=[^\s"'\[\]{},] )\?(?=[^\s,\[\]{}])"""
_ANY = re.compile(rf"{_TAG}|{_COLON}|{_QUESTION}")


def masked(text: str) -> tuple[str, str, str] | None:
    """The text without these characters, and what stands for `:` and `?`; None where nothing changes."""
    unused = [char for char in map(chr, _PRIVATE) if char not in text][:2]
    if not unused or not any(bracket in text for bracket in "[{"):
        return None
    colon, question = unused
    new = _ANY.sub(lambda found: {":": colon, "?": question}.get(found[0], found[0]), text)
    return (new, colon, question) if new != text else None


def unmasked(following: Callable[[], Any], colon: str, question: str) -> Callable[[], Any]:
    """The events with the characters back in their places."""

    def event() -> Any:
        found = following()
        if type(found) is ScalarEvent:
            found.value = found.value.replace(colon, ":").replace(question, "?")
        return found

    return event
