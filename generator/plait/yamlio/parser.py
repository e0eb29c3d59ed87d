"""The events of a YAML text: libyaml's (ruamel.yaml.clib), or ruamel's own on a machine without it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from ruamel.yaml.error import MarkedYAMLError, YAMLError

from plait.errors import Problem
from plait.yamlio.node import YamlProblem

try:
    from ruamel.yaml.cyaml import CParser  # type: ignore[attr-defined]
except ImportError:  # no wheel and no compiler for this machine
    CParser = None

# Besides what YAML refuses: NEL, LS and PS, which end a line in YAML 1.1 (kubectl) and do not in YAML 1.2.
_REFUSED = re.compile(
    "[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]|\r(?!\n)"
)


def check(text: str) -> None:
    """Raises YamlProblem at the first character that may not stand in a YAML text."""
    if refused := _REFUSED.search(text):
        at = refused.start()
        line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
        if text[at] == "\r":
            raise YamlProblem(
                [Problem(line, column, "a carriage return alone", "save the file with LF line ends")]
            )
        message = f"the character U+{ord(text[at]):04X} may not stand in YAML"
        hint = f'delete it, or write it in double quotes as "\\u{ord(text[at]):04X}"'
        raise YamlProblem([Problem(line, column, message, hint)])


def events(text: str) -> Callable[[], Any]:
    """A function that gives the next event. It raises YAMLError where the text is not YAML."""
    if CParser is not None:
        parser: Callable[[], Any] = CParser(text).get_event
        return parser
    from ruamel.yaml import YAML  # noqa: PLC0415

    return YAML(typ="safe", pure=True).parse(text).__next__  # type: ignore[no-any-return]


@contextmanager
def reported(text: str, before: list[Problem]) -> Iterator[None]:
    """Turn the parser's errors into YamlProblem, after the problems that were found before it."""
    try:
        yield
    except MarkedYAMLError as error:
        raise YamlProblem([*before, _syntax(error, text)]) from error
    except YAMLError as error:
        raise YamlProblem([*before, Problem(1, 1, f"not YAML: {str(error).splitlines()[0]}")]) from error


def _syntax(error: MarkedYAMLError, text: str) -> Problem:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    lines = text.split("\n")
    if line >= len(lines):
        line, column = len(lines) - 1, len(lines[-1])
    hint = "indent with spaces, never tabs" if "\t" in lines[line][: column + 1] else None
    return Problem(line + 1, column + 1, f"not YAML: {error.problem or error.context}", hint)
