"""Edits of a YAML text that leave every other byte as it is.

A kustomization in overlays/ is the user's file too: comments, order, quotes, blank lines. A round trip
through a YAML library keeps most of that and loses the rest (the comment before an entry goes with the
entry above it). So plait looks up the lines of an entry and replaces these alone. A comment that has a
line of its own stays even where the entry around it goes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any

from plait import emit
from plait.errors import PlaitError
from plait.yamlio import Node, parse

Owns = Callable[[Any], bool]
Identity = str | Callable[[Any], Hashable] | None
Pair = tuple[Node, Node]
_COMMENT = re.compile(r"\s*#")
_BOM = "\ufeff"


class Text:
    """A YAML file with one mapping, to be edited in place.

    Attributes:
        data: the file's content, or None for a file without a value.
    """

    def __init__(self, content: str) -> None:
        """Raises YamlProblem where the text is not YAML; PlaitError where it is no block mapping."""
        self._bom = _BOM if content.startswith(_BOM) else ""
        self._return = "\r" if "\r\n" in content else ""
        self._tail = "" if content.endswith("\n") else f"{self._return}\n"
        content = content.removeprefix(_BOM) + self._tail
        documents = parse(content.replace("\r\n", "\n"), merge=True)
        self._lines = content.split("\n")
        self._root = documents[0] if documents else Node(None, "", 1, 1)
        self.data: dict[str, Any] | None = self._root.plain()
        if len(documents) > 1 or not isinstance(self.data, dict | None):
            raise PlaitError("not a single mapping", hint="a kustomization holds one YAML document")
        if self.data is not None and self._root.flow:
            hint = "write it with one `key: value` a line; then plait can edit it"
            raise PlaitError("a mapping in {braces}", hint=hint)
        if self._root.merged:
            raise PlaitError("a merge key (<<) at the top", hint="write out there what it brings")
        self._splices: list[tuple[int, int, list[str]]] = []
        self._appended: list[str] = []

    def entries(self, key: str) -> list[Any]:
        """The entries of a list, or none where it is missing."""
        value = (self.data or {}).get(key)
        return value if isinstance(value, list) else []

    def result(self) -> str:
        """The edited text."""
        lines = list(self._lines)
        end = len(lines)
        while end and lines[end - 1].strip() in ("", "..."):
            end -= 1
        in_order = sorted([*self._splices, (end, end, self._appended)], key=lambda splice: splice[:2])
        for start, end, new in reversed(in_order):
            lines[start:end] = [line if line.endswith("\r") else line + self._return for line in new]
        return self._bom + "\n".join(lines).removesuffix(self._tail)

    def comment(self, key: str, field: str, value: str) -> str:
        """What stands behind the field of the one entry of a list that has this value there."""
        node = self._field(key, field, value)
        return self._lines[node.end_line - 1][node.end_column - 1 :].strip() if node else ""

    def set_comment(self, key: str, field: str, value: str, comment: str) -> None:
        """Write another comment (or none, for an empty text) there."""
        if node := self._field(key, field, value):
            head = self._lines[node.end_line - 1][: node.end_column - 1]
            self._splices.append((node.end_line - 1, node.end_line, [f"{head} {comment}".rstrip()]))

    def _field(self, key: str, field: str, value: str) -> Node | None:
        for entry in self._root.value[key][1].value if self.entries(key) else []:
            if isinstance(entry.value, dict) and field in entry.value:
                found: Node = entry.value[field][1]
                if found.value == value:
                    here = entry.line <= found.line <= entry.end_line
                    return found if here and not entry.flow else entry
        return None

    def set_scalar(self, key: str, value: str, after: str) -> None:
        """Set a top-level text; a missing one is put below the key `after`."""
        if key in self._root.value:
            self._replace(self._root.value[key][1], value)
        else:
            anchor = self._root.value.get(after)
            line = anchor[1].end_line if anchor else self._root.line - 1
            self._splices.append((line, line, [f"{self._indent}{key}: {emit.text(value)}"]))

    @property
    def _indent(self) -> str:
        return " " * (self._root.column - 1)

    def set_entries(self, key: str, owns: Owns, wanted: Sequence[Any], identity: Identity) -> None:
        """Make the owned entries of a list the wanted ones.

        Entries that stay keep their place, comments and quotes; `identity` is the field, or the function,
        that tells whether a mapping is the same entry. New ones come after the last entry.
        """
        pair = self._root.value.get(key)
        if pair is None or not pair[1].value:
            self._new_list(pair, key, wanted)
        elif pair[1].flow:
            kept = [entry for entry in self.entries(key) if not owns(entry)]
            self._rewrite(key, pair, [*kept, *wanted])
        else:
            self._edit_list(pair, owns, list(wanted), identity)

    def _list(self, key: str, entries: Sequence[Any]) -> list[str]:
        """A list in block style, key and all; nothing for none."""
        lines = emit.document({key: list(entries)}).splitlines() if entries else []
        return [self._indent + line for line in lines]

    def _new_list(self, pair: Pair | None, key: str, wanted: Sequence[Any]) -> None:
        if pair is None:
            self._appended += self._list(key, wanted)
        else:
            self._rewrite(key, pair, wanted)

    def _rewrite(self, key: str, pair: Pair, entries: Sequence[Any]) -> None:
        """A list in flow style, or an empty one, becomes one in block style (or goes, with no entry)."""
        start = pair[0].line - 1
        end, column = max((pair[1].end_line, pair[1].end_column), (pair[0].end_line, pair[0].end_column + 1))
        if any("#" in line for line in self._lines[start : end - 1]):
            hint = "write it with one `- entry` a line; then plait can edit it without losing the comment"
            message = f"`{key}` is a list in [brackets] with a comment inside"
            raise PlaitError(message, where=f"line {start + 1}", hint=hint)
        lines = self._list(key, entries)
        tail = self._lines[end - 1][column - 1 :].strip()
        if tail:
            lines = [f"{lines[0]} {tail}", *lines[1:]] if lines else [self._indent + tail]
        self._splices.append((start, end, lines))

    def _edit_list(self, pair: Pair, owns: Owns, wanted: list[Any], identity: Identity) -> None:
        items = [(node, node.plain()) for node in pair[1].value]
        open_ = {_same(entry, identity): entry for entry in wanted}
        gone = 0
        for node, entry in items:
            if not owns(entry):
                continue
            new = open_.pop(_same(entry, identity), None)
            if new is None:
                gone += 1
                self._replace_lines(self._dash(node)[0], node.end_line, [])
            elif isinstance(new, Mapping) and new != entry:
                self._update(node, entry, new)
        last, indent = items[-1][0], self._dash(items[0][0])[1]
        added = [indent + line for entry in open_.values() for line in emit.document([entry]).splitlines()]
        if added:
            self._splices.append((last.end_line, last.end_line, added))
        elif gone == len(items):
            self._drop_key(pair)

    def _drop_key(self, pair: Pair) -> None:
        """The line of a key without entries; a comment behind it stays."""
        _, hash_, comment = self._lines[pair[0].line - 1][pair[0].end_column :].partition("#")
        kept = [f"{self._indent}#{comment}"] if hash_ else []
        self._splices.append((pair[0].line - 1, pair[0].line, kept))

    def _dash(self, node: Node) -> tuple[int, str]:
        """The line of an entry's dash, counted from 0, and the spaces before it."""
        line, before = node.line - 1, self._lines[node.line - 1][: node.column - 1]
        while not before.lstrip().startswith("-"):
            line -= 1
            before = self._lines[line]
        return line, before[: len(before) - len(before.lstrip())]

    def _replace_lines(self, start: int, end: int, new: list[str]) -> None:
        """Other lines in the place of an entry, below the comments that stand in it."""
        comments = [line for line in self._lines[start:end] if _COMMENT.match(line)]
        self._splices.append((start, end, comments + new))

    def _update(self, node: Node, entry: Mapping[str, Any], wanted: Mapping[str, Any]) -> None:
        """Change the fields of one entry; scalars in place, so that a comment behind them stays."""
        start, dash = self._dash(node)
        scalars = all(isinstance(value, str) for value in [*entry.values(), *wanted.values()])
        loses_dash = any(
            key not in wanted and name.line == start + 1 for key, (name, _) in node.value.items()
        )
        if node.flow or node.merged or not scalars or loses_dash:
            lines = emit.document([dict(wanted)]).splitlines()
            self._replace_lines(start, node.end_line, [dash + line for line in lines])
            return
        for key, (name, value) in node.value.items():
            if key not in wanted:
                self._replace_lines(name.line - 1, value.end_line, [])
            elif entry[key] != wanted[key]:
                self._replace(value, wanted[key])
        indent = " " * (node.column - 1)
        missing = [f"{indent}{key}: {emit.text(value)}" for key, value in wanted.items() if key not in entry]
        self._splices.append((node.end_line, node.end_line, missing))

    def _replace(self, node: Node, value: str) -> None:
        """Put another text in the place of a scalar."""
        head = self._lines[node.line - 1][: node.column - 1]
        tail = self._lines[node.end_line - 1][node.end_column - 1 :]
        gap = "" if head.endswith((" ", "\t")) else " "
        self._splices.append((node.line - 1, node.end_line, [head + gap + emit.text(value) + tail]))


def _same(entry: Any, identity: Identity) -> Any:
    """What tells whether two entries are the same one."""
    if callable(identity):
        return identity(entry)
    return entry[identity] if identity else entry
