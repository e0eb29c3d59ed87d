"""kill -9 at any moment leaves every file old or new, and the next run completes."""

import os
import random
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.generate.repository import Repository, folder_until_exit
from tests.support.kustomize import builder

KILLS = 16
TEMPORARY = ".plait-tmp"
ENVIRONMENTS = {"calm": {"promotesFrom": "dev"}, "dev": {}, "live": {"promotesFrom": "dev"}}


def spec(names: Sequence[str], **fields: Any) -> dict[str, Any]:
    """A functions.yaml with the code of every tenth function in Git."""
    functions: dict[str, Any] = {}
    for index, name in enumerate(names):
        packaging = "configMap" if index % 10 == 0 else "image"
        runtime = {"runtime": "python", "source": "code", "packaging": packaging, "image": f"demo/{name}:1"}
        functions[name] = {**runtime, "subscribes": [{"type": f"com.example.{name}"}], **fields}
    body = {"namespace": "shop", "functions": functions, "environments": ENVIRONMENTS}
    return {"apiVersion": "plait.dev/v1", "kind": "Functions", "metadata": {"name": "shop"}, "spec": body}


OLD = [f"f{number:02}" for number in range(60)]
NEW = [*OLD[:30], *OLD[35:], *(f"g{number:02}" for number in range(5))]


def start(target: Repository) -> None:
    """60 functions; calm runs them, live three of them."""
    target.write("code/function.py", "old\n" * 500)
    target.write("code/lib/old.py", "old\n")
    target.spec(spec(OLD))
    target.ok("generate")
    target.ok("promote", "dev", "calm")
    target.ok("promote", "dev", "live", "f00", "f31", "f59")


def change(target: Repository) -> None:
    """Every function changes its shape, five go, five come."""
    target.spec(spec(NEW, labels={"team": "shop"}, env={"A": "x" * 200}))


def prepare_promotion(target: Repository) -> None:
    """The change in dev, and with new code; live still runs the old."""
    change(target)
    target.ok("generate")
    shutil.rmtree(target.root / "code")
    target.write("code/function.py", "new\n" * 500)
    target.write("code/lib/new.py", "new\n")
    target.ok("release", "dev", *(name for name in NEW if name in OLD[::10]))


@dataclass(frozen=True)
class Case:
    """A command to kill.

    Attributes:
        prepare: makes the repository from one with OLD.
        command: what is killed.
        watched: a folder that it writes into first.
        untouched: an overlay that it leaves alone.
    """

    prepare: Callable[[Repository], None]
    command: tuple[str, ...]
    watched: str
    untouched: str


CASES = {
    "generate": Case(change, ("generate",), "base/f00", "overlays/calm/f05"),
    "promote": Case(prepare_promotion, ("promote", "dev", "live"), "overlays/live", "overlays/dev/f05"),
}


@cache
def prepared(name: str) -> tuple[Repository, dict[str, bytes], dict[str, bytes], float]:
    """The repository before the command, its files before and after, and how long the command writes."""
    target = Repository(folder_until_exit(f"kill-{name}") / "before")
    start(target)
    CASES[name].prepare(target)
    whole = Repository(target.root.parent / "whole")
    shutil.copytree(target.root, whole.root)
    process = whole.process(*CASES[name].command, stderr=-3)
    begun = wait_for_write(whole, name, process)
    assert process.wait() == 0
    ended = max((whole.root / path).stat().st_mtime for path in whole.files())
    return target, target.files(), whole.files(), ended - begun


def wait_for_write(target: Repository, name: str, process: Any) -> float:
    """Wait until the command has begun to write; when that was."""
    watched = target.root / CASES[name].watched
    before = watched.stat().st_mtime_ns
    while process.poll() is None and watched.stat().st_mtime_ns == before:
        time.sleep(0.0005)
    return time.time()


@pytest.mark.parametrize("name", CASES)
def test_a_killed_run_leaves_every_file_old_or_new(name: str, tmp_path: Path) -> None:
    """Other parts build, and a second run gives what one run alone would have given."""
    before, old, new, seconds = prepared(name)
    moments = random.Random(name)  # noqa: S311
    halfway = 0
    for kill in range(KILLS):
        target = Repository(tmp_path / str(kill))
        shutil.copytree(
            before.root, target.root, copy_function=os.link
        )  # plait replaces files, and writes into none
        process = target.process(*CASES[name].command, stderr=-3)
        wait_for_write(target, name, process)
        time.sleep(moments.uniform(0, seconds))
        process.kill()
        process.wait()
        halfway += target.files() not in (old, new)
        check_half_done(target, old, new)
        if kill % 4 == 0:
            builder("kubectl")(target.root / CASES[name].untouched)
        target.ok(*CASES[name].command)
        assert target.files() == new
    assert halfway, f"none of {KILLS} kills came while it wrote"


def check_half_done(target: Repository, old: dict[str, bytes], new: dict[str, bytes]) -> None:
    """No file is torn; only a temporary one may be there besides."""
    found = target.files()
    left = {path for path in found if path.endswith(TEMPORARY)}
    assert len(left) <= 1
    for path in found.keys() - left:
        assert found[path] in (old.get(path), new.get(path)), path
    assert found.keys() >= old.keys() & new.keys()
