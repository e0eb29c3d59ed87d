"""Every mistake that plait finds in a functions.yaml, and the exact words for it."""

import ast
import sys
import time
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
    PACKAGE / "yamlio" / "parser.py",
    PACKAGE / "yamlio" / "reader.py",
    *(path for path in (PACKAGE / "spec").glob("*.py") if path.name != "schema.py"),
]
NOT_FOR_USERS = {"raise ValueError(quantity)"}
YIELDING_OTHER_THINGS = {"parser.py", "places.py"}
SECONDS = 10


def test_mistakes(golden: Golden) -> None:
    """All at once, each with its place, its line, and what to write instead."""
    told = {name: text + cases.LINE + cases.mistakes(text.encode()) for name, text in cases.inputs().items()}
    golden.compare(told, cases.MISTAKES)


def test_every_case_has_a_mistake() -> None:
    """A case that is fine would test nothing."""
    assert not [name for name, text in cases.inputs().items() if not cases.mistakes(text.encode())]


def test_hostile_files(golden: Golden) -> None:
    """They get a short answer, and soon: two or three seconds of work at the most, but machines differ."""
    told, slow = {}, {}
    for name, data in cases.hostile().items():
        start = time.process_time()
        told[f"{name}.txt"] = cases.mistakes(data)
        slow[name] = time.process_time() - start
    golden.compare(told, cases.HOSTILE)
    assert not {name: seconds for name, seconds in slow.items() if seconds > SECONDS}


def test_every_message_has_a_case() -> None:
    """A new message is written down with an example of it."""
    hostile = cases.hostile()
    small = [data for data in hostile.values() if len(data) < cases.MANY]
    small += [hostile["50-megabytes"], hostile["many-tags"]]
    with traced() as lines:
        for data in [*small, *map(str.encode, cases.inputs().values())]:
            cases.mistakes(data)
    untold = [
        f"{path.name}:{first}"
        for path in TELLING
        for first, last in messages(path)
        if not lines[str(path)] & set(range(first, last + 1))
    ]
    assert not untold


def messages(path: Path) -> Iterator[tuple[int, int]]:
    """The first and last line of each statement that tells a mistake."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        is_raise = isinstance(node, ast.Raise) and ast.unparse(node) not in NOT_FOR_USERS
        is_note = isinstance(node, ast.Call) and ast.unparse(node.func) == "self._note"
        is_yield = isinstance(node, ast.Yield) and path.name not in YIELDING_OTHER_THINGS
        if isinstance(node, ast.expr | ast.stmt) and (is_raise or is_note or is_yield):
            yield node.lineno, node.end_lineno or node.lineno


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
