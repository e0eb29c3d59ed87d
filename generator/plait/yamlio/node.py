"""What a YAML text becomes: nodes, or one of its problems."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from plait.errors import Problem

_INT = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(
    r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)"
)
_WORDS: dict[str, Any] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_NUMERIC = frozenset("+-.0123456789")
_INT_DIGITS = 400


class YamlProblem(Exception):  # noqa: N818 - it carries errors.Problem
    """A text that is not the YAML that plait reads; `problems` say where and why, `problem` is the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        self.problem = self.problems[0]
        super().__init__(self.problem.message)


@dataclass(slots=True, eq=False)
class Node:
    """One node of a document.

    Attributes:
        value: the scalar's value, a list of nodes, or a dict of key text to (key node, value node).
        text: the scalar as it is written (without quotes); "" for collections.
        line, column: where it starts (with its anchor and tag), counted from 1.
        end_line, end_column: just after its last character. A block collection ends with its last child,
            a block scalar with its last line that is not empty.
        flow: a collection in [brackets] or {braces}, or an alias for a collection.
        merged: a mapping some of whose pairs stand elsewhere (`plait.yamlio.merging`).
    """

    value: Any
    text: str
    line: int
    column: int
    end_line: int = 1
    end_column: int = 1
    flow: bool = False
    merged: bool = False

    def plain(self) -> Any:
        """The data alone: dict, list, str, int, float, bool, None. Aliased nodes are copied."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, (_, node) in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value


def scalar(text: str) -> Any:
    """The value of a plain (unquoted) scalar in YAML 1.2's core schema: `yes` and `on` are texts.

    Source: YAML 1.2.2, section 10.3. An absurdly long number stays a text.
    """
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _NUMERIC or len(text) > _INT_DIGITS:
        return text
    if _INT.fullmatch(text):
        return int(text, {"0o": 8, "0x": 16}.get(text[:2], 10))
    if _FLOAT.fullmatch(text):
        return float(text.lower().replace(".inf", "inf").replace(".nan", "nan"))
    return text
