"""YAML text to data: the one importer of ruamel.yaml.

* `read` for a user's functions.yaml: YAML 1.2 (core schema), every node with where it starts and ends,
  bounded in depth and size, and all mistakes that do not hinder reading on.
* `parse` for files that plait edits by these positions: the first mistake ends it.
* `plain` for files that plait reads back: data only.

All are built on the events of libyaml (ruamel.yaml.clib), or of ruamel's own parser on a machine
without it. Source of the scalar rules: YAML 1.2.2, section 10.3 (core schema).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from plait.errors import Problem

try:
    from _ruamel_yaml import CParser
except ImportError:  # no wheel and no compiler for this machine
    CParser = None

MAX_DEPTH = 64
MAX_NODES = 500_000

_INT = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_WORDS: dict[str, Any] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_NUMERIC = frozenset("+-.0123456789")
_REFUSED = re.compile("[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]|\r(?!\n)")
_BLOCK_HEADER = re.compile(r"[|>][-+0-9]*")


class YamlProblem(Exception):
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
        line, column: where it starts, counted from 1.
        end_line, end_column: just after its last character; a block collection ends with its last child,
            a block scalar with its last line that is not empty.
        flow: a collection in [brackets] or {braces}, or an alias for a collection.
        size: nodes in it, aliases expanded.
    """

    value: Any
    text: str
    line: int
    column: int
    end_line: int = 1
    end_column: int = 1
    flow: bool = False
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
    if text[0] not in _NUMERIC:
        return text
    if _INT.fullmatch(text):
        return int(text, {"0o": 8, "0x": 16}.get(text[:2], 10)) if len(text) < 400 else text
    if _FLOAT.fullmatch(text):
        return float(text.lower().replace(".inf", "inf").replace(".nan", "nan"))
    return text


def read(text: str) -> tuple[list[Node], list[Problem]]:
    """The documents of a YAML text, and the mistakes that do not hinder reading on.

    These are duplicate keys, merge keys, keys that are no text, and tags.

    Raises:
        YamlProblem: on a syntax error, a character that YAML refuses, an alias that is recursive or
            unknown, more than MAX_DEPTH levels or MAX_NODES nodes.
    """
    if refused := _REFUSED.search(text):
        raise YamlProblem([_character(text, refused.start())])
    reader = _Reader(text)
    try:
        return reader.documents(), reader.problems
    except MarkedYAMLError as error:
        raise YamlProblem([*reader.problems, _syntax(error, text)]) from error
    except YAMLError as error:
        raise YamlProblem([*reader.problems, Problem(1, 1, f"not YAML: {str(error).splitlines()[0]}")]) from error


def parse(text: str) -> list[Node]:
    """The documents of a YAML text. Raises YamlProblem on every mistake."""
    documents, problems = read(text)
    if problems:
        raise YamlProblem(problems)
    return documents


def plain(text: str) -> list[Any]:
    """The documents of a YAML text as data. Raises YamlProblem on every mistake."""
    return [document.plain() for document in parse(text)]


def _character(text: str, at: int) -> Problem:
    line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
    if text[at] == "\r":
        return Problem(line, column, "a carriage return without a line feed", "save the file with LF line ends")
    name = f"U+{ord(text[at]):04X}"
    return Problem(line, column, f"the character {name} may not stand in YAML", 'delete it, or write it as "\\uXXXX"')


def _syntax(error: MarkedYAMLError, text: str) -> Problem:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    lines = text.split("\n")
    if line >= len(lines):
        line, column = len(lines) - 1, len(lines[-1])
    hint = "indent with spaces, never tabs" if "\t" in lines[line][: column + 1] else None
    return Problem(line + 1, column + 1, f"not YAML: {error.problem or error.context}", hint)


def _events(text: str) -> Callable[[], Event]:
    if CParser is not None:
        parser: Callable[[], Event] = CParser(text).get_event
        return parser
    from ruamel.yaml import YAML  # noqa: PLC0415

    return YAML(typ="safe", pure=True).parse(text).__next__  # type: ignore[no-any-return]


class _Reader:
    """From events to nodes."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.next = _events(text)
        self.problems: list[Problem] = []
        self.anchors: dict[str, Node | None] = {}
        self.total = 0

    def documents(self) -> list[Node]:
        documents = []
        while not isinstance(event := self.next(), StreamEndEvent):
            if isinstance(event, DocumentStartEvent):
                if event.version and tuple(event.version) != (1, 2):
                    self.wrong(event, "a %YAML directive for another version", "delete it: plait reads YAML 1.2")
                self.anchors.clear()
                documents.append(self.node(self.next(), 1))
        return documents

    def wrong(self, event: Event, message: str, hint: str | None = None) -> YamlProblem:
        """Note a problem. Where reading on makes no sense, raise what it returns."""
        mark = event.start_mark
        self.problems.append(Problem(mark.line + 1, mark.column + 1, message, hint))
        return YamlProblem(self.problems)

    def node(self, event: Event, depth: int) -> Node:
        start, end = event.start_mark, event.end_mark
        node = Node(None, "", start.line + 1, start.column + 1, end.line + 1, end.column + 1)
        self.total += 1
        if self.total > MAX_NODES:
            raise self.wrong(event, f"more than {MAX_NODES} values, aliases expanded", "split the file")
        if isinstance(event, AliasEvent):
            return self.alias(event, node)
        if event.anchor:
            self.anchors[event.anchor] = None
        if isinstance(event, ScalarEvent):
            self.scalar(event, node)
        else:
            self.collection(event, node, depth)
        if event.anchor:
            self.anchors[event.anchor] = node
        return node

    def alias(self, event: AliasEvent, node: Node) -> Node:
        if event.anchor not in self.anchors:
            raise self.wrong(event, f"alias *{event.anchor} has no anchor &{event.anchor} before it")
        target = self.anchors[event.anchor]
        if target is None:
            raise self.wrong(event, f"alias *{event.anchor} stands inside its own anchor: it would never end")
        node.value, node.text, node.size = target.value, target.text, target.size
        node.flow = isinstance(target.value, dict | list)
        self.total += target.size
        return node

    def tag(self, event: Event, allowed: str) -> None:
        if event.tag and event.tag not in (allowed, "!"):
            self.wrong(event, f"tag {event.tag} is not supported", "delete the tag")

    def scalar(self, event: ScalarEvent, node: Node) -> None:
        node.text = node.value = event.value
        if event.tag:
            self.tag(event, "tag:yaml.org,2002:str")
        elif event.implicit[0]:
            node.value = scalar(event.value)
        if event.style in ("|", ">"):
            self.end_of_block(node)

    def end_of_block(self, node: Node) -> None:
        """libyaml ends a block scalar where the next token starts."""
        lines = self.text.split("\n")
        last = node.end_line if node.end_column > 1 else node.end_line - 1
        while last > node.line and not lines[last - 1].strip():
            last -= 1
        node.end_line, node.end_column = last, len(lines[last - 1].rstrip("\r")) + 1
        if last == node.line and (header := _BLOCK_HEADER.search(lines[last - 1], node.column - 1)):
            node.end_column = header.end() + 1

    def collection(self, event: Event, node: Node, depth: int) -> None:
        if depth > MAX_DEPTH:
            raise self.wrong(event, f"nested deeper than {MAX_DEPTH} levels")
        node.flow = bool(event.flow_style)
        if isinstance(event, SequenceStartEvent):
            self.tag(event, "tag:yaml.org,2002:seq")
            end, last = self.sequence(node, depth + 1)
        else:
            self.tag(event, "tag:yaml.org,2002:map")
            end, last = self.mapping(node, depth + 1)
        if node.flow:
            node.end_line, node.end_column = end.end_mark.line + 1, end.end_mark.column + 1
        elif last is not None:
            node.end_line, node.end_column = last.end_line, last.end_column

    def sequence(self, node: Node, depth: int) -> tuple[Event, Node | None]:
        items: list[Node] = []
        while not isinstance(event := self.next(), SequenceEndEvent):
            items.append(self.node(event, depth))
        node.value = items
        node.size += sum(item.size for item in items)
        return event, items[-1] if items else None

    def mapping(self, node: Node, depth: int) -> tuple[Event, Node | None]:
        node.value = {}
        item: Node | None = None
        while not isinstance(event := self.next(), MappingEndEvent):
            key = self.node(event, depth)
            item = self.node(self.next(), depth)
            self.pair(node.value, event, key, item)
            node.size += item.size + 1
        return event, item

    def pair(self, pairs: dict[str, tuple[Node, Node]], event: Event, key: Node, item: Node) -> None:
        if isinstance(key.value, dict | list):
            self.wrong(event, "a key must be a text")
        elif key.text == "<<" and isinstance(event, ScalarEvent) and event.implicit[0]:
            hint = "write the fields out, or use an alias for a whole value"
            self.wrong(event, "merge keys (<<) are not part of YAML 1.2", hint)
            pairs.update({k: v for k, v in item.value.items() if k not in pairs} if isinstance(item.value, dict) else {})
        elif key.text in pairs:
            first = pairs[key.text][0].line
            self.wrong(event, f"duplicate key {key.text!r}: it stands in line {first} too")
        else:
            pairs[key.text] = (key, item)
