"""Characters that functions.yaml can say, by an escape, and that do not reach a cluster."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from plait.spec.positions import Location, Mistake
from plait.yamlio import LOST


def broken(text: str, data: Any) -> Iterator[Mistake]:
    """Every value with such a character. `text` is the file: without an escape there is none."""
    return _walk(data, ()) if "\\" in text else iter(())


def _walk(data: Any, at: Location) -> Iterator[Mistake]:
    if isinstance(data, dict):
        for key, value in data.items():
            yield from _walk(value, (*at, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from _walk(value, (*at, index))
    elif isinstance(data, str) and (unfit := LOST.search(data)):
        yield at, f"the character U+{ord(unfit[0]):04X} does not reach the cluster", "delete it"
