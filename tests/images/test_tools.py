"""The one place that runs a build tool: real processes."""

import shlex
import sys
from pathlib import Path

import pytest

from plait.errors import PlaitError
from plait.images import TOOLS, find, run


def program(folder: Path, name: str) -> None:
    """An executable on PATH."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_text("#!/bin/sh\n")
    (folder / name).chmod(0o755)


def test_the_first_that_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """buildah, then podman, then docker; --with overrules."""
    monkeypatch.setenv("PATH", str(tmp_path))
    for tool in reversed(TOOLS):
        program(tmp_path, tool)
        assert find(None) == tool
    assert find("docker") == "docker"


def test_none_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is missing is named, and what would do."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(PlaitError, match=r"^neither buildah, podman nor docker is on PATH\n"):
        find(None)
    program(tmp_path, "docker")
    with pytest.raises(PlaitError, match=r"^podman is not on PATH\n"):
        find("podman")


def test_what_is_told_is_what_was_run(capfd: pytest.CaptureFixture[str]) -> None:
    """A shell takes the line as it is; all output is on standard error."""
    told: list[str] = []
    code = "import sys; print(sys.argv[1:], flush=True); print('talk', file=sys.stderr)"
    run([sys.executable, "-c", code, "a b", "$x", "it's"], told.append)
    out, err = capfd.readouterr()
    assert (out, err) == ("", "['a b', '$x', \"it's\"]\ntalk\n")
    assert shlex.split(told[0]) == [sys.executable, "-c", code, "a b", "$x", "it's"]


@pytest.mark.parametrize(
    ("code", "ended"),
    [("import sys; sys.exit(125)", "ended with 125"), ("import os; os.abort()", "by signal 6")],
)
def test_a_failure(code: str, ended: str) -> None:
    """Exit code 1, whatever that of the tool was."""
    with pytest.raises(PlaitError, match=ended) as error:
        run([sys.executable, "-c", code], lambda _: None)
    assert error.value.exit_code == 1


def test_a_tool_that_cannot_be_started(tmp_path: Path) -> None:
    """It may be a folder, or for another processor."""
    (tmp_path / "buildah").write_bytes(b"\0")
    (tmp_path / "buildah").chmod(0o755)
    with pytest.raises(PlaitError, match="cannot be started: Exec format error"):
        run([str(tmp_path / "buildah"), "build"], lambda _: None)
