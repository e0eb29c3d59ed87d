"""functions.yaml as text -> Spec, or all of its mistakes at once.

The steps: bytes to text, text to nodes with positions (`yamlio.parse`), nodes to plain data, data to
models (pydantic), then the rules that look across fields (`rules`). Where the models refuse a part, the
rules still run on the rest, so that one run shows everything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from plait.errors import PlaitError, Problem, SpecError
from plait.spec import explain, rules
from plait.spec.explain import KEY_OF, Location
from plait.spec.model import Spec
from plait.yamlio import Node, YamlProblem, parse

MAX_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True)
class Source:
    """A loaded functions.yaml: the Spec, and where each of its values stands.

    Attributes:
        path: the file's name as messages show it.
        spec: the file's content.
        root: the node tree, for positions.
        lines: the file's lines.
    """

    path: str
    spec: Spec
    root: Node = field(repr=False)
    lines: Sequence[str] = field(repr=False)

    def problem(self, location: Location, message: str, hint: str | None = None) -> Problem:
        """A Problem at the value that `location` leads to (or at the nearest one above it)."""
        return _problem(self.root, self.lines, location, message, hint)


def load(data: bytes, path: str = "functions.yaml") -> Source:
    """Read a functions.yaml.

    Args:
        data: the file's bytes: UTF-8, at most MAX_BYTES.
        path: how messages name the file.

    Raises:
        SpecError: with every mistake, each with its line and column. Exit code 2.
    """
    text = decode(data, path)
    lines = text.split("\n")
    root = _document(text, path, lines)
    raw = root.plain()
    try:
        spec = Spec.model_validate(raw)
    except ValidationError as error:
        mistakes = explain.mistakes(error, raw, root)
        mistakes += rules.broken(explain.prune(raw, error), raw)
        raise SpecError(path, [_problem(root, lines, *mistake) for mistake in mistakes]) from None
    if broken := rules.broken(spec, raw):
        raise SpecError(path, [_problem(root, lines, *mistake) for mistake in broken])
    return Source(path, spec, root, lines)


def decode(data: bytes, path: str) -> str:
    """The file's text. Raises SpecError where it is too large or not UTF-8, PlaitError never."""
    if len(data) > MAX_BYTES:
        limit = MAX_BYTES // 1024 // 1024
        message = f"the file is larger than {limit} MiB"
        raise SpecError(
            path, [Problem(1, 1, message, "split it: each functions.yaml is the root of its own tree")]
        )
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        good = data[: error.start].decode("utf-8")
        line, column = good.count("\n") + 1, error.start - data.rfind(b"\n", 0, error.start)
        problem = Problem(
            line, column, f"byte 0x{data[error.start]:02X} is not UTF-8", "save the file as UTF-8"
        )
        raise SpecError(path, [problem]) from None


def _document(text: str, path: str, lines: Sequence[str]) -> Node:
    try:
        documents = parse(text)
    except YamlProblem as error:
        raise SpecError(path, [_quoted(error.problem, lines)]) from None
    if not documents or (documents[0].value is None and len(documents) == 1):
        raise SpecError(path, [Problem(1, 1, "the file is empty", "plait init writes a first one")])
    if len(documents) > 1:
        second = documents[1]
        message = "a second YAML document starts here"
        problem = Problem(
            second.line, second.column, message, "one functions.yaml holds one document; delete the `---`"
        )
        raise SpecError(path, [_quoted(problem, lines)])
    if not isinstance(documents[0].value, dict):
        first = Problem(
            documents[0].line, documents[0].column, "not a mapping", "start with apiVersion: plait.dev/v1"
        )
        raise SpecError(path, [_quoted(first, lines)])
    return documents[0]


def _problem(
    root: Node, lines: Sequence[str], location: Location, message: str, hint: str | None = None
) -> Problem:
    node = find(root, location)
    return _quoted(Problem(node.line, node.column, message, hint), lines)


def _quoted(problem: Problem, lines: Sequence[str]) -> Problem:
    """The problem with its line of the file; a long line and one with control characters are left out."""
    line = lines[problem.line - 1] if problem.line <= len(lines) else ""
    quoted = line if line.strip() and line.isprintable() and len(line) <= 200 else None
    return Problem(problem.line, problem.column, problem.message, problem.hint, quoted)


def find(root: Node, location: Location) -> Node:
    """The node at a location; a location that ends in KEY_OF means the key itself.

    Where the file has no such node (a default, a short form), the nearest one above.
    """
    node = root
    for depth, step in enumerate(location):
        if isinstance(node.value, dict) and step in node.value:
            key, value = node.value[step]
            if location[depth + 1 :] == (KEY_OF,):
                return key
            node = key if depth == len(location) - 1 and isinstance(value.value, dict | list) else value
        elif isinstance(node.value, list) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
        else:
            break
    return node


def unknown_file(path: str) -> PlaitError:
    """The error where there is no functions.yaml."""
    hint = "plait init writes a first one; plait -C DIR reads another folder's"
    return PlaitError("no such file", where=path, hint=hint, exit_code=2)
