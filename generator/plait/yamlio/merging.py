"""Merge keys (`<<`), which kustomize follows in a user's kustomization. In functions.yaml they are a mistake.

Source: the merge key type of YAML 1.1, as go-yaml, kustomize's, reads it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ruamel.yaml.events import ScalarEvent

from plait.yamlio.node import Node
from plait.yamlio.reader import Reader

MERGE = "\0<<"  # no text of YAML: a key that is quoted, "<<", is one like any other


class MergingReader(Reader):
    """Reads one text; a mapping with a merge key has the other's pairs too, and is marked `merged`."""

    def _mapping(self, start: Any, node: Node, depth: int) -> None:
        super()._mapping(start, node, depth)
        _, source = node.value.pop(MERGE, (None, None))
        if source is not None:
            node.merged = True
            node.value = {**merged(source), **node.value}

    def _pair(self, pairs: dict[str, tuple[Node, Node]], event: Any, key: Node, item: Node) -> None:
        if not is_merge(event):
            super()._pair(pairs, event, key, item)
            return
        sources = item.value if isinstance(item.value, list) else [item]
        if not all(isinstance(source.value, dict) for source in sources):
            self._note(event, "a merge key (<<) takes a mapping, or a list of them")
        if MERGE in pairs:
            first = pairs[MERGE][0].line
            self._note(event, f"duplicate key {key.text!r}: it stands in line {first} too")
        pairs[MERGE] = (key, item)


def is_merge(event: Any) -> bool:
    """Whether a key is a merge key."""
    return type(event) is ScalarEvent and event.value == "<<" and bool(event.implicit[0])


def merged(item: Node) -> dict[str, tuple[Node, Node]]:
    """What `<<: *a` or `<<: [*a, *b]` brings; the first of a list wins."""
    sources: Iterable[Node] = reversed(item.value) if isinstance(item.value, list) else [item]
    found: dict[str, tuple[Node, Node]] = {}
    for source in sources:
        found |= source.value if isinstance(source.value, dict) else {}
    return found
