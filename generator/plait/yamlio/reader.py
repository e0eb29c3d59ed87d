"""From events to nodes with positions."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from plait.errors import MOST_PROBLEMS, Problem, short
from plait.yamlio.node import Node, YamlProblem, scalar

MAX_DEPTH = 64
MAX_NODES = 250_000

_BLOCK_HEADER = re.compile(r"[|>][-+0-9]*(?=\s|$)")


class Reader:
    """Reads one text.

    Attributes:
        problems: mistakes that did not hinder reading on.
        most_nodes: how many values a text may have.
    """

    most_nodes = MAX_NODES

    def __init__(self, text: str, following: Callable[[], Any]) -> None:
        self.problems: list[Problem] = []
        self._text = text
        self._next = following
        self._anchors: dict[str, tuple[Node, int] | None] = {}
        self._nodes = 0

    def documents(self) -> list[Node]:
        """The root node of each document. Raises YamlProblem, and the parser's errors."""
        found = []
        while not isinstance(event := self._next(), StreamEndEvent):
            if isinstance(event, DocumentStartEvent):
                if event.version and tuple(event.version) != (1, 2):
                    self._note(
                        event, "a %YAML directive for another version", "delete it: plait reads YAML 1.2"
                    )
                self._anchors.clear()
                found.append(self._node(self._next(), 1))
        return found

    @cached_property
    def _lines(self) -> list[str]:
        return self._text.split("\n")

    def _note(self, event: Any, message: str, hint: str | None = None) -> None:
        """A problem that does not hinder reading on, until there are too many."""
        mark = event.start_mark
        self.problems.append(Problem(mark.line + 1, mark.column + 1, message, hint))
        if len(self.problems) > MOST_PROBLEMS:
            raise YamlProblem(self.problems)

    def _fatal(self, event: Any, message: str, hint: str | None = None) -> YamlProblem:
        """The exception for a problem where reading on makes no sense."""
        self._note(event, message, hint)
        return YamlProblem(self.problems)

    def _node(self, event: Any, depth: int) -> Node:
        start, end = event.start_mark, event.end_mark
        node = Node(None, "", start.line + 1, start.column + 1, end.line + 1, end.column + 1)
        self._nodes += 1
        if type(event) is AliasEvent:
            self._alias(event, node)
        elif event.anchor is None:
            self._fill(event, node, depth)
        else:
            before = self._nodes
            self._anchors[event.anchor] = None
            self._fill(event, node, depth)
            self._anchors[event.anchor] = node, self._nodes - before + 1
        if self._nodes > self.most_nodes:
            raise self._fatal(
                event, f"more than {self.most_nodes} values", "aliases count as often as they are used"
            )
        return node

    def _alias(self, event: Any, node: Node) -> None:
        if event.anchor not in self._anchors:
            raise self._fatal(event, f"alias {short('*' + event.anchor)} has no anchor before it")
        found = self._anchors[event.anchor]
        if found is None:
            raise self._fatal(
                event, f"alias {short('*' + event.anchor)} stands inside its own anchor: it would never end"
            )
        target, size = found
        node.value, node.text = target.value, target.text
        node.flow = isinstance(target.value, dict | list)
        self._nodes += size

    def _fill(self, event: Any, node: Node, depth: int) -> None:
        if type(event) is ScalarEvent:
            self._scalar(event, node)
        elif depth > MAX_DEPTH:
            raise self._fatal(event, f"nested deeper than {MAX_DEPTH} levels")
        elif type(event) is SequenceStartEvent:
            self._tag(event, "tag:yaml.org,2002:seq")
            self._sequence(event, node, depth + 1)
        else:
            self._tag(event, "tag:yaml.org,2002:map")
            self._mapping(event, node, depth + 1)

    def _tag(self, event: Any, allowed: str) -> None:
        if event.tag and event.tag not in (allowed, "!"):
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            self._note(event, f"the tag {short(tag)} is not supported", "delete the tag")

    def _scalar(self, event: Any, node: Node) -> None:
        node.text = node.value = event.value
        if event.tag:
            self._tag(event, "tag:yaml.org,2002:str")
        elif event.implicit[0]:
            node.value = scalar(event.value)
        if event.style in ("|", ">"):
            _end_of_block(node, self._lines)

    def _sequence(self, start: Any, node: Node, depth: int) -> None:
        node.value = items = []
        while type(event := self._next()) is not SequenceEndEvent:
            items.append(self._node(event, depth))
        _end(node, start, event, items[-1] if items else None)

    def _mapping(self, start: Any, node: Node, depth: int) -> None:
        node.value = {}
        item: Node | None = None
        while type(event := self._next()) is not MappingEndEvent:
            key = self._node(event, depth)
            item = self._node(self._next(), depth)
            if item.line > key.end_line and item.value is None and item.text == "":
                self._place(item, key)
            self._pair(node.value, event, key, item)
        _end(node, start, event, item)

    def _place(self, empty: Node, key: Node) -> None:
        """The parser puts the value of a key without a colon (`? key`) where the next token starts."""
        before = "".join(self._lines[empty.line - 1 : empty.line])[: empty.column - 1]
        if not before.endswith(":"):
            empty.line, empty.column = empty.end_line, empty.end_column = key.end_line, key.end_column

    def _pair(self, pairs: dict[str, tuple[Node, Node]], event: Any, key: Node, item: Node) -> None:
        if isinstance(key.value, dict | list):
            self._note(event, "a key must be a text")
        elif key.text == "<<" and type(event) is ScalarEvent and event.implicit[0]:
            hint = "write the fields out, or use an alias for a whole value"
            self._note(event, "merge keys (<<) are not part of YAML 1.2", hint)
            merged: dict[str, Any] = item.value if isinstance(item.value, dict) else {}
            pairs |= {name: pair for name, pair in merged.items() if name not in pairs}
        elif key.text in pairs:
            first = pairs[key.text][0].line
            self._note(event, f"duplicate key {short(key.text)}: it stands in line {first} too")
        else:
            pairs[key.text] = (key, item)


def _end(node: Node, start: Any, end: Any, last: Node | None) -> None:
    """Where a collection ends; a block collection's own event ends where the next token starts."""
    node.flow = bool(start.flow_style)
    if node.flow:
        node.end_line, node.end_column = end.end_mark.line + 1, end.end_mark.column + 1
    elif last is not None:
        node.end_line, node.end_column = last.end_line, last.end_column


def _end_of_block(node: Node, lines: Sequence[str]) -> None:
    """Where a block scalar ends: its last line that is not empty. libyaml says: at the next token."""
    last = min(node.end_line if node.end_column > 1 else node.end_line - 1, len(lines))
    while last > node.line and not lines[last - 1].strip():
        last -= 1
    node.end_line, node.end_column = last, len(lines[last - 1].rstrip("\r")) + 1
    if last == node.line and (header := _BLOCK_HEADER.search(lines[last - 1], node.column - 1)):
        node.end_column = header.end() + 1
