"""The one root of everything that plait reports to a user.

An error says where it is, what is wrong and how to mend it. The command line prints it
(`plait.cli.main`) and ends with `exit_code`: 1 for a difference or a failure, 2 for usage
or a bad functions.yaml.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches


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
    """All mistakes of one functions.yaml, in the order of its lines. Exit code 2."""

    def __init__(self, path: str, problems: Iterable[Problem]) -> None:
        self.path = path
        self.problems: Sequence[Problem] = sorted(set(problems), key=lambda p: (p.line, p.column, p.message))
        count = len(self.problems)
        super().__init__(f"{count} mistake{'s' if count > 1 else ''}", where=path, exit_code=2)

    def __str__(self) -> str:
        return "\n".join(problem.text(self.path) for problem in self.problems)


def nearest(name: str, known: Iterable[str]) -> str | None:
    """`did you mean ...?` for the known name that looks most like `name`, or None."""
    choices = sorted(set(known))
    by_case = {choice.lower(): choice for choice in choices}
    close = get_close_matches(name.lower(), by_case, n=1, cutoff=0.6)
    return f"did you mean {by_case[close[0]]!r}?" if close else None
