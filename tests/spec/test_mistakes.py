"""Every mistake that plait finds in a functions.yaml, and the exact words for it."""

import ast
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import plait
from tests.spec import cases
from tests.support.golden import Golden

PACKAGE = Path(plait.__file__).parent
TELLING = [
    *(PACKAGE / "yamlio" / name for name in ("parser.py", "reader.py")),
    *(path for path in (PACKAGE / "spec").glob("*.py") if path.name not in ("schema.py", "prune.py")),
]
NOT_FOR_USERS = {"raise ValueError(quantity)", "raise ValueError(_why(text))"}
UNREACHED_BY_TEXT = {"load.py"}


def test_mistakes(golden: Golden) -> None:
    """All at once, each with its place, its line, and what to write instead."""
    told = {name: f"{text}{cases.LINE}{cases.mistakes(text)}" for name, text in cases.inputs().items()}
    golden.compare(told, cases.GOLDEN)


def test_every_case_has_a_mistake() -> None:
    """A case that is fine would test nothing."""
    assert not [name for name, text in cases.inputs().items() if not cases.mistakes(text)]


def test_every_message_has_a_case() -> None:
    """A new message is written down with an example of it."""
    with traced() as lines:
        for text in cases.inputs().values():
            cases.mistakes(text)
    untold = [
        f"{path.name}:{first}"
        for path in TELLING
        if path.name not in UNREACHED_BY_TEXT
        for first, last in messages(path)
        if not lines.get(str(path), set()) & set(range(first, last + 1))
    ]
    assert not untold


def messages(path: Path) -> Iterator[tuple[int, int]]:
    """The first and last line of each statement that tells a mistake."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Raise) and ast.unparse(node) not in NOT_FOR_USERS:
            yield node.lineno, node.end_lineno or node.lineno
        elif isinstance(node, ast.Expr) and _tells(node.value):
            yield node.lineno, node.end_lineno or node.lineno


def _tells(value: ast.expr) -> bool:
    is_note = isinstance(value, ast.Call) and ast.unparse(value.func) == "self._note"
    return is_note or isinstance(value, ast.Yield)


@contextmanager
def traced() -> Iterator[dict[str, set[int]]]:
    """The lines of the telling files that run meanwhile."""
    watched = {str(path): set[int]() for path in TELLING}

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        lines = watched.get(frame.f_code.co_filename)
        if lines is None:
            return None
        if event == "line":
            lines.add(frame.f_lineno)
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        yield watched
    finally:
        sys.settrace(before)
