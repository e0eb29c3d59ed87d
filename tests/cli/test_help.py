"""Help, version, completion, and how little is imported for them."""

import subprocess
import sys
from importlib import import_module

import click
import pytest

import plait
from plait.cli.main import COMMANDS
from tests.cli.workspace import Workspace, process

HEAVY = ("pydantic", "ruamel", "rich", "plait.project", "plait.spec", "difflib", "asyncio")
IMPORTED = f"""
import sys
print(",".join(name for name in {HEAVY!r} if name in sys.modules))
"""


def command(name: str) -> click.Command:
    """A command by name."""
    found: click.Command = import_module(f"plait.cli.{name}").command
    return found


@pytest.mark.parametrize("name", COMMANDS)
def test_summaries_match_the_commands(name: str) -> None:
    """The list in main exists to spare imports; it must not say something else."""
    assert COMMANDS[name] == (command(name).help or "").splitlines()[0]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(empty: Workspace, name: str) -> None:
    """Usage, what it does, and a sentence for each option."""
    result = empty.ok(name, "--help")
    assert result.out.startswith(f"Usage: plait {name} [OPTIONS]")
    assert COMMANDS[name] in result.out
    assert result.out == empty.ok(name, "-h").out
    options = [param for param in command(name).params if isinstance(param, click.Option)]
    assert [option.name for option in options if not (option.help or "").endswith(".")] == []


def test_the_list_of_commands(empty: Workspace) -> None:
    """In the order of use, each with its summary."""
    listed = empty.ok("--help").out.partition("Commands:\n")[2]
    rows = [line.split(maxsplit=1) for line in listed.splitlines()]
    assert rows == [[name, summary] for name, summary in COMMANDS.items()]


def test_no_line_of_help_is_too_wide(empty: Workspace) -> None:
    """80 columns are what a terminal has at the least."""
    texts = [empty.ok(*args, "--help").out for args in [[], *([name] for name in COMMANDS)]]
    assert [line for text in texts for line in text.splitlines() if len(line) > 80] == []


def test_the_version(empty: Workspace) -> None:
    """Name and version, as data."""
    assert empty.ok("--version").out == f"plait, version {plait.__version__}\n"


@pytest.mark.parametrize(
    "start",
    [
        "import plait",
        "import plait.cli.main as m; m.run(['--help'])",
        "import plait.cli.main as m; m.run(['x'])",
    ],
)
def test_the_start_is_light(start: str) -> None:
    """`import plait`, help and a typing mistake load none of the heavy libraries, and none of plait's own."""
    done = subprocess.run(
        [sys.executable, "-c", start + IMPORTED], capture_output=True, text=True, check=True
    )
    heavy = done.stdout.splitlines()[-1]
    assert heavy == ("difflib" if "['x']" in start else "")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts(shop: Workspace, shell: str) -> None:
    """`eval "$(_PLAIT_COMPLETE=bash_source plait)"` is how click's users know it."""
    done = process(cwd=shop.root, variables={"_PLAIT_COMPLETE": f"{shell}_source"})
    assert done.returncode == 0
    assert "_PLAIT_COMPLETE" in done.stdout


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("plait pro", ["promote"]),
        ("plait re", ["render", "release", "replay"]),
        ("plait promote ", ["dev", "staging", "production"]),
        ("plait promote dev st", ["staging"]),
        ("plait release dev ", ["orders", "invoice"]),
        ("plait render p", ["production"]),
        ("plait -C .. render p", []),
        ("plait check --format s", ["sarif"]),
        ("plait new p", ["python"]),
    ],
)
def test_completion(shop: Workspace, words: str, offered: list[str]) -> None:
    """Commands, environments, functions and choices."""
    count = words.count(" ")
    variables = {"_PLAIT_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(count)}
    done = process(cwd=shop.root, variables=variables)
    assert [line.partition(",")[2] for line in done.stdout.split("\n") if line] == offered


def test_completion_does_not_mind_a_broken_file(shop: Workspace) -> None:
    """Nobody wants a list of mistakes while typing."""
    shop.write("functions.yaml", "{")
    words = {"_PLAIT_COMPLETE": "bash_complete", "COMP_WORDS": "plait render ", "COMP_CWORD": "2"}
    done = process(cwd=shop.root, variables=words)
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "", "")
