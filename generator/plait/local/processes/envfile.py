"""`.env`: the values of Secrets and ConfigMaps on a laptop, read by python-dotenv."""

from __future__ import annotations

import io
from pathlib import Path

from dotenv.parser import parse_stream

from plait import disk
from plait.errors import Problem, SpecError
from plait.spec.load import decode

_HINT = "a line is NAME=value, NAME='value' or # a comment"


def read(path: Path) -> dict[str, str]:
    """The file's variables; none where there is no file.

    Raises:
        SpecError: the file is not UTF-8, or as `parse` says.
        PlaitError: the file cannot be read.
    """
    return parse(decode(disk.read(path), str(path)), str(path)) if path.exists() else {}


def parse(text: str, path: str) -> dict[str, str]:
    """The variables of a text. `${NAME}` in a value is text, since a password may hold it.

    Raises:
        SpecError: lines that are no assignments; no message holds a value.
    """
    bindings = list(parse_stream(io.StringIO(text)))
    wrong = [Problem(item.original.line, 1, "not understood", _HINT) for item in bindings if item.error]
    if wrong:
        raise SpecError(path, wrong)
    return {item.key: item.value for item in bindings if item.key and item.value is not None}
