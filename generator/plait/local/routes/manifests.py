"""Files of Kubernetes objects -> the Brokers and Triggers in them, each with its place."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from plait.errors import PlaitError, Problem, SpecError
from plait.local.routes.build import Placed
from plait.yamlio import Node, YamlProblem, read

GROUP = "eventing.knative.dev/"
VERSION = "eventing.knative.dev/v1"
KINDS = ("Broker", "Trigger")
SUFFIXES = (".yaml", ".yml", ".json")
STDIN = Path("-")

_STEP = re.compile(r"[.\[]?([^.\[\]]+)\]?")


def read_all(paths: Iterable[Path]) -> list[Placed]:
    """The Brokers and Triggers of files and folders (with theirs); `-` is standard input.

    Raises:
        PlaitError: where a path is missing or holds neither Broker nor Trigger.
        SpecError: where a file is not YAML, or of a version that Knative no longer serves.
    """
    found = [item for path in paths for file in _files(path) for item in _objects(*_text(file))]
    if not found:
        names = " ".join(map(str, paths))
        hint = f"they are of {VERSION}"
        raise PlaitError("neither a Broker nor a Trigger", where=names, hint=hint, exit_code=2)
    return found


def _files(path: Path) -> list[Path]:
    if path == STDIN or path.is_file():
        return [path]
    if not path.is_dir():
        raise PlaitError("no such file or folder", where=str(path), exit_code=2)
    inner = sorted(path.rglob("*"))
    return [file for file in inner if file.is_file() and counts(file.relative_to(path))]


def counts(inner: Path) -> bool:
    """Whether a file of a folder is read, by its path below the folder."""
    return inner.suffix in SUFFIXES and not any(part.startswith(".") for part in inner.parts)


def _text(file: Path) -> tuple[str, str]:
    data = sys.stdin.buffer.read() if file == STDIN else file.read_bytes()
    name = "(standard input)" if file == STDIN else str(file)
    try:
        return name, data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise SpecError(name, [Problem(1, 1, "not UTF-8", "save the file as UTF-8")]) from None


def _objects(name: str, text: str) -> Iterator[Placed]:
    try:
        documents, problems = read(text)
    except YamlProblem as error:
        raise SpecError(name, error.problems) from None
    wanted = [node for document in documents for node in _items(document) if _is_eventing(node)]
    if wanted and problems:
        raise SpecError(name, problems)
    for node in wanted:
        yield Placed(_served(name, node), lambda path, node=node: _place(name, node, path))  # type: ignore[misc]


def _items(document: Node) -> Iterator[Node]:
    """The document, or what a `kind: List` holds."""
    items = _child(document, "items")
    if _value(document, "kind") == "List" and items is not None and isinstance(items.value, list):
        yield from items.value
    else:
        yield document


def _is_eventing(node: Node) -> bool:
    return str(_value(node, "apiVersion")).startswith(GROUP) and _value(node, "kind") in KINDS


def _served(name: str, node: Node) -> dict[str, Any]:
    version = _value(node, "apiVersion")
    if version != VERSION:
        found = _child(node, "apiVersion")
        assert found is not None
        problem = Problem(found.line, found.column, f"{version} is no longer served", f"write {VERSION}")
        raise SpecError(name, [problem])
    data: dict[str, Any] = node.plain()
    return data


def _place(name: str, node: Node, path: str) -> str:
    """`file:line:column` of a path in the object, or of what is there of it."""
    for step in _STEP.findall(path):
        below = _child(node, step)
        if below is None:
            break
        node = below
    return f"{name}:{node.line}:{node.column}"


def _child(node: Node, step: str) -> Node | None:
    if isinstance(node.value, dict) and step in node.value:
        below: Node = node.value[step][1]
        return below
    if isinstance(node.value, list) and step.isdigit() and int(step) < len(node.value):
        item: Node = node.value[int(step)]
        return item
    return None


def _value(node: Node, key: str) -> Any:
    found = _child(node, key)
    return found.value if found is not None else None
