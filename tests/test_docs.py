"""The documents say what the program does: their commands are run, their references are current."""

import re
import shutil
from pathlib import Path

import click
import pytest

from plait.cli.main import COMMANDS, cli, run
from plait.spec.schema import json_schema
from tests.support.console import executed
from tests.support.golden import Golden
from tests.support.reference import sections

ROOT = Path(__file__).parent.parent
# docs/runtimes/ is run by the runtimes' own tests: its commands start servers.
DOCUMENTS = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md"), *(ROOT / "docs" / "adr").glob("*.md")])
LINKED = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *ROOT.glob("runtimes/*/README.md")])
REFERENCE = ROOT / "docs" / "commands.md"


def _hold(path: Path, text: str, golden: Golden) -> None:
    """Compare a document with what it should be, or rewrite it with --update-golden."""
    if golden.update:
        path.write_text(text)
    assert path.read_text() == text, f"{path.name} is not current: pytest --update-golden"


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_console_blocks_run_as_written(path: Path, tmp_path: Path, golden: Golden) -> None:
    """Each document's commands give the output below them, in a fresh copy of the example."""
    shutil.copy(ROOT / "functions.yaml", tmp_path)
    shutil.copytree(ROOT / "functions", tmp_path / "functions")
    _hold(path, executed(path.read_text(), tmp_path), golden)


def test_the_field_reference_is_current(golden: Golden) -> None:
    """docs/functions.md shows every field of functions.yaml, as the schema tells it."""
    path = ROOT / "docs" / "functions.md"
    head = path.read_text().split("\n## ", 1)[0].rstrip() + "\n\n"
    _hold(path, head + sections(json_schema()), golden)


def _usage(name: str) -> str:
    parent = click.Context(cli, info_name="plait", terminal_width=100, **cli.context_settings)
    command = cli.get_command(parent, name)
    assert command is not None
    return command.get_help(click.Context(command, info_name=name, parent=parent, terminal_width=100))


def test_the_command_reference_is_current(golden: Golden) -> None:
    """docs/commands.md shows every command's own help."""
    head = REFERENCE.read_text().split("\n## ", 1)[0].rstrip() + "\n"
    sections = [f"\n## plait {name}\n\n```\n{_usage(name)}\n```\n" for name in COMMANDS]
    _hold(REFERENCE, head + "".join(sections), golden)


def test_the_picture_of_the_example_is_current(golden: Golden, capsys: pytest.CaptureFixture[str]) -> None:
    """README.md shows what plait graph draws of this repository's functions.yaml."""
    assert run(["-C", str(ROOT), "graph", "--format", "svg"]) == 0
    _hold(ROOT / "docs" / "images" / "example.svg", capsys.readouterr().out, golden)


@pytest.mark.parametrize("path", LINKED, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(path: Path) -> None:
    """A relative link names a file of the repository."""
    links = re.findall(r"\]\((?!https?:)([^)#]+)", path.read_text())
    assert [link for link in links if not (path.parent / link).exists()] == []
