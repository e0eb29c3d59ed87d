"""Edits of a YAML text that leave every other byte as it is.

A kustomization in overlays/ is the user's file too: comments, order, quotes, blank lines. A round trip
through a YAML library keeps most of that and loses the rest (the comment before an entry goes with the
entry above it). So plait looks up the lines of an entry and replaces these alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from plait import emit
from plait.errors import PlaitError
from plait.yamlio import Node, parse

Owns = Callable[[Any], bool]


class Text:
    """A YAML file with one mapping, to be edited in place.

    Attributes:
        data: the file's content, or None for a file without a value.
    """

    def __init__(self, content: str) -> None:
        """Raises YamlProblem where the text is not YAML; PlaitError where it is no mapping."""
        self._newline = "\r\n" if "\r\n" in content else "\n"
        content = content.replace("\r\n", "\n")
        self._lines = content.split("\n")
        documents = parse(content)
        self._root = documents[0] if documents else Node(None, "", 1, 1)
        self.data: dict[str, Any] | None = self._root.plain()
        if len(documents) > 1 or not isinstance(self.data, dict | None):
            raise PlaitError("not a single mapping", hint="a kustomization holds one YAML document")
        self._splices: list[tuple[int, int, list[str]]] = []

    def entries(self, key: str) -> list[Any]:
        """The entries of a list, or none where it is missing."""
        value = (self.data or {}).get(key)
        return value if isinstance(value, list) else []

    def result(self) -> str:
        """The edited text."""
        lines = list(self._lines)
        for start, end, new in sorted(self._splices, key=lambda splice: splice[:2], reverse=True):
            lines[start:end] = new
        return self._newline.join(lines)

    def set_scalar(self, key: str, value: str, after: str) -> None:
        """Set a top-level text; a missing one is put below the key `after`."""
        if key in self._root.value:
            self._replace(self._root.value[key][1], value)
        else:
            anchor = self._root.value.get(after)
            line = anchor[1].end_line if anchor else self._root.line - 1
            self._splices.append((line, line, [f"{key}: {emit.text(value)}"]))

    def set_entries(self, key: str, owns: Owns, wanted: Sequence[Any], identity: str | None) -> None:
        """Make the owned entries of a list the wanted ones.

        Entries that stay keep their place, comments and quotes; `identity` is the field that tells
        whether a mapping is the same entry. New ones come after the last entry.
        """
        pair = self._root.value.get(key)
        if pair is None or not pair[1].value:
            self._new_list(pair, key, wanted)
        elif pair[1].flow:
            self._rewrite(key, pair, [entry for entry in self.entries(key) if not owns(entry)], wanted)
        else:
            self._edit_list(pair, owns, list(wanted), identity)

    def _new_list(self, pair: tuple[Node, Node] | None, key: str, wanted: Sequence[Any]) -> None:
        lines = emit.document({key: list(wanted)}).splitlines() if wanted else []
        if pair is not None:
            self._splices.append((pair[0].line - 1, max(pair[1].end_line, pair[0].line), lines))
        elif lines:
            end = len(self._lines)
            while end and not self._lines[end - 1].strip():
                end -= 1
            self._splices.append((end, end, lines if end < len(self._lines) else [*lines, ""]))

    def _rewrite(self, key: str, pair: tuple[Node, Node], kept: list[Any], wanted: Sequence[Any]) -> None:
        """A list in flow style becomes one in block style, the user's entries first."""
        start, end = pair[0].line - 1, pair[1].end_line
        tail = self._lines[end - 1][pair[1].end_column - 1 :]
        if any("#" in line for line in self._lines[start : end - 1]):
            hint = "write it with one `- entry` a line; then plait can edit it without losing the comment"
            raise PlaitError(
                f"`{key}` is a list in [brackets] with a comment inside", where=f"line {start + 1}", hint=hint
            )
        entries = [*kept, *wanted]
        lines = emit.document({key: entries}).splitlines() if entries else []
        if lines and tail.strip():
            lines[0] += tail.rstrip()
        self._splices.append((start, end, lines))

    def _edit_list(
        self, pair: tuple[Node, Node], owns: Owns, wanted: list[Any], identity: str | None
    ) -> None:
        nodes: list[Node] = pair[1].value
        items = [(node, node.plain()) for node in nodes]
        same = (lambda entry: entry[identity]) if identity else (lambda entry: entry)
        open_ = {same(entry): entry for entry in wanted}
        for node, entry in items:
            if owns(entry):
                new = open_.pop(same(entry), None)
                if new is None:
                    self._splices.append((node.line - 1, node.end_line, []))
                elif isinstance(new, Mapping) and new != entry:
                    self._update(node, entry, new)
        last = nodes[-1]
        dash = re.match(r" *", self._lines[nodes[0].line - 1])[0]  # type: ignore[index]
        added = [dash + line for entry in open_.values() for line in emit.document([entry]).splitlines()]
        if added:
            self._splices.append((last.end_line, last.end_line, added))
        elif all(owns(entry) and same(entry) not in map(same, wanted) for _, entry in items):
            self._splices.append((pair[0].line - 1, pair[0].line, []))

    def _update(self, node: Node, entry: Mapping[str, Any], wanted: Mapping[str, Any]) -> None:
        """Change the fields of one entry; scalars in place, so that a comment behind them stays."""
        scalars = all(isinstance(value, str) for value in [*entry.values(), *wanted.values()])
        indent = " " * (node.column - 1)
        loses_dash = any(
            key not in wanted and name.line == node.line for key, (name, _) in node.value.items()
        )
        if node.flow or not scalars or loses_dash:
            lines = emit.document([dict(wanted)]).splitlines()
            dash = indent[:-2]
            self._splices.append((node.line - 1, node.end_line, [dash + line for line in lines]))
            return
        for key, (name, value) in node.value.items():
            if key not in wanted:
                self._splices.append((name.line - 1, value.end_line, []))
            elif entry[key] != wanted[key]:
                self._replace(value, wanted[key])
        missing = [f"{indent}{key}: {emit.text(value)}" for key, value in wanted.items() if key not in entry]
        self._splices.append((node.end_line, node.end_line, missing))

    def _replace(self, node: Node, value: str) -> None:
        """Put another text in the place of a scalar that stands on one line."""
        line = self._lines[node.line - 1]
        written = emit.text(value)
        head, tail = line[: node.column - 1], line[node.end_column - 1 :]
        gap = "" if head.endswith((" ", "\t")) else " "
        self._splices.append((node.line - 1, node.line, [head + gap + written + tail]))
