"""functions.yaml as text -> Spec, or all of its mistakes at once.

A file without mistakes takes the quick way: text to data, data to models (pydantic), then the rules that
look across fields (`rules`). Every other file is read again with positions. Where the models refuse a
part, the rules still run on the rest, so that one run shows everything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, islice

from pydantic import ValidationError

from plait.errors import MOST_PROBLEMS, PlaitError, Problem, SpecError
from plait.spec import rules, texts
from plait.spec.model import Spec
from plait.spec.positions import Location, Mistake, Positions, quoted
from plait.yamlio import Node, YamlProblem, quick, read

MAX_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True)
class Source:
    """A loaded functions.yaml: the Spec, and where each of its values stands.

    Attributes:
        path: the file's name as messages show it.
        text: the file's content.
        spec: what it says.
    """

    path: str
    text: str = field(repr=False)
    spec: Spec

    @cached_property
    def positions(self) -> Positions:
        """Read only for a message: it takes as long as the rest of `load`."""
        documents, _ = read(self.text)
        return Positions(documents[0], self.text.split("\n"))

    def problem(self, location: Location, message: str, hint: str | None = None) -> Problem:
        """A Problem at the value that `location` leads to (or at the nearest one above it)."""
        return self.positions.problem(location, message, hint)


def load(data: bytes, path: str = "functions.yaml") -> Source:
    """Read a functions.yaml.

    Args:
        data: the file's bytes: UTF-8, at most MAX_BYTES.
        path: how messages name the file.

    Raises:
        SpecError: with every mistake, each with its line and column. Exit code 2.
    """
    text = decode(data, path)
    spec = _without_mistakes(text) or _with_positions(text, path)
    return Source(path, text, spec)


def decode(data: bytes, path: str) -> str:
    """The file's text. Raises SpecError where it is too large or not UTF-8."""
    if len(data) > MAX_BYTES:
        limit = MAX_BYTES // 1024 // 1024
        message = f"the file is larger than {limit} MiB"
        raise SpecError(
            path, [Problem(1, 1, message, "split it: each functions.yaml is the root of its own tree")]
        )
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        good = error.object[: error.start].decode()
        line, column = good.count("\n") + 1, len(good) - good.rfind("\n")
        message = f"byte 0x{error.object[error.start]:02X} is not UTF-8"
        raise SpecError(path, [Problem(line, column, message, "save the file as UTF-8")]) from None


def _without_mistakes(text: str) -> Spec | None:
    try:
        (data,) = quick.documents(text)
        spec = Spec.model_validate(data)
    except (quick.UnusualError, YamlProblem, ValueError):
        return None
    return None if any(rules.broken(spec, data)) or any(texts.broken(text, data)) else spec


def _with_positions(text: str, path: str) -> Spec:
    """The spec of an unusual file (with anchors, say). Raises SpecError with all mistakes of a wrong one."""
    lines = text.split("\n")
    root, problems = _root(text, path, lines)
    positions, data = Positions(root, lines), root.plain()
    try:
        spec = Spec.model_validate(data)
        mistakes: Iterator[Mistake] = rules.broken(spec, data)
    except ValidationError as error:
        mistakes = _refused(error, root)
    mistakes = chain(texts.broken(text, data), mistakes)
    problems += [positions.problem(*mistake) for mistake in islice(mistakes, MOST_PROBLEMS + 1)]
    if problems:
        raise SpecError(path, problems)
    return spec


def _refused(error: ValidationError, root: Node) -> Iterator[Mistake]:
    from plait.spec import explain, prune  # noqa: PLC0415 - most runs have no mistake

    details = error.errors(include_url=False, include_input=False)
    yield from explain.mistakes(details, root)
    rest = prune.accepted(root.plain(), details) if len(details) <= MOST_PROBLEMS else None
    if rest:
        yield from rules.broken(rest, root.plain())


def _root(text: str, path: str, lines: Sequence[str]) -> tuple[Node, list[Problem]]:
    """The root mapping, and the mistakes in YAML. Raises SpecError where there is no root."""
    try:
        documents, problems = read(text)
    except YamlProblem as error:
        raise _error(path, error.problems, lines) from None
    if not any(document.value is not None for document in documents):
        raise SpecError(path, [Problem(1, 1, "the file is empty", "plait init writes a first one")])
    if len(documents) > 1:
        second = documents[1]
        hint = "one functions.yaml holds one document; delete the `---`"
        problems.append(Problem(second.line, second.column, "a second YAML document starts here", hint))
        raise _error(path, problems, lines)
    root = documents[0]
    if not isinstance(root.value, dict):
        problems.append(
            Problem(root.line, root.column, "not a mapping", "start with apiVersion: plait.dev/v1")
        )
        raise _error(path, problems, lines)
    return root, [quoted(problem, lines) for problem in problems]


def _error(path: str, problems: Iterable[Problem], lines: Sequence[str]) -> SpecError:
    return SpecError(path, [quoted(problem, lines) for problem in problems])


def unknown_file(path: str) -> PlaitError:
    """The error where there is no functions.yaml."""
    hint = "plait init writes a first one; plait -C DIR reads another folder's"
    return PlaitError("no such file", where=path, hint=hint, exit_code=2)
