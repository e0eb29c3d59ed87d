"""The output depends on functions.yaml and on what is on disk, and on nothing else."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.generate.cases import CODE, COMMANDS, HERE, built
from tests.generate.conftest import shop
from tests.generate.repository import Repository
from tests.support import manifests

CASES = ("code", "delivery", "stages")


def reverse(data: Any, *, deep: bool = True) -> Any:
    """The same mapping with its keys the other way round."""
    if isinstance(data, dict):
        return {key: reverse(value) if deep else value for key, value in reversed(data.items())}
    return [reverse(entry) for entry in data] if isinstance(data, list) else data


def prepare(root: Path, text: str) -> Repository:
    """A repository with a functions.yaml and the code of the cases."""
    repository = Repository(root)
    repository.write("functions.yaml", text)
    for path, content in CODE.items():
        repository.write(path, content)
    return repository


@pytest.mark.parametrize("name", CASES)
def test_the_order_of_functions_and_environments_does_not_matter(name: str, tmp_path: Path) -> None:
    """Nor that of any other mapping whose keys are names or fields; env and labels keep the file's order."""
    data = manifests.load((HERE / "specs" / f"{name}.yaml").read_text(encoding="utf-8"))[0]
    body = reverse(data["spec"], deep=False)
    for key in ("functions", "environments", "externalSecrets"):
        if key in body:
            body[key] = reverse(body[key], deep=False)
    body["functions"] = {name: reverse(function, deep=False) for name, function in body["functions"].items()}
    repository = prepare(tmp_path, json.dumps(reverse({**data, "spec": body}, deep=False)))
    for command in COMMANDS[name]:
        repository.ok(*command.split())
    assert repository.files() == built(name).files()


@pytest.mark.parametrize(
    "variables",
    [
        {"PYTHONHASHSEED": "1", "LC_ALL": "C", "TZ": "Pacific/Kiritimati"},
        {"PYTHONHASHSEED": "2", "LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8", "TZ": "UTC"},
        {"PYTHONHASHSEED": "3", "PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0", "COLUMNS": "20"},
        {
            "PYTHONHASHSEED": "4",
            "SOURCE_DATE_EPOCH": "0",
            "HOME": "/nowhere",
            "USER": "x",
            "FORCE_COLOR": "1",
        },
    ],
    ids=["C", "turkish", "latin-1", "elsewhere"],
)
def test_the_machine_does_not_matter(tmp_path: Path, variables: dict[str, str]) -> None:
    """Hash seed, locale, time zone, encoding, width of the terminal, home, working directory."""
    text = (HERE / "specs" / "names.yaml").read_text(encoding="utf-8")
    repository = prepare(tmp_path / "names", text)
    for command in COMMANDS["names"]:
        line = [sys.executable, "-m", "plait", "-C", "../names", *command.split()]
        subprocess.run(line, cwd=repository.root, env={**os.environ, **variables}, check=True, stderr=-1)
    assert repository.files() == built("names").files()


def test_every_way_to_name_the_folder_gives_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From inside, with -C from above, with -C and an absolute path, with -o from elsewhere."""
    from plait.cli.main import run  # noqa: PLC0415

    results = []
    for number, (where, arguments) in enumerate(
        [
            ("repository", ["generate"]),
            (".", ["-C", "repository", "generate"]),
            (".", ["-C", str(tmp_path / "3/repository"), "generate"]),
            ("elsewhere", ["-C", "../repository/", "generate"]),
        ],
        start=1,
    ):
        root = tmp_path / str(number)
        repository = Repository(root / "repository")
        repository.spec(shop())
        (root / "elsewhere").mkdir()
        monkeypatch.chdir(root / where)
        assert run(arguments) == 0
        results.append(repository.files())
    assert results == [results[0]] * 4


def test_old_modification_times_and_empty_folders_do_not_matter(repository: Repository) -> None:
    """A fresh clone has other times, and none of the folders that git does not know."""
    before = repository.files()
    for path in before:
        os.utime(repository.root / path, (0, 0))
    (repository.root / "base/empty/folder").mkdir(parents=True)
    (repository.root / "overlays/empty").mkdir(parents=True)
    assert repository.ok("generate").err.startswith("nothing to change")
    assert {(repository.root / path).stat().st_mtime for path in before} == {0}
