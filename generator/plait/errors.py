"""The one root of everything that plait reports to a user.

An error says where it is, what is wrong and how to mend it. The command line prints it
(`plait.cli.main`) and ends with `exit_code`: 1 for a difference or a failure, 2 for usage
or a bad functions.yaml.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MOST_PROBLEMS = 100
_LONGEST_NAME = 100
_MOST_CHOICES = 500
_CLOSE = 0.8  # of difflib's ratio, whose default for any likeness is 0.6
_SHORTEST_FORM = 3


class PlaitError(Exception):
    """Something the user can mend.

    Args:
        message: what is wrong, in one sentence without a full stop.
        where: a file, a `file:line:column` or a field; None where the message says it.
        hint: what to do about it.
        exit_code: 1 (a difference or a failure) or 2 (usage, a bad spec).
    """

    def __init__(
        self,
        message: str,
        *,
        where: str | None = None,
        hint: str | None = None,
        exit_code: int = 1,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.hint = hint
        self.exit_code = exit_code

    def __str__(self) -> str:
        head = f"{self.where}: {self.message}" if self.where else self.message
        return f"{head}\n  hint: {self.hint}" if self.hint else head


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake in a text file.

    Attributes:
        line, column: counted from 1; column in characters.
        message: what is wrong there.
        hint: what to write instead, or None.
        quoted: the offending line as it stands in the file, or None.
    """

    line: int
    column: int
    message: str
    hint: str | None = None
    quoted: str | None = None

    def text(self, path: str) -> str:
        """The mistake as a terminal shows it: `path:line:column: message`, the line, the hint."""
        lines = [f"{path}:{self.line}:{self.column}: {self.message}"]
        if self.quoted is not None:
            lines += [f"    {self.quoted}", "    " + " " * (self.column - 1) + "^"]
        if self.hint:
            lines.append(f"  hint: {self.hint}")
        return "\n".join(lines)


class SpecError(PlaitError):
    """The mistakes of one functions.yaml, in the order of its lines. Exit code 2.

    Attributes:
        problems: all of them, or the first MOST_PROBLEMS: nobody reads more, and a file of another kind
            has a million.
        more: whether there are more.
    """

    def __init__(self, path: str, problems: Iterable[Problem]) -> None:
        self.path = path
        ordered = sorted(set(problems), key=lambda problem: (problem.line, problem.column, problem.message))
        self.problems: Sequence[Problem] = ordered[:MOST_PROBLEMS]
        self.more = len(ordered) > MOST_PROBLEMS
        count = len(self.problems)
        message = f"{'more than ' * self.more}{count} mistake{'s' * (count > 1)}"
        super().__init__(message, where=path, exit_code=2)

    def __str__(self) -> str:
        texts = [problem.text(self.path) for problem in self.problems]
        if self.more:
            texts.append(f"{self.path}: {self.message}; the rest comes when these are mended")
        return "\n".join(texts)


def short(text: str) -> str:
    """The text in quotes, for a message; the middle of a long one left out."""
    return repr(text if len(text) <= _LONGEST_NAME else f"{text[:40]}...{text[-40:]}")


def nearest(name: str, known: Iterable[str]) -> str | None:
    """`did you mean ...?` for the known name that is most likely meant by `name`, or None."""
    found = closest(name, known)
    return f"did you mean {found!r}?" if found else None


def closest(name: str, known: Iterable[str]) -> str | None:
    """The known name that is most likely meant by `name`: a slip of the pen, or a short form."""
    choices = [choice for choice in known if len(choice) <= _LONGEST_NAME]
    if len(name) > _LONGEST_NAME:
        return None
    by_case = {choice.lower(): choice for choice in sorted(choices)}
    short_for = [choice for choice in by_case if _starts(name.lower(), choice)]
    likely = short_for if len(short_for) == 1 else _alike(name.lower(), by_case)
    return by_case[likely[0]] if likely else None


def _starts(name: str, choice: str) -> bool:
    """`prod` for production; a single letter is no name."""
    return len(name) > 1 and choice.startswith(name)


def _alike(name: str, choices: Iterable[str]) -> list[str]:
    """A close look-alike, else the one name that has these letters in their order, else a distant one."""
    from difflib import get_close_matches  # noqa: PLC0415 - takes long, and most runs have no mistake

    choices = list(choices)
    if len(choices) > _MOST_CHOICES:
        choices = [choice for choice in choices if abs(len(choice) - len(name)) <= 1][:_MOST_CHOICES]
    distant = get_close_matches(name, choices, n=1)
    if distant and get_close_matches(name, distant, cutoff=_CLOSE):
        return distant
    short_for = [choice for choice in choices if _abbreviates(name, choice)]
    return short_for if len(short_for) == 1 else distant


def _abbreviates(name: str, choice: str) -> bool:
    """`stg` for staging: the same first letter, and all others in their order."""
    letters = iter(choice)
    return len(name) >= _SHORTEST_FORM and name[0] == choice[:1] and all(char in letters for char in name)
