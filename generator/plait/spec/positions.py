"""Where the values of a functions.yaml stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from plait.errors import Problem
from plait.yamlio import Node

Location = tuple[str | int, ...]
Mistake = tuple[Location, str, str | None]
KEY_OF = "[key]"
_LONGEST_LINE = 200


def quoted(problem: Problem, lines: Sequence[str]) -> Problem:
    """The problem with its line of the file. Without, where that is long, blank or not for a terminal."""
    line = lines[problem.line - 1].replace("\t", " ") if problem.line <= len(lines) else ""
    shown = line.strip() and line.isprintable() and len(line) <= _LONGEST_LINE
    return replace(problem, quoted=line.rstrip() if shown else None)


@dataclass(frozen=True)
class Positions:
    """The nodes and lines of a file."""

    root: Node
    lines: Sequence[str]

    def problem(self, location: Location, message: str, hint: str | None = None) -> Problem:
        """A Problem at the value that `location` leads to (or at the nearest one above it)."""
        node = self.find(location)
        return quoted(Problem(node.line, node.column, message, hint), self.lines)

    def find(self, location: Location) -> Node:
        """The node to show for a location: a collection's key; for a location that ends in KEY_OF, the key.

        Where the file has no such node (a default, a short form), the nearest one above.
        """
        node = self.root
        for depth, step in enumerate(location):
            if isinstance(node.value, dict) and step in node.value:
                pair: tuple[Node, Node] = node.value[step]
                key, node = pair
                last = depth == len(location) - 1 and isinstance(node.value, dict | list)
                if last or location[depth + 1 :] == (KEY_OF,):
                    return key
            elif isinstance(node.value, list) and isinstance(step, int) and step < len(node.value):
                node = node.value[step]
            else:
                break
        return node
