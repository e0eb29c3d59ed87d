"""functions.yaml as text, with comments above the keys that plait decided something about."""

from __future__ import annotations

import re
from collections.abc import Sequence

from plait import emit
from plait.importing.model import Imported
from plait.yamlio import Node, parse

_HEAD = """\
# yaml-language-server: $schema=schemas/functions.v1.json
# Written by plait import. Manifests do not say which events a function answers with: add `emits` where one
# does, and spec.external for events that come from outside. `runtime: container` serves an image as it is;
# plait's pods run without root and privileges: an image that needs them does not start.
"""


def text(result: Imported) -> str:
    """The whole file."""
    body = emit.document(result.data)
    root = parse(body)[0]
    lines = body.splitlines()
    marked = {_line(root, path): comments for path, comments in result.comments.items()}
    found = []
    for number, line in enumerate(lines, start=1):
        indent = " " * (len(line) - len(line.lstrip()))
        found += [f"{indent}# {one_line(comment)}" for comment in marked.get(number, ())]
        found.append(line)
    return _HEAD + "\n".join(found) + "\n"


def _line(node: Node, path: Sequence[str | int]) -> int:
    """The line of a key, or of the nearest one above it that is there."""
    line = node.line
    for step in path:
        if isinstance(node.value, dict) and step in node.value:
            key, node = node.value[str(step)]
            line = key.line
        elif isinstance(node.value, list) and isinstance(step, int):
            node = node.value[step]
            line = node.line
        else:
            break
    return line


def one_line(comment: str) -> str:
    """A comment is one line, whatever a manifest holds."""
    return re.sub(r"\s+", " ", "".join(char if char.isprintable() else " " for char in comment))
