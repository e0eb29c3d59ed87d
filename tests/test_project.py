"""The rules of the repository itself."""

import ast
import configparser
import importlib.metadata
import os
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import plait

ROOT = Path(__file__).parents[1]
MAX_LINES = 250


@cache
def tracked(pattern: str) -> list[Path]:
    """The files that are, or would be, in Git."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", pattern]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / line for line in sorted(set(listed.splitlines())) if (ROOT / line).is_file()]


def imports(path: Path) -> Iterator[str]:
    """The modules that a file imports, by their full names."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def test_no_python_file_is_too_long() -> None:
    """A file that does not fit two screens holds two ideas."""
    sizes = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in tracked("*.py")}
    assert sizes
    assert not {str(path): size for path, size in sizes.items() if size > MAX_LINES}


def test_the_runtimes_never_import_plait() -> None:
    """Each installs and runs alone, in an image that has no plait."""
    assert not [
        f"{path}: {name}"
        for path in tracked("runtimes/*.py")
        for name in imports(path)
        if name.partition(".")[0] == "plait"
    ]


DOCUMENTS = ["README.md", "ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE"]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_top_level_documents_are_there(name: str) -> None:
    """Where people look first."""
    assert (ROOT / name).read_text(encoding="utf-8").strip()


@pytest.mark.parametrize("name", [".ci/run", "examples/demo.sh"])
def test_scripts_can_be_run(name: str) -> None:
    """The executable bit is lost easily."""
    assert os.access(ROOT / name, os.X_OK)


def test_every_target_that_contributing_names_exists() -> None:
    """A contributor's first command must not fail."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    contributing = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert set(re.findall(r"\bmake ([a-z]+)\b", contributing)) <= targets


def test_the_version_is_written_once() -> None:
    """In generator/plait/__init__.py, where setup.cfg reads it and importing costs nothing."""
    assert re.fullmatch(r"\d+\.\d+\.\d+", plait.__version__)
    setup = configparser.ConfigParser(interpolation=None)
    setup.read(ROOT / "setup.cfg", encoding="utf-8")
    assert setup["metadata"]["version"] == "attr: plait.__version__"
    assert importlib.metadata.version("plait") == plait.__version__
