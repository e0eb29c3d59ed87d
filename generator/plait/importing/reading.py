"""Files, folders and standard input -> manifests."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from plait import disk
from plait.errors import PlaitError, Problem, SpecError
from plait.importing.model import Manifest, Note
from plait.yamlio import Node, YamlProblem, lenient

MAX_BYTES = 32 * 1024 * 1024
SUFFIXES = (".yaml", ".yml", ".json")
STDIN = Path("-")
_KUSTOMIZATIONS = ("kustomization.yaml", "kustomization.yml", "Kustomization")
_CHART = "Chart.yaml"
_TEMPLATE = re.compile(
    r"""^(?!\s*\#).*\{\{[^}]*(\.Values\b|\.Release\b|\.Chart\b|\binclude\s+")""", re.MULTILINE
)


def read_all(paths: Iterable[Path]) -> tuple[list[Manifest], list[Note]]:
    """The objects of files and folders (with theirs) in the order given; `-` is standard input.

    Of an object that stands there twice the last one counts, as for `kubectl apply`.

    Raises:
        PlaitError: a path is missing, a folder is kustomize's or Helm's, a file is a template. Exit code 2.
        SpecError: a file is not YAML. Exit code 2.
    """
    notes: list[Note] = []
    found: dict[tuple[str | None, str, str, str], Manifest] = {}
    for file in _files(paths):
        for item in _objects(file, notes):
            key = (item.namespace, *item.key)
            if key in found:
                text = f"{item.kind} {item.name} stands in {found.pop(key).where} too; the last one counts"
                notes.append(Note(item.where, text))
            found[key] = item
    return list(found.values()), notes


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in dict.fromkeys(paths):
        if path == STDIN or path.is_file():
            _refuse(path)
            yield path
        elif path.is_dir():
            yield from _below(path)
        else:
            raise PlaitError("no such file or folder", where=str(path), exit_code=2)


def _below(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if any(part.startswith(".") for part in path.relative_to(folder).parts) or not path.is_file():
            continue
        _refuse(path)
        if path.suffix in SUFFIXES:
            yield path


def _refuse(path: Path) -> None:
    """What another tool has to build first."""
    if path.name in _KUSTOMIZATIONS:
        hint = f"kubectl kustomize {path.parent} | plait import -"
        message = "a folder of kustomize; plait does not build it"
        raise PlaitError(message, where=str(path.parent), hint=hint, exit_code=2)
    if path.name == _CHART:
        raise _helm(str(path.parent), path)


def _objects(file: Path, notes: list[Note]) -> Iterator[Manifest]:
    name = "(standard input)" if file == STDIN else str(file)
    text = _text(file, name)
    try:
        documents, twice = lenient(text)
    except YamlProblem as error:
        if "{{" in text:
            raise _helm(f"{name}:{error.problem.line}", file) from None
        raise SpecError(name, [_with_way_on(one) for one in error.problems]) from None
    if template := _TEMPLATE.search(text):
        raise _helm(f"{name}:{text.count(chr(10), 0, template.start()) + 1}", file)
    if all(node.value is None for node in documents):
        notes.append(Note(f"{name}:1", "empty: it holds no object"))
    notes += [Note(f"{name}:{problem.line}", problem.message) for problem in twice]
    for node in documents:
        for item in _items(node):
            manifest = _manifest(name, file, item, notes)
            if manifest is not None:
                yield manifest


def _with_way_on(problem: Problem) -> Problem:
    hint = "mend it, or import the other files without it"
    return replace(problem, hint=f"{problem.hint}; {hint}" if problem.hint else hint)


def _text(file: Path, name: str) -> str:
    data = sys.stdin.buffer.read(MAX_BYTES + 1) if file == STDIN else disk.read(file, MAX_BYTES)
    if len(data) > MAX_BYTES:
        message = f"larger than {MAX_BYTES // 1024 // 1024} MiB"
        raise PlaitError(message, where=name, hint="import a part of it at a time", exit_code=2)
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise SpecError(name, [Problem(1, 1, "not UTF-8", "save the file as UTF-8")]) from None


def _items(node: Node) -> Iterator[Node]:
    """The document, or what a List (or DeploymentList) holds."""
    items = node.value.get("items") if isinstance(node.value, dict) else None
    if items and str(_value(node, "kind")).endswith("List") and isinstance(items[1].value, list):
        for item in items[1].value:
            yield from _items(item)
    elif node.value is not None:
        yield node


def _manifest(name: str, file: Path, node: Node, notes: list[Note]) -> Manifest | None:
    where = f"{name}:{node.line}"
    kind, version, metadata = (_value(node, key) for key in ("kind", "apiVersion", "metadata"))
    own = metadata["name"][1].value if isinstance(metadata, dict) and "name" in metadata else None
    if isinstance(kind, str) and kind in ("Kustomization", "Component") and own is None:
        own = "kustomization"
    if not all(isinstance(text, str) and text for text in (kind, version, own)):
        notes.append(Note(where, "no Kubernetes object: it has no apiVersion, kind or metadata.name"))
        return None
    if "{{" in f"{kind}{own}":
        raise _helm(where, file)
    data = node.plain()
    data["metadata"] = {**(data.get("metadata") or {}), "name": own}
    return Manifest(where, data)


def _value(node: Node, key: str) -> Any:
    pair = node.value.get(key) if isinstance(node.value, dict) else None
    return pair[1].value if pair else None


def _helm(where: str, file: Path) -> PlaitError:
    chart = next((folder for folder in file.parents if (folder / _CHART).is_file()), "CHART")
    hint = f"helm template RELEASE {chart} | plait import -"
    return PlaitError("a Helm template, and no manifest", where=where, hint=hint, exit_code=2)
