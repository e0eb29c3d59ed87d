"""Real kustomize builds: what Argo CD, Flux and ``kubectl apply -k`` would see of a directory.

Two builders, as both are in use: the copy inside kubectl (from PyPI, so always here) and kustomize itself
(a tool of tests/tools.toml, so its half of a test may be skipped).
"""

import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.support import manifests, tools

Build = Callable[[Path], list[dict[str, Any]]]
BUILDERS = ("kubectl", "kustomize")
SECONDS = 120


@pytest.fixture(params=BUILDERS)
def kustomize(request: pytest.FixtureRequest) -> Build:
    """Build a directory to its objects, in output order; each test runs once a builder."""
    return builder(request.param)


def builder(name: str) -> Build:
    """One builder by name, for tests that need not run with both."""
    if name == "kustomize":
        command = [str(tools.require("kustomize")), "build"]
    else:
        command = [str(kubectl()), "kustomize"]
    return lambda path: manifests.load(build(command, path))


def kubectl() -> Path:
    """The kubectl of the test extra; it is from PyPI, so its absence is an error and no skip."""
    found = tools.find("kubectl")
    if found is None:
        raise FileNotFoundError("kubectl: install the test extra, pip install -e '.[test]'")
    return found


def build(command: Sequence[str], path: Path) -> str:
    """The text that a build prints; a build that fails, or warns, fails the test with what it said."""
    done = subprocess.run(
        [*command, str(path)], capture_output=True, text=True, timeout=SECONDS, check=False, encoding="utf-8"
    )
    assert done.returncode == 0, f"kustomize cannot build {path}:\n{done.stderr}"
    assert not done.stderr, f"kustomize warns about {path}:\n{done.stderr}"
    return done.stdout
