"""Whole directories as expectations: a file that differs, is missing or is too many fails the test.

``pytest --update-golden`` rewrites them instead, for a person to read in ``git diff``; CI refuses that.
"""

import difflib
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.ci_skips import in_ci

OPTION = "--update-golden"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that rewrites the expectations."""
    parser.addoption(OPTION, action="store_true", help="rewrite the golden directories; read the diff after")


def pytest_configure(config: pytest.Config) -> None:
    """In CI an update would make every comparison pass."""
    if config.getoption(OPTION) and in_ci():
        raise pytest.UsageError(f"{OPTION} is refused in CI: update on your machine and commit the change")


@dataclass(frozen=True)
class Golden:
    """How this run treats golden directories."""

    update: bool

    def compare(self, actual: Mapping[str, str], directory: Path) -> None:
        """Hold a tree (POSIX path -> text) against everything below a directory."""
        __tracebackhide__ = True
        if self.update:
            rewrite(actual, directory)
        elif difference := "".join(differences(read(directory), actual)):
            message = f"{directory} differs; if it should, run pytest {OPTION}\n{difference}"
            pytest.fail(message, pytrace=False)


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """``golden.compare(tree, directory)``."""
    return Golden(update=request.config.getoption(OPTION))


def read(directory: Path) -> dict[str, str]:
    """Every file below a directory, its line ends as they are."""
    files = sorted(path for path in directory.rglob("*") if path.is_file())
    return {path.relative_to(directory).as_posix(): path.read_bytes().decode() for path in files}


def rewrite(actual: Mapping[str, str], directory: Path) -> None:
    """Replace a directory; only below a folder named golden, as a wrong argument would cost a source tree."""
    if "golden" not in directory.parts:
        raise ValueError(f"{directory} is not below a folder named golden")
    shutil.rmtree(directory, ignore_errors=True)
    for name, text in actual.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())


def differences(expected: Mapping[str, str], actual: Mapping[str, str]) -> Iterator[str]:
    """A unified diff a file; a missing or an extra file is a diff against /dev/null."""
    for name in sorted(expected.keys() | actual.keys()):
        before, after = expected.get(name), actual.get(name)
        if before != after:
            yield from difflib.unified_diff(
                _lines(before),
                _lines(after),
                "/dev/null" if before is None else f"golden/{name}",
                "/dev/null" if after is None else f"actual/{name}",
            )
            yield "" if before or after else f"empty file: {name}\n"


def _lines(text: str | None) -> list[str]:
    r"""Lines that show what a diff hides: \r, and a missing newline at the end."""
    if not text:
        return []
    lines = [line.replace("\r", "\\r") + "\n" for line in text.split("\n")]
    last = lines.pop().removesuffix("\n")
    return [*lines, f"{last}\n\\ No newline at end of file\n"] if last else lines
