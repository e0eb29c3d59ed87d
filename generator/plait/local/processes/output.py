"""What functions print and what plait says of them, on one stream, a whole line at a time."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import re
from collections.abc import Iterable
from typing import Literal, TextIO

import click

from plait.local.processes import records
from plait.local.processes.lines import Line
from plait.local.processes.records import Text
from plait.local.processes.redact import Redactor

Format = Literal["text", "json"]
PLAIT = "plait"
LONGEST = 4000
_COLOURS = (
    "cyan",
    "magenta",
    "green",
    "blue",
    "bright_cyan",
    "bright_magenta",
    "bright_green",
    "bright_blue",
)
_LEVELS = {"warning": "yellow", "error": "red"}
# Colours may pass; a control character that moves the cursor or clears the screen is shown instead.
_CONTROL = re.compile(r"(\x1b\[[0-9;]*m)|[\x00-\x08\x0a-\x1f\x7f-\x9f]")


def wants_colour(stream: TextIO) -> bool:
    """Whether it is a terminal, and NO_COLOR (no-color.org) is not set."""
    return stream.isatty() and not os.environ.get("NO_COLOR")


class Console:
    """Where the lines go.

    Args:
        stream: usually standard error, so that standard output stays for data.
        form: "text", or "json": an object a line, with the function's name as `function`.
        colour: whether to colour; None asks `wants_colour`.
    """

    def __init__(self, stream: TextIO, form: Format = "text", *, colour: bool | None = None) -> None:
        self._stream, self._form = stream, form
        self._colour = wants_colour(stream) if colour is None else colour
        self._palette = itertools.cycle(_COLOURS)
        self._colours: dict[str, str | None] = {PLAIT: None}
        self._width = len(PLAIT)
        self._redact = Redactor()
        self._before: dict[str, str] = {}

    def announce(self, names: Iterable[str], secrets: Iterable[str]) -> None:
        """Functions that are going to print, and what must not be seen of it."""
        for name in names:
            self._colours.setdefault(name, next(self._palette))
            self._width = max(self._width, len(name))
        self._redact.add(secrets)

    def masked(self, text: str) -> str:
        """A text without the values that must not be seen."""
        return self._redact(text)

    def tell(self, text: str, name: str = PLAIT, level: str = "info") -> None:
        """What plait says, of a function or of itself; several lines stay together."""
        if self._form == "json":
            self._object({"function": name, "level": level, "logger": PLAIT, "message": text})
        else:
            self._write(name, Text(tuple(text.split("\n")), level), said=True)

    def line(self, name: str, line: Line) -> None:
        """A line that a function printed."""
        text = line.content.decode(errors="replace").rstrip("\r").rpartition("\r")[2]
        if line.left_out:  # a secret may be cut in two, and would not be known by its half
            text = text[: max(len(text) - self._redact.longest, 0)]
        record = records.parse(text)
        if self._form == "json":
            cut = {"left_out": line.left_out} if line.left_out else {}
            self._object({"function": name, **(record or {"message": text}), **cut})
        else:
            self._write(
                name, records.readable(record) if record else self._own(name, text), left_out=line.left_out
            )

    def _own(self, name: str, text: str) -> Text:
        """A line that is no record."""
        before, self._before[name] = self._before.get(name, ""), text
        return Text((records.told_once(text, before),))

    def _object(self, fields: dict[str, object]) -> None:
        self._put(self._redact(json.dumps(fields, default=str)))

    def _write(self, name: str, text: Text, *, left_out: int = 0, said: bool = False) -> None:
        head = self._head(name)
        shown = [self._shown(item, left_out) for item in text.lines]
        colour = _LEVELS.get(text.level)
        if shown and (colour or said):
            shown[0] = self._styled(shown[0], colour, bold=said)
        if shown:
            self._put("\n".join(f"{head}{item}" for item in shown))

    def _head(self, name: str) -> str:
        return self._styled(f"{name:{self._width}} | ", self._colours.get(name), bold=name == PLAIT)

    def _shown(self, text: str, left_out: int) -> str:
        text = self._redact(text)
        left_out += max(len(text) - LONGEST, 0)
        text = _CONTROL.sub(self._harmless, text[:LONGEST])
        reset = "\x1b[0m" if "\x1b[" in text else ""
        return f"{text}{reset}" + (f" ... {left_out} more" if left_out else "")

    def _harmless(self, match: re.Match[str]) -> str:
        if match[1]:
            return match[1] if self._colour else ""
        return match[0].encode("unicode_escape").decode()

    def _styled(self, text: str, colour: str | None, *, bold: bool) -> str:
        return click.style(text, fg=colour, bold=bold or None) if self._colour else text

    def _put(self, text: str) -> None:
        with contextlib.suppress(OSError, ValueError):  # nobody reads any more: the functions go on
            self._stream.write(text + "\n")
            self._stream.flush()
