"""`kind: Check` in a real kustomize."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from plait.yamlio import plain
from tests.doors.test_doors import PATH
from tests.generate.cases import built
from tests.support.tools import require

ENVIRONMENT = "dev"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A generated tree."""
    return Path(shutil.copytree(built("code").root, tmp_path / "tree"))


def built_with(root: Path, field: str, program: list[str]) -> "subprocess.CompletedProcess[str]":
    """kustomize builds an overlay, with a function under that field."""
    run = {"config.kubernetes.io/function": f"exec: {json.dumps({'path': program[0], 'args': program[1:]})}"}
    check = {
        "apiVersion": "plait.dev/v1",
        "kind": "Check",
        "metadata": {"name": "check", "annotations": run},
        "spec": {"environment": ENVIRONMENT, "functions": "functions.yaml"},
    }
    (root / "check.yaml").write_text(json.dumps(check))
    kustomization = {"resources": [f"overlays/{ENVIRONMENT}"], field: ["check.yaml"]}
    (root / "kustomization.yaml").write_text(json.dumps(kustomization))
    command: list[str | Path] = [
        require("kustomize"),
        "build",
        "--enable-alpha-plugins",
        "--enable-exec",
        ".",
    ]
    environ = {**os.environ, "PATH": PATH}
    return subprocess.run(command, cwd=root, env=environ, capture_output=True, text=True, check=False)


def test_a_sound_environment_goes_through(root: Path) -> None:
    """Its objects are what they are without the check."""
    done = built_with(root, "transformers", ["plait", "krm"])
    assert done.returncode == 0, done.stderr
    alone = subprocess.run(
        [require("kustomize"), "build", f"overlays/{ENVIRONMENT}"],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    )
    assert plain(done.stdout) == plain(alone.stdout)


def test_what_is_missing_stops_the_build(root: Path) -> None:
    """A function of functions.yaml that nobody generated; nothing is printed."""
    file = root / "functions.yaml"
    file.write_text(file.read_text().replace("    flat:", "    flat-too:"))
    done = built_with(root, "transformers", ["plait", "krm"])
    assert (done.returncode, done.stdout) == (1, "")
    assert "flat-too" in done.stderr


def test_no_validator_at_all_passes_kustomize(root: Path) -> None:
    """Why the docs say transformers: kustomize's own annotations count as a change, of `cat` too."""
    done = built_with(root, "validators", ["cat"])
    assert done.returncode == 1
    assert "validator shouldn't modify the resource map" in done.stderr
