"""The events of a YAML text: libyaml's (ruamel.yaml.clib), or ruamel's own on a machine without it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from ruamel.yaml.error import MarkedYAMLError

from plait.errors import Problem
from plait.yamlio.flow import masked, unmasked
from plait.yamlio.node import YamlProblem

try:
    from ruamel.yaml.cyaml import CParser  # type: ignore[attr-defined]
except ImportError:  # no wheel and no compiler for this machine
    CParser = None

# kustomize refuses these even as escapes, or makes U+0085 a space; no container takes U+0000.
LOST = re.compile("[\x00\x7f-\x9f\ufffe\uffff]")
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
        escaped = f', or write it in double quotes as "\\u{ord(text[at]):04X}"'
        hint = "delete it" + ("" if LOST.match(text[at]) else escaped)
        raise YamlProblem([Problem(line, column, message, hint)])


def attempts(text: str) -> Iterator[Callable[[], Any]]:
    """Functions that give the next event, to be tried in turn: MarkedYAMLError is a failed attempt."""
    if CParser is None:
        from ruamel.yaml import YAML  # noqa: PLC0415

        yield YAML(typ="safe", pure=True).parse(text).__next__
        return
    yield CParser(text).get_event
    if changed := masked(text):
        new, colon, question = changed
        yield unmasked(CParser(new).get_event, colon, question)


def syntax(error: MarkedYAMLError, text: str) -> Problem:
    """The parser's error as a Problem with, where one is known, a hint."""
    mark = error.problem_mark or error.context_mark
    lines = text.split("\n")
    line, column = (mark.line, mark.column) if mark else (0, 0)
    if line >= len(lines):
        line, column = len(lines) - 1, len(lines[-1])
    message = error.problem or error.context or "a mistake"
    hint = _hint(message, lines[line], column) or _beginning(error, line)
    return Problem(line + 1, column + 1, f"not YAML: {message}", hint)


def _hint(message: str, line: str, column: int) -> str | None:
    if "\t" in line[: column + 1]:
        return "indent with spaces, never tabs"
    if "cannot start any token" in message and column < len(line):
        return f"a text that starts with {line[column]} needs quotes"
    if "unexpected ':'" in message:
        return "a space belongs behind the ':', or quotes around the text"
    if "mapping values are not allowed" in message:
        return "a text with ': ' in it needs quotes; or look at the indentation"
    return None


def _beginning(error: MarkedYAMLError, line: int) -> str | None:
    """Where the thing began that the parser was reading, if that is not in the line of the mistake."""
    mark = error.context_mark
    return f"{error.context} that starts in line {mark.line + 1}" if mark and mark.line < line else None
