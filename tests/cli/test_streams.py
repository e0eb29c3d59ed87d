"""Data on stdout, talk on stderr, colour on a terminal alone; pipes that close, disks that are full."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.cli.terminal import on_terminal
from tests.cli.workspace import Workspace, environment, process, script

ESCAPE = "\x1b["


def shell(command: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a line of shell with plait on PATH."""
    path = f"{Path(script()).parent}:{os.environ['PATH']}"
    return subprocess.run(
        ["/bin/bash", "-o", "pipefail", "-c", command],
        cwd=cwd,
        env=environment(PATH=path),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize(
    "args",
    [
        ["render", "dev"],
        ["status"],
        ["check", "--format", "json"],
        ["schema", "-o", "-"],
        ["generate", "-o", "-"],
    ],
)
def test_data_goes_to_stdout_alone(staged: Workspace, args: list[str]) -> None:
    """So that `plait ... | another program` works."""
    result = staged.ok(*args)
    assert result.out
    assert result.err == ""


@pytest.mark.parametrize(
    "args", [["generate"], ["new", "python", "more"], ["schema"], ["promote", "dev", "staging"], ["check"]]
)
def test_talk_goes_to_stderr_alone(staged: Workspace, args: list[str]) -> None:
    """So that a script that captures stdout gets nothing else."""
    result = staged.ok(*args)
    assert result.err
    assert result.out == ""


def test_a_reader_that_stops_early(staged: Workspace) -> None:
    """`| head -1` is a way to look at something, and no error to talk about."""
    done = shell("plait generate -o - | head -1", staged.root)
    assert done.stdout == "---\n"
    assert done.stderr == ""


def test_a_reader_that_reads_nothing(staged: Workspace) -> None:
    """Even where the output fits into a buffer and is written at the very end."""
    assert shell("(sleep 0.5; plait status) | true", staged.root).stderr == ""


def test_talk_that_nobody_reads(staged: Workspace) -> None:
    """The same for stderr."""
    done = shell("(sleep 0.5; plait check; echo $? >code) 2>&1 | true", staged.root)
    assert (done.stdout, done.stderr) == ("", "")
    assert staged.read("code") == "1\n"


def test_output_that_does_not_fit(staged: Workspace) -> None:
    """A full disk behind `>` is an error, in one line, once."""
    done = shell("plait render dev > /dev/full", staged.root)
    assert done.returncode == 1
    assert done.stderr == "error: standard output: No space left on device\n"


def test_without_a_stdout(staged: Workspace) -> None:
    """As some schedulers start programs."""
    done = shell("plait check >&- && plait status >&-", staged.root)
    assert (done.returncode, done.stderr) == (0, "all is well: no mistakes, no hand edits, no drift\n")


def test_colour_on_a_terminal(shop: Workspace) -> None:
    """Levels of findings, lines of differences."""
    code, shown = on_terminal(["check"], shop.root)
    assert code == 1
    told = f"{ESCAPE}31merror{ESCAPE}0m: nothing is generated from it yet{ESCAPE}2m [drift]{ESCAPE}0m"
    assert f"functions.yaml: {told}\n" in shown
    _, shown = on_terminal(["generate", "--dry-run"], shop.root)
    assert f"{ESCAPE}32m+kind: Broker{ESCAPE}0m\n" in shown


@pytest.mark.parametrize("args", [["check"], ["generate", "--dry-run"]])
def test_no_color_is_honoured(shop: Workspace, args: list[str]) -> None:
    """https://no-color.org: any value but an empty one."""
    assert ESCAPE not in on_terminal(args, shop.root, variables={"NO_COLOR": "1"})[1]
    assert ESCAPE in on_terminal(args, shop.root, variables={"NO_COLOR": ""})[1]


@pytest.mark.parametrize("args", [["check"], ["generate", "--dry-run"]])
def test_no_colour_in_a_pipe(shop: Workspace, args: list[str]) -> None:
    """Whatever reads it wants text."""
    done = process(*args, cwd=shop.root)
    assert ESCAPE not in done.stdout + done.stderr
    assert ".yaml" in done.stdout


def test_a_difference_is_data(shop: Workspace) -> None:
    """`--dry-run` prints a patch that git takes."""
    patch = shop.ok("generate", "--dry-run").out
    shop.write("change.patch", patch)
    shop.git("init", "--quiet")
    shop.git("apply", "change.patch")
    assert shop.ok("generate").err.startswith("nothing to change: ")


def test_nothing_to_change_is_said(staged: Workspace) -> None:
    """An empty difference alone would leave a user wondering."""
    result = staged.ok("generate", "--dry-run")
    assert result.out == ""
    assert result.err.startswith("nothing to change: ")
