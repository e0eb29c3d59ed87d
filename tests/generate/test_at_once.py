"""Two runs at once: the result is that of one after the other, in some order."""

import itertools
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.generate.conftest import shop
from tests.generate.repository import Repository, minimal

NAMES = [f"f{number:02}" for number in range(30)]
ROUNDS = 2
COMMANDS: dict[str, Sequence[tuple[str, ...]]] = {
    "generate twice": [("generate",), ("generate",)],
    "generate and release": [("generate",), ("release", "dev", "f07=demo/f07:2"), ("generate",)],
    "releases": [("release", "dev", f"{name}=demo/{name}:{name[1:]}") for name in NAMES[:3]],
    "release and promote": [("release", "dev", "f07=demo/f07:2"), ("promote", "dev", "live", "f07", "f08")],
    "promotions": [("promote", "dev", "live", "f01"), ("promote", "dev", "live", "f02")],
}


@pytest.fixture
def large(tmp_path: Path) -> Repository:
    """30 functions, so that a run takes its time to write."""
    repository = Repository(tmp_path / "large")
    repository.spec(shop(*NAMES))
    repository.ok("generate")
    return repository


def orders_of(start: Repository, commands: Sequence[tuple[str, ...]]) -> list[dict[str, bytes]]:
    """The files after each order of the commands."""
    found = []
    for number, order in enumerate(itertools.permutations(commands)):
        target = Repository(start.root.parent / f"order-{number}")
        shutil.copytree(start.root, target.root)
        for command in order:
            target.ok(*command)
        found.append(target.files())
    return found


@pytest.mark.parametrize("commands", COMMANDS.values(), ids=COMMANDS)
def test_runs_at_once_are_runs_one_after_the_other(
    large: Repository, commands: Sequence[tuple[str, ...]]
) -> None:
    """Each takes the folder for itself; none fails, none is lost."""
    possible = orders_of(large, commands)
    for number in range(ROUNDS):
        target = Repository(large.root.parent / f"together-{number}")
        shutil.copytree(large.root, target.root)
        processes = [target.process(*command, stderr=-1) for command in commands]
        said = [process.communicate(timeout=60)[1].decode() for process in processes]
        assert [process.returncode for process in processes] == [0] * len(commands), said
        assert target.files() in possible


def test_two_versions_of_functions_yaml_give_one_of_them(tmp_path: Path) -> None:
    """Two checkouts write into one folder: it holds the files of one, whole."""
    roots = [Repository(tmp_path / name) for name in ("a", "b")]
    for root in roots:
        root.spec(minimal(*NAMES, broker={"name": root.root.name}))
        root.ok("generate")
    target = Repository(tmp_path / "target")
    for _ in range(ROUNDS):
        processes = [root.process("generate", "-o", str(target.root), stderr=-1) for root in roots]
        said = [process.communicate(timeout=60)[1].decode() for process in processes]
        assert [process.returncode for process in processes] == [0, 0], said
        assert target.files() in [root.files() for root in roots]
