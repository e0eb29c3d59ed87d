"""`-o DIR`, `-o -` and `--dry-run`: where the output goes."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from tests.generate.cases import COMMANDS, built
from tests.generate.conftest import shop
from tests.generate.repository import Repository
from tests.support import manifests


def test_another_folder_gets_the_whole_tree(repository: Repository, tmp_path: Path) -> None:
    """Made where it is missing; the repository itself stays as it is."""
    before = repository.files()
    repository.ok("generate", "-o", str(tmp_path / "new" / "folder"))
    written = Repository(tmp_path / "new" / "folder")
    assert written.files().keys() == {
        path for path in before if "live" not in path or "_environment" in path or path.count("/") == 2
    }
    assert {
        path: text for path, text in before.items() if "overlays/live" not in path
    }.items() <= written.files().items()
    assert repository.files() == before
    repository.spec(shop(broker={"name": "other"}))
    repository.ok("generate", "-o", str(written.root))
    assert "name: other\n" in written.read("base/broker.yaml")
    assert repository.files() == before


def test_another_folder_keeps_its_versions(repository: Repository, tmp_path: Path) -> None:
    """State is read from where the output goes."""
    target = Repository(tmp_path / "target")
    repository.ok("generate", "-o", str(target.root))
    target.change("overlays/dev/orders/kustomization.yaml", 'newTag: "1"', 'newTag: "7"')
    before = target.files()
    repository.ok("generate", "--output", str(target.root))
    assert target.files() == before


@pytest.mark.parametrize("name", ["delivery", "stages"])
def test_dash_prints_every_file(name: str) -> None:
    """One YAML stream, each document with its path above it; nothing is written."""
    repository = built(name)
    before = repository.files()
    out = repository.ok("generate", "-o", "-").out
    printed = {}
    for document in out.removeprefix("---\n").split("\n---\n"):
        first, _, text = document.partition("\n")
        printed[first.removeprefix("# Source: ")] = text.rstrip("\n") + "\n"
    shown = {path: text for path, text in printed.items() if not path.startswith("gitops/")}
    assert shown == {path: text.decode() for path, text in before.items()}
    assert len(manifests.load(out)) == len(printed)
    assert repository.files() == before


def test_dry_run_shows_a_diff_and_writes_nothing(repository: Repository) -> None:
    """On stdout, as git shows it; new and removed files too."""
    data = shop("orders", "late", broker={"name": "events"})
    repository.spec(data)
    before = repository.files()
    result = repository.ok("generate", "--dry-run")
    assert repository.files() == before
    assert result.err == ""
    assert "\x1b" not in result.out
    assert "--- a/base/broker.yaml\n+++ b/base/broker.yaml\n" in result.out
    assert "-  name: default\n+  name: events\n" in result.out
    assert "--- /dev/null\n+++ b/base/late/deployment.yaml\n" in result.out
    assert "--- a/base/invoice/deployment.yaml\n+++ /dev/null\n" in result.out
    repository.ok("generate")
    assert repository.ok("generate", "--dry-run").out == ""


def test_the_diff_applies(repository: Repository) -> None:
    """git takes it: what a dry run shows is what a run does."""
    repository.spec(shop("orders", "late", broker={"name": "events"}))
    diff = repository.ok("generate", "--dry-run").out
    command = ["git", "apply", "--unsafe-paths", "-"]
    subprocess.run(command, cwd=repository.root, input=diff.encode(), check=True)
    applied = repository.files()
    repository.ok("generate")
    assert applied == repository.files()


def on_terminal(repository: Repository, *args: str, **variables: str) -> str:
    """What a command writes to a terminal."""
    above, below = pty.openpty()
    env = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "FORCE_COLOR")}
    command = [sys.executable, "-m", "plait", "-C", str(repository.root), *args]
    process = subprocess.Popen(
        command, stdout=below, stderr=below, stdin=below, env={**env, "TERM": "xterm", **variables}
    )
    os.close(below)
    text = b""
    try:
        while chunk := os.read(above, 65536):
            text += chunk
    except OSError:  # Linux: the other end is closed
        pass
    os.close(above)
    assert process.wait(timeout=60) == 0
    return text.decode()


def test_colour_is_for_terminals_alone(repository: Repository) -> None:
    """And NO_COLOR turns it off there too (https://no-color.org)."""
    repository.spec(shop(broker={"name": "events"}))
    coloured = on_terminal(repository, "generate", "--dry-run")
    assert "\x1b[32m+  name: events\x1b[0m" in coloured
    plain = on_terminal(repository, "generate", "--dry-run", NO_COLOR="1")
    assert "\x1b" not in plain
    assert plain.replace("\r\n", "\n") == repository.ok("generate", "--dry-run").out


def test_a_refusal_shows_no_diff(repository: Repository) -> None:
    """A hand edit stops a dry run as it stops a run; --force shows what would be lost."""
    repository.change("base/broker.yaml", "\n  name: default\n", "\n  name: edited\n")
    repository.refused("generate", "--dry-run")
    out = repository.ok("generate", "--dry-run", "--force").out
    assert "-  name: edited\n+  name: default\n" in out


def test_every_case_is_shown_without_a_change() -> None:
    """A dry run of a current tree prints nothing."""
    for name in COMMANDS:
        assert built(name).ok("generate", "--dry-run").out == ""
