"""Events as lines of a table: `plait events`."""

from __future__ import annotations

import shutil
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from plait.cli.traced import clock, printable

Json = Mapping[str, Any]
Row = tuple[str, ...]

_HEAD: Row = ("EVENT", "TIME", "STATE", "TYPE", "SOURCE", "ID")
# Columns of a table whose rows are yet to come: wide enough for most.
_USUAL = (5, 12, 10, 32, 24, 0)
_WORDS = {"failed": "given up", "done": "delivered"}


def whole(events: Sequence[Json]) -> Iterator[str]:
    """The lines of a table whose columns are as wide as what is in them."""
    rows = [_HEAD, *map(_row, events)]
    return _lines(rows, [max(len(row[column]) for row in rows) for column in range(len(_HEAD))])


def growing(events: Iterable[Json]) -> Iterator[str]:
    """The lines of a table, one for each event as soon as it comes; columns get wider when they have to."""
    return _lines(_headed(map(_row, events)), _USUAL)


def _headed(rows: Iterable[Row]) -> Iterator[Row]:
    """The head comes with the first row: before it, nobody may be there to send one."""
    for number, row in enumerate(rows):
        if not number:
            yield _HEAD
        yield row


def _row(event: Json) -> Row:
    attributes = event["attributes"]
    named = [printable(attributes[name]) for name in ("type", "source", "id")]
    return (str(event["seq"]), clock(event["acceptedMs"]), _state(event), *named)


def _state(event: Json) -> str:
    """What became of it; with numbers where its Triggers differ; and whether it breaks its contract."""
    return _became(event) + (", breaks contract" if event.get("contract") else "")


def _became(event: Json) -> str:
    counts = Counter(_WORDS.get(item["state"], item["state"]) for item in event["deliveries"])
    if len(counts) == 1:
        return str(next(iter(counts)))
    return ", ".join(f"{counts[word]} {word}" for word in sorted(counts)) or "no Trigger"


def _lines(rows: Iterable[Row], widths: Sequence[int]) -> Iterator[str]:
    """Each row in columns; on a terminal cut to its width, where a line that goes on reads badly."""
    room = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    for row in rows:
        widths = [max(width, len(text)) for width, text in zip(widths, row, strict=True)]
        line = "  ".join(f"{text:{width}}" for text, width in zip(row, widths, strict=True)).rstrip()
        yield line if room is None or len(line) <= room else line[: room - 1] + "…"
