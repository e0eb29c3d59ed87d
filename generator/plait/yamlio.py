"""YAML text to data: the one importer of ruamel.yaml.

Three readers, each for its purpose:

* `parse` for a user's functions.yaml: YAML 1.2 (core schema), every node with its line and column,
  bounded in depth, size and alias expansion. Built on the events of libyaml (ruamel.yaml.clib).
* `plain` for files that plait reads back: the same reader, data only.
* `Editable` for a user's file that plait edits: ruamel's round trip, comments and order kept.

Source of the scalar rules: YAML 1.2.2, section 10.3 (core schema).
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from plait.errors import Problem

MAX_DEPTH = 64
MAX_NODES = 1_000_000

_INT = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_WORDS: dict[str, Any] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_CODE = re.compile("[^A-Za-z]")


class YamlProblem(Exception):
    """A text that is not the YAML that plait reads; `problem` says where and why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


@dataclass(slots=True, eq=False)
class Node:
    """One node of a document.

    Attributes:
        value: the scalar's value, a list of nodes, or a dict of key text to (key node, value node).
        text: the scalar as it is written (without quotes); "" for collections.
        line, column: where it starts, counted from 1.
        size: nodes in it, aliases expanded.
    """

    value: Any
    text: str
    line: int
    column: int
    size: int = 1

    def plain(self) -> Any:
        """The data alone: dict, list, str, int, float, bool, None. Aliased nodes are copied."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, (_, node) in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value


def scalar(text: str) -> Any:
    """The value of a plain (unquoted) scalar in YAML 1.2's core schema: `yes` and `on` are texts."""
    if text in _WORDS:
        return _WORDS[text]
    if _CODE.match(text) is None and text[0] not in "iInN":
        return text
    if _INT.fullmatch(text):
        return int(text, {"0o": 8, "0x": 16}.get(text[:2], 10)) if len(text) < 400 else text
    if _FLOAT.fullmatch(text):
        return float(text.lower().replace(".inf", "inf").replace(".nan", "nan"))
    return text


def parse(text: str) -> list[Node]:
    """The documents of a YAML text.

    Raises:
        YamlProblem: on a syntax error, a duplicate or complex key, a merge key, a tag, a recursive or
            unknown alias, more than MAX_DEPTH levels or MAX_NODES nodes.
    """
    if control := _CONTROL.search(text):
        line = text.count("\n", 0, control.start()) + 1
        column = control.start() - text.rfind("\n", 0, control.start())
        code = ord(control[0])
        raise YamlProblem(Problem(line, column, f"control character U+{code:04X}", "delete it; the file must be text"))
    try:
        return _documents(_Events(text))
    except MarkedYAMLError as error:
        raise YamlProblem(_syntax(error, text)) from error
    except YAMLError as error:
        raise YamlProblem(Problem(1, 1, str(error).splitlines()[0])) from error


def plain(text: str) -> list[Any]:
    """The documents of a YAML text as data. Raises YamlProblem."""
    return [document.plain() for document in parse(text)]


def _syntax(error: MarkedYAMLError, text: str) -> Problem:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    lines = text.splitlines() or [""]
    if line >= len(lines):
        line, column = len(lines) - 1, len(lines[-1])
    hint = "indent with spaces, never tabs" if "\t" in lines[line][: column + 1] else None
    return Problem(line + 1, column + 1, f"not YAML: {error.problem or error.context}", hint)


class _Events:
    """The events of libyaml, with a look at anchors."""

    def __init__(self, text: str) -> None:
        self.source: Iterator[Event] = YAML(typ="safe").parse(text)
        self.anchors: dict[str, Node | None] = {}
        self.total = 0

    def fail(self, event: Event, message: str, hint: str | None = None) -> YamlProblem:
        """The exception to raise for `event`."""
        return YamlProblem(Problem(event.start_mark.line + 1, event.start_mark.column + 1, message, hint))


def _documents(events: _Events) -> list[Node]:
    documents = []
    for event in events.source:
        if isinstance(event, DocumentStartEvent):
            if event.version and tuple(event.version) != (1, 2):
                raise events.fail(event, "a %YAML directive for another version", "delete it: plait reads YAML 1.2")
            events.anchors.clear()
            documents.append(_node(events, next(events.source), 1))
    return documents


def _node(events: _Events, event: Event, depth: int) -> Node:
    if isinstance(event, AliasEvent):
        return _alias(events, event)
    if depth > MAX_DEPTH:
        raise events.fail(event, f"nested deeper than {MAX_DEPTH} levels")
    mark = event.start_mark
    node = Node(None, "", mark.line + 1, mark.column + 1)
    if event.anchor:
        events.anchors[event.anchor] = None
    if isinstance(event, ScalarEvent):
        node.text = event.value
        node.value = _value(events, event)
    elif isinstance(event, SequenceStartEvent):
        _check_tag(events, event, "tag:yaml.org,2002:seq")
        _sequence(events, node, depth)
    elif isinstance(event, MappingStartEvent):
        _check_tag(events, event, "tag:yaml.org,2002:map")
        _mapping(events, node, depth)
    if event.anchor:
        events.anchors[event.anchor] = node
    return node


def _alias(events: _Events, event: AliasEvent) -> Node:
    if event.anchor not in events.anchors:
        raise events.fail(event, f"alias *{event.anchor} has no anchor &{event.anchor} before it")
    node = events.anchors[event.anchor]
    if node is None:
        raise events.fail(event, f"alias *{event.anchor} stands inside its own anchor: it would never end")
    events.total += node.size
    if events.total > MAX_NODES:
        raise events.fail(event, f"aliases expand to more than {MAX_NODES} values", "write the values out")
    return node


def _check_tag(events: _Events, event: Event, allowed: str) -> None:
    if event.tag and event.tag not in (allowed, "!"):
        raise events.fail(event, f"tag {event.tag} is not supported", "delete the tag")


def _value(events: _Events, event: ScalarEvent) -> Any:
    if event.tag != "tag:yaml.org,2002:str":
        _check_tag(events, event, "tag:yaml.org,2002:str")
        if event.implicit[0]:
            return scalar(event.value)
    return event.value


def _sequence(events: _Events, node: Node, depth: int) -> None:
    node.value = []
    while not isinstance(event := next(events.source), SequenceEndEvent):
        item = _node(events, event, depth + 1)
        node.value.append(item)
        node.size += item.size


def _mapping(events: _Events, node: Node, depth: int) -> None:
    node.value = {}
    while not isinstance(event := next(events.source), MappingEndEvent):
        key = _node(events, event, depth + 1)
        if isinstance(key.value, dict | list):
            raise events.fail(event, "a key must be a text")
        if key.text == "<<" and isinstance(event, ScalarEvent) and event.implicit[0]:
            hint = "write the fields out, or use an alias for a whole value"
            raise events.fail(event, "merge keys (<<) are not part of YAML 1.2", hint)
        if key.text in node.value:
            first = node.value[key.text][0].line
            raise events.fail(event, f"duplicate key {key.text!r}: it stands in line {first} too")
        item = _node(events, next(events.source), depth + 1)
        node.value[key.text] = (key, item)
        node.size += item.size + 1


class Editable:
    """A user's YAML file that keeps its comments, order, quotes and indentation when it is edited.

    Attributes:
        data: ruamel's CommentedMap (or CommentedSeq); change it in place.
    """

    def __init__(self, text: str) -> None:
        self._yaml = YAML(typ="rt")
        self._yaml.preserve_quotes = True
        self._yaml.width = 1 << 20
        offset = _sequence_offset(text)
        self._yaml.indent(mapping=2, sequence=2 + offset, offset=offset)
        self._start = "---\n" if text.startswith("---") else ""
        self.data: Any = self._yaml.load(text)

    def text(self) -> str:
        """The edited file."""
        buffer = io.StringIO()
        self._yaml.dump(self.data, buffer)
        body = buffer.getvalue()
        return body if body.startswith("---") else self._start + body


def _sequence_offset(text: str) -> int:
    """2 where the file indents its sequences below their key, else 0 (kubectl's style)."""
    indented = re.search(r"^( *)[^\s#-][^\n]*:[ \t]*(?:#[^\n]*)?\n(?:[ \t]*(?:#[^\n]*)?\n)*( *)- ", text, re.MULTILINE)
    return 2 if indented and len(indented[2]) > len(indented[1]) else 0
