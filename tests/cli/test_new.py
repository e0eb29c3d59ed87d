"""plait new: a function more, and every other byte as it was."""

import os
from pathlib import Path

import pytest

from plait import disk
from plait.errors import PlaitError
from tests.cli.workspace import SHOP, Workspace

HEAD = "apiVersion: plait.dev/v1\nkind: Functions\nmetadata: {name: shop}\nspec:\n  namespace: shop\n"
LIST = f"{HEAD}  functions:\n"
MORE = """\
more:
  runtime: container
  image: registry.example.com/shop/more:0.1.0
  subscribes:
  - type: com.example.more.requested
"""
ONE = "    one:\n      runtime: container\n      image: registry.example.com/shop/one:1.0.0\n"


def entry(indent: int = 4) -> str:
    """The entry of `more`, indented."""
    return "".join(f"{' ' * indent}{line}\n" for line in MORE.splitlines())


def added(workspace: Workspace, text: str) -> str:
    """functions.yaml after `plait new container more`; it loads and generates."""
    workspace.write("functions.yaml", text)
    workspace.ok("new", "container", "more")
    workspace.ok("generate")
    assert "base/more/deployment.yaml" in workspace.files()
    return workspace.read("functions.yaml")


@pytest.mark.parametrize(
    ("runtime", "file"),
    [("python", "function.py"), ("node", "index.js"), ("wasm", "add.wat"), ("container", None)],
)
def test_every_runtime(shop: Workspace, runtime: str, file: str | None) -> None:
    """The source folder and the entry; the result loads, generates and checks."""
    before = set(shop.files())
    told = shop.ok("new", runtime, "more").err
    made = {f"functions/more/{file}"} if file else set()
    assert set(shop.files()) - before == made
    assert told == "".join(f"wrote {path}\n" for path in made) + (
        "added more to functions.yaml; next: its events, then plait generate\n"
    )
    shop.ok("generate")
    assert ": error: " not in shop.ok("check").out


def test_the_entry_goes_behind_the_last_function(shop: Workspace) -> None:
    """Nothing else changes."""
    assert added(shop, SHOP) == SHOP.replace("  external", f"{entry()}  external")


@pytest.mark.parametrize("link", ["functions", "functions.yaml"])
def test_a_link(empty: Workspace, tmp_path_factory: pytest.TempPathFactory, link: str) -> None:
    """It is neither followed nor replaced, and nothing is written."""
    outside = tmp_path_factory.mktemp("outside")
    (outside / "functions.yaml").write_text(SHOP)
    if link == "functions":
        empty.write("functions.yaml", SHOP)
    empty.path(link).symlink_to(outside if link == "functions" else outside / link)
    told = empty.refused("new", "python", "more")
    assert told.startswith(f"error: {link}: is a symbolic link; plait neither follows nor replaces it\n")
    assert [path.name for path in outside.iterdir()] == ["functions.yaml"]
    assert (outside / "functions.yaml").read_text() == SHOP
    assert empty.path(link).is_symlink()


def test_an_image(shop: Workspace) -> None:
    """Instead of the place holder."""
    shop.ok("new", "python", "more", "--image", "localhost:5000/more:v1")
    assert "      image: localhost:5000/more:v1\n" in shop.read("functions.yaml")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (HEAD, f"{HEAD}  functions:\n{entry()}"),
        (f"{HEAD}  functions: {{}}\n", f"{HEAD}  functions:\n{entry()}"),
        (f"{HEAD}  functions: {{}}  # none yet\n", f"{HEAD}  functions:  # none yet\n{entry()}"),
        (f"{HEAD}  functions:\n", f"{HEAD}  functions:\n{entry()}"),
        (f"{HEAD}  functions: null # none\n", f"{HEAD}  functions: # none\n{entry()}"),
        (f"{HEAD}  functions: ~\n  external: []\n", f"{HEAD}  functions:\n{entry()}  external: []\n"),
        (f"{HEAD}  functions:\n    # ours\n", f"{HEAD}  functions:\n{entry()}    # ours\n"),
        (f"{HEAD}  # the end\n", f"{HEAD}  functions:\n{entry()}  # the end\n"),
        (f"{HEAD}# the end\n", f"{HEAD}  functions:\n{entry()}# the end\n"),
    ],
)
def test_the_first_function(empty: Workspace, before: str, after: str) -> None:
    """Where there is no list yet, an empty one, or one of nothing but comments."""
    assert added(empty, before) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"{HEAD}  functions:\n{ONE}", f"{HEAD}  functions:\n{ONE}{entry()}"),
        (
            f"{LIST}{ONE}      # about one\n\n      # too\n    # about all\n\n  external: []\n",
            f"{LIST}{ONE}      # about one\n\n      # too\n{entry()}    # about all\n\n  external: []\n",
        ),
        (
            f"{HEAD}  functions:\n{ONE}\n\n  # next\n  external: []\n",
            f"{HEAD}  functions:\n{ONE}{entry()}\n\n  # next\n  external: []\n",
        ),
        (f"{HEAD}  functions:\n{ONE}...\n", f"{HEAD}  functions:\n{ONE}{entry()}...\n"),
        (f"{HEAD}  functions:\n{ONE}"[:-1], f"{HEAD}  functions:\n{ONE}{entry()}"[:-1]),
        (HEAD[:-1], f"{HEAD}  functions:\n{entry()}"[:-1]),
        (
            f"{HEAD}  functions:\n{ONE}      env:\n        TEXT: |\n          a\n\n  external: []\n",
            f"{HEAD}  functions:\n{ONE}      env:\n        TEXT: |\n          a\n{entry()}\n  external: []\n",
        ),
        (
            f"---\n# é 🙂\n{HEAD}  functions: # all\n{ONE}",
            f"---\n# é 🙂\n{HEAD}  functions: # all\n{ONE}{entry()}",
        ),
    ],
)
def test_layouts(empty: Workspace, before: str, after: str) -> None:
    """Comments, blank lines, a block text, no final newline."""
    assert added(empty, before) == after


def test_another_indentation(empty: Workspace) -> None:
    """The entry stands where the others stand."""
    text = f"{HEAD}  functions:\n{ONE}".replace("  ", "   ")
    assert added(empty, text) == text + entry(6)


@pytest.mark.parametrize("text", [SHOP, HEAD, f"{HEAD}  functions: {{}}\n", SHOP[:-1], HEAD[:-1]])
def test_windows_line_ends_and_a_byte_order_mark(empty: Workspace, text: str) -> None:
    """Both stay as they are, and the new lines are like the others."""
    plain = added(empty, text)
    marked = f"\ufeff{text}".replace("\n", "\r\n")
    assert added(empty, marked) == f"\ufeff{plain}".replace("\n", "\r\n")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f"{HEAD}  functions: {{one: {{runtime: container, image: 'a:1'}}}}\n", 6),
        (f"{HEAD}  functions: {{\n  }}\n", 6),
        ("{apiVersion: plait.dev/v1, kind: Functions, metadata: {name: a}, spec: {namespace: a}}\n", 1),
    ],
)
def test_braces(empty: Workspace, text: str, line: int) -> None:
    """plait writes lines; it says what to do."""
    empty.write("functions.yaml", text)
    assert empty.refused("new", "container", "more") == (
        f"error: functions.yaml:{line}: is written in {{braces}}, where plait adds no line\n"
        "  hint: write it with one key a line, then run this again\n"
    )


def test_a_name_that_is_taken(shop: Workspace) -> None:
    """Nothing is written."""
    told = shop.refused("new", "python", "orders")
    assert (
        told == "error: functions.yaml: there is a function 'orders' already\n  hint: choose another name\n"
    )


@pytest.mark.parametrize(
    "name", ["Orders", "a_b", "-a", "9a", "a.b", "../a", "", "name-references", "a" * 64]
)
def test_a_bad_name(shop: Workspace, name: str) -> None:
    """Exit code 2; the message names it, and no line of a file that is not there."""
    told = shop.refused("new", "python", "--", name, code=2)
    assert told.startswith("error: ")
    assert "functions.yaml:" not in told


def test_a_bad_image(shop: Workspace) -> None:
    """Exit code 2 too."""
    told = shop.refused("new", "python", "more", "--image", "a b", code=2)
    assert told.startswith("error: image: \"a b\": 'a b' is not an image reference")


def test_an_unknown_runtime(shop: Workspace) -> None:
    """A mistake of usage."""
    assert "'ruby' is not one of 'python', 'node', 'wasm'" in shop.refused("new", "ruby", "more", code=2)


def test_existing_code_stays(shop: Workspace) -> None:
    """It is never overwritten."""
    shop.write("functions/more/function.py", "mine\n")
    assert shop.refused("new", "python", "more") == (
        "error: functions/more/function.py: is there already; nothing was overwritten\n"
    )


def test_an_existing_folder_is_taken(shop: Workspace) -> None:
    """With what is in it, as long as the entry file is not."""
    shop.write("functions/more/README.md", "mine\n")
    shop.ok("new", "python", "more")
    assert shop.read("functions/more/README.md") == "mine\n"


def test_mistakes_in_functions_yaml_come_first(shop: Workspace) -> None:
    """plait edits no file that it cannot read."""
    shop.change("runtime: node", "runtime: nod")
    assert shop.refused("new", "python", "more", code=2).startswith("functions.yaml:14:16: ")


@pytest.mark.parametrize("had", [[], ["functions/more/README.md"]])
def test_nothing_half_written(shop: Workspace, monkeypatch: pytest.MonkeyPatch, had: list[str]) -> None:
    """The source folder goes again where functions.yaml cannot be written after it."""
    for name in had:
        shop.write(name, "mine\n")

    def fail(path: Path, content: bytes) -> None:
        assert content
        raise PlaitError("Permission denied", where=os.fspath(path))

    monkeypatch.setattr(disk, "write", fail)
    assert shop.refused("new", "python", "more") == "error: functions.yaml: Permission denied\n"
    assert shop.path("functions/more").exists() == bool(had)
