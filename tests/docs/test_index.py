"""Documents lead to one another, and name what plait has: pages, commands, options, modules."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from plait.cli.main import COMMANDS, cli

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
_LINK = re.compile(r"\]\((?!https?:)([^)#\s]+\.md)")
_BLOCK = re.compile(r"^```(sh|console)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_COMMAND = re.compile(r"(?:^|[|;&(] ?)plait ((?:-C \S+ )?[a-z]+\b[^|;&>#)\n]*)", re.MULTILINE)


def links(page: Path) -> set[Path]:
    """The pages that a page leads to."""
    return {(page.parent / link).resolve() for link in _LINK.findall(page.read_text())}


def test_every_page_is_reachable_from_the_index() -> None:
    """A page that nothing leads to is read by nobody. Findings have an index of their own."""
    listed = links(DOCS / "README.md") | links(DOCS / "findings" / "README.md")
    assert [str(page) for page in PAGES if page not in listed and page != DOCS / "README.md"] == []


def test_the_readme_leads_to_the_index() -> None:
    """Whoever has read the first page finds the others."""
    assert DOCS / "README.md" in links(ROOT / "README.md")


def shown(page: Path) -> Iterator[list[str]]:
    """The commands of plait in a page's blocks for a shell, as words."""
    for kind, block in _BLOCK.findall(page.read_text()):
        typed = re.findall(r"^\$ (.*)", block, re.MULTILINE) if kind == "console" else [block]
        for command in _COMMAND.findall("\n".join(typed).replace("\\\n", " ")):
            yield shlex.split(command.replace("'", "").replace('"', ""))


@pytest.mark.parametrize("page", [ROOT / "README.md", *PAGES], ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_that_are_shown_exist(page: Path) -> None:
    """A command or an option that plait does not have is a reader's first failure."""
    wrong = [" ".join(words) for words in shown(page) if not _exists(words)]
    assert wrong == []


def _exists(words: list[str]) -> bool:
    name, *rest = words[2:] if words[0] == "-C" else words
    command = cli.get_command(click.Context(cli), name) if name in COMMANDS else None
    if command is None:
        return False
    known = {option for parameter in command.params for option in parameter.opts} | {"--help", "-h", "--"}
    given = rest[: rest.index("--")] if "--" in rest else rest
    return all(word.partition("=")[0] in known for word in given if word.startswith("-") and word != "-")


def test_the_architecture_names_every_module() -> None:
    """Whoever opens generator/plait finds a sentence for what is there."""
    text = (ROOT / "ARCHITECTURE.md").read_text()
    modules = {path.stem for path in (ROOT / "generator" / "plait").iterdir() if path.suffix in ("", ".py")}
    assert sorted(name for name in modules if name[0] != "_" and f"`{name}" not in text) == []
