"""YAML of the wild: manifests that kubectl took, though they are no good YAML 1.2.

What is lenient: the last of two equal keys counts, merge keys (`<<`) are followed, `yes`, `no`, `on` and
`off` are booleans, a %YAML directive is passed over. Source: YAML 1.1 as go-yaml v2, kubectl's, reads it.
"""

from __future__ import annotations

from typing import Any

from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import DocumentStartEvent, ScalarEvent

from plait.errors import MOST_PROBLEMS, Problem, short
from plait.yamlio.merging import MERGE, is_merge, merged
from plait.yamlio.node import Node, YamlProblem
from plait.yamlio.parser import attempts, check, syntax
from plait.yamlio.reader import Reader

MOST_NODES = 1_000_000
_BOOLEANS = {
    **dict.fromkeys(("yes", "Yes", "YES", "on", "On", "ON"), True),
    **dict.fromkeys(("no", "No", "NO", "off", "Off", "OFF"), False),
}


class _LenientReader(Reader):
    """Reads one text; `notes` say which keys stood twice."""

    most_nodes = MOST_NODES

    def __init__(self, text: str, following: Any) -> None:
        super().__init__(text, following)
        self.notes: list[Problem] = []

    def _note(self, event: Any, message: str, hint: str | None = None) -> None:
        if type(event) is not DocumentStartEvent:
            super()._note(event, message, hint)

    def _scalar(self, event: Any, node: Node) -> None:
        super()._scalar(event, node)
        if not event.tag and event.implicit[0]:
            node.value = _BOOLEANS.get(event.value, node.value)

    def _mapping(self, start: Any, node: Node, depth: int) -> None:
        super()._mapping(start, node, depth)
        _, source = node.value.pop(MERGE, (None, None))
        if source is not None:
            node.value = {**merged(source), **node.value}

    def _pair(self, pairs: dict[str, tuple[Node, Node]], event: Any, key: Node, item: Node) -> None:
        if type(event) is not ScalarEvent:
            super()._pair(pairs, event, key, item)
            return
        name = MERGE if is_merge(event) else key.text
        if name in pairs and len(self.notes) < MOST_PROBLEMS:
            first = pairs[name][0].line
            message = f"{short(key.text)} stands in line {first} too; the last one counts"
            self.notes.append(Problem(key.line, key.column, message))
        pairs[name] = (key, item)


def lenient(text: str) -> tuple[list[Node], list[Problem]]:
    """The documents of a YAML text of the wild, and which of its keys stood twice.

    Raises:
        YamlProblem: on a syntax error, a character that YAML refuses, a key that is no text, a tag, an alias
            that is recursive or unknown, more than MAX_DEPTH levels or MOST_NODES nodes.
    """
    check(text)
    for following in attempts(text):
        reader = _LenientReader(text, following)
        try:
            documents = reader.documents()
        except MarkedYAMLError as error:
            mistakes = [*reader.problems, syntax(error, text)]
            continue
        if reader.problems:
            raise YamlProblem(reader.problems)
        return documents, reader.notes
    raise YamlProblem(mistakes)
