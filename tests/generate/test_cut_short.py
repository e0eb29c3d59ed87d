"""A run that ends after any number of its writes, the same command again, and the commands that see it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from plait import disk
from tests.generate.repository import Repository
from tests.generate.test_kill import spec

FEW = ["f00", "f01", "f30", "f31"]


def start(target: Repository) -> None:
    """Functions with code in Git and without; live runs them too."""
    target.write("code/function.py", "old\n")
    target.write("code/lib/old.py", "old\n")
    data = spec(FEW[:3])
    data["spec"]["functions"]["f30"]["packaging"] = "configMap"
    target.spec(data)
    target.ok("generate")
    target.ok("promote", "dev", "live")


def reshaped(target: Repository) -> None:
    """Another shape, one function less, one more, and another packaging for f01."""
    data = spec(["f00", "f01", "f31"], labels={"team": "shop"}, replicas=2)
    data["spec"]["functions"]["f01"]["packaging"] = "configMap"
    data["spec"]["functions"]["f00"]["packaging"] = "image"
    target.spec(data)


def released(target: Repository) -> None:
    """New code, with other files in it."""
    (target.root / "code/lib/old.py").unlink()
    target.write("code/function.py", "new\n")
    target.write("code/lib/new.py", "new\n")


def emptied(target: Repository) -> None:
    """Nothing was ever generated."""
    for path in files_of(target):
        path.unlink()


def promotable(target: Repository) -> None:
    """All of that in dev."""
    reshaped(target)
    target.ok("generate")
    released(target)
    target.ok("release", "dev", "f01")


CASES: dict[str, tuple[Callable[[Repository], Any], tuple[str, ...]]] = {
    "first": (emptied, ("generate",)),
    "generate": (reshaped, ("generate",)),
    "release": (released, ("release", "dev", "f00=demo/f00:2", "f01=demo/f01:2")),
    "promote": (promotable, ("promote", "dev", "live", "--environment")),
}


def files_of(target: Repository) -> list[Path]:
    """The generated files."""
    return [target.root / path for path in target.files()]


def steps_of(monkeypatch: pytest.MonkeyPatch, target: Repository, command: tuple[str, ...], stop: int) -> int:
    """Run a command that is stopped before its step `stop` (a write or a removal); how many it did."""
    done = 0

    def counted(function: Callable[..., None]) -> Callable[..., None]:
        def step(*args: Any) -> None:
            nonlocal done
            if done == stop:
                raise KeyboardInterrupt
            done += 1
            function(*args)

        return step

    with monkeypatch.context() as patched:
        for name in ("_write", "_remove"):
            patched.setattr(disk, name, counted(getattr(disk, name)))
        target.plait(*command)
    return done


@pytest.mark.parametrize("name", CASES)
def test_the_same_command_completes_from_any_step(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It gives what an uninterrupted run gives, wherever the first one ended."""
    prepare, command = CASES[name]
    whole = Repository(tmp_path / "whole")
    start(whole)
    prepare(whole)
    old = whole.files()
    sources: dict[str, str | bytes] = {path: whole.read(path) for path in ("functions.yaml", *code_of(whole))}
    total = steps_of(monkeypatch, whole, command, stop=-1)
    assert total > 5
    for stop in range(total):
        target = Repository(tmp_path / str(stop))
        for path, content in {**old, **sources}.items():
            target.write(path, content)
        assert steps_of(monkeypatch, target, command, stop) == stop
        said = target.plait("generate", "--dry-run")
        assert "Traceback" not in said.err
        target.ok(*command)
        assert target.files() == whole.files(), f"after step {stop}"


def code_of(target: Repository) -> list[str]:
    """The source files."""
    return [path.relative_to(target.root).as_posix() for path in (target.root / "code").rglob("*.py")]
