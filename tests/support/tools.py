"""The programs of tests/tools.toml: the only things whose absence may skip a test.

``python -m tests.support.tools`` installs those that CI wants, where their prerequisites are there.
"""

import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LIST = ROOT / "tests" / "tools.toml"
TOOLS = ROOT / "build" / "tools"


@dataclass(frozen=True)
class Tool:
    """One table of tools.toml; an unknown or a missing key there is a TypeError here."""

    what_for: str
    find: str
    install: str
    requires: list[str]
    ci: bool


@cache
def listed() -> Mapping[str, Tool]:
    """All tools by name."""
    return {name: Tool(**table) for name, table in tomllib.loads(LIST.read_text(encoding="utf-8")).items()}


def find(command: str) -> Path | None:
    """A command that CI installed here, that came from PyPI into this venv, or that the machine has."""
    places = [str(TOOLS), str(Path(sys.executable).parent), os.environ.get("PATH", "")]
    found = shutil.which(command, path=os.pathsep.join(places))
    return Path(found) if found else None


def require(name: str) -> Path:
    """The path of a listed tool; without it the test that asks is skipped by the tool's name."""
    found = find(listed()[name].find)
    if found is None:
        pytest.skip(skip_reason(name))
    return found


def skip_reason(name: str) -> str:
    """The one wording of a skip that CI tolerates."""
    return f"needs {name}: see tests/tools.toml"


def install(tool: Tool) -> str:
    """Install what CI wants and lacks; the answer says how that went, for the log."""
    if (found := find(tool.find)) is not None:
        return f"found: {found}"
    if not tool.ci:
        return "missing; CI does not install it"
    if lacking := [command for command in tool.requires if find(command) is None]:
        return f"missing; installing it needs {', '.join(lacking)}"
    TOOLS.mkdir(parents=True, exist_ok=True)
    command = ["bash", "-c", tool.install]
    variables = {**os.environ, "TOOLS": str(TOOLS), "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(command, env=variables, check=False)
    return "installed" if done.returncode == 0 else f"missing; install ended with {done.returncode}"


def report() -> Iterator[str]:
    """One line a tool. A failed install is not an error: the tests that need the tool say so."""
    for name, tool in listed().items():
        yield f"{name}: {install(tool)}\n"


if __name__ == "__main__":
    sys.stderr.writelines(report())
