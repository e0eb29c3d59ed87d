"""YAML text to data; the one importer of ruamel.yaml.

* `read` for a user's functions.yaml: YAML 1.2 (core schema), every node with where it starts and ends,
  bounded in depth and size, and all mistakes that do not hinder reading on.
* `parse` for files that plait edits by these positions: every mistake ends it.
* `plain` for files that plait reads back: data only.
* `lenient` for manifests that others wrote: what kubectl takes, it takes.
"""

from __future__ import annotations

from typing import Any

from ruamel.yaml.error import MarkedYAMLError

from plait.errors import Problem
from plait.yamlio import quick
from plait.yamlio.lenient import lenient
from plait.yamlio.merging import MergingReader
from plait.yamlio.node import Node, YamlProblem, scalar
from plait.yamlio.parser import LOST, attempts, check, syntax
from plait.yamlio.reader import MAX_DEPTH, MAX_NODES, Reader

__all__ = [
    "LOST",
    "MAX_DEPTH",
    "MAX_NODES",
    "Node",
    "YamlProblem",
    "documents",
    "lenient",
    "parse",
    "plain",
    "read",
    "scalar",
]


def read(text: str) -> tuple[list[Node], list[Problem]]:
    """The documents of a YAML text, and the mistakes that do not hinder reading on.

    These are duplicate keys, merge keys, keys that are no text, and tags.

    Raises:
        YamlProblem: on a syntax error, a character that YAML refuses, an alias that is recursive or
            unknown, more than MAX_DEPTH levels or MAX_NODES nodes.
    """
    return _read(text, Reader)


def _read(text: str, kind: type[Reader]) -> tuple[list[Node], list[Problem]]:
    check(text)
    for following in attempts(text):
        reader = kind(text, following)
        try:
            return reader.documents(), reader.problems
        except MarkedYAMLError as error:
            mistakes = [*reader.problems, syntax(error, text)]
    raise YamlProblem(mistakes)


def parse(text: str, *, merge: bool = False) -> list[Node]:
    """The documents of a YAML text. Raises YamlProblem on every mistake, merge keys but where `merge` is."""
    documents, problems = _read(text, MergingReader if merge else Reader)
    if problems:
        raise YamlProblem(problems)
    return documents


def plain(text: str) -> list[Any]:
    """The documents of a YAML text as data, merge keys followed. Raises YamlProblem on every mistake."""
    try:
        return quick.documents(text)
    except quick.UnusualError:
        return [document.plain() for document in parse(text, merge=True)]


def documents(content: bytes | str) -> list[Any] | None:
    """As `plain`, of a file that may hold anything; None where it is no YAML."""
    try:
        return plain(content if isinstance(content, str) else content.decode())
    except (UnicodeDecodeError, YamlProblem):
        return None
