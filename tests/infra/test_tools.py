"""tests/tools.toml and the one way to be skipped."""

import sys
from pathlib import Path

import pytest

from tests.support import tools


def test_every_tool_says_what_it_is_for_and_how_to_install_it() -> None:
    """A tool without them could neither be judged nor installed."""
    for name, tool in tools.listed().items():
        assert all([tool.what_for, tool.find, tool.install]), name


def test_what_ci_installs_goes_where_it_is_looked_for() -> None:
    """Otherwise it would be installed, not found, and its tests skipped for ever."""
    installed = [tool for tool in tools.listed().values() if tool.ci]
    assert installed
    assert all("$TOOLS" in tool.install or "apt-get" in tool.requires for tool in installed)


def test_a_tool_that_is_not_listed_is_a_mistake_in_the_test() -> None:
    """A KeyError, not a skip."""
    with pytest.raises(KeyError, match="terraform"):
        tools.require("terraform")


def test_a_missing_tool_skips_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """CI knows it by this wording."""
    monkeypatch.setattr(tools, "find", lambda _: None)
    with pytest.raises(pytest.skip.Exception, match=r"^needs buildah: see tests/tools\.toml$"):
        tools.require("buildah")


def test_a_present_tool_is_given_by_its_path(monkeypatch: pytest.MonkeyPatch) -> None:
    """Absolute, so that a test may change directory."""
    monkeypatch.setattr(tools, "find", lambda command: Path("/opt") / command)
    assert tools.require("go") == Path("/opt/go")


def test_a_command_of_the_venv_is_found_without_path(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test run need not activate its venv."""
    monkeypatch.setenv("PATH", "")
    assert tools.find("pytest") == Path(sys.executable).parent / "pytest"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An own build/tools."""
    monkeypatch.setattr(tools, "TOOLS", tmp_path / "tools")
    return tmp_path / "tools"


def a_tool(install: str = "exit 0", *, requires: list[str] | None = None, ci: bool = True) -> tools.Tool:
    """A tool that no machine has."""
    return tools.Tool("testing", "plait-no-such-tool", install, requires or [], ci)


def test_install_puts_a_wanted_tool_where_tests_find_it(folder: Path) -> None:
    """The whole way: install, then find."""
    script = 'printf "#!/bin/sh\\n" > "$TOOLS/plait-no-such-tool"; chmod +x "$TOOLS/plait-no-such-tool"'
    assert tools.install(a_tool(script)) == "installed"
    assert tools.install(a_tool(script)) == f"found: {folder / 'plait-no-such-tool'}"


@pytest.mark.parametrize(
    ("tool", "answer"),
    [
        (a_tool(ci=False), "missing; CI does not install it"),
        (a_tool(requires=["plait-no-such-go"]), "missing; installing it needs plait-no-such-go"),
        (a_tool("exit 3"), "missing; install ended with 3"),
    ],
)
def test_install_says_why_a_tool_stays_missing(folder: Path, tool: tools.Tool, answer: str) -> None:
    """CI goes on: the tests that need the tool are skipped by its name."""
    assert tools.install(tool) == answer
    assert not list(folder.glob("*"))
