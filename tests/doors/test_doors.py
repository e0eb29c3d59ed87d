"""Every door gives what `plait render ENV` gives, for every golden case and environment."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from plait import emit, render
from plait.edits import Object
from plait.project import Project
from plait.yamlio import plain
from tests.generate.cases import COMMANDS, built
from tests.support.tools import find, require

BIN = Path(sys.executable).parent
PATH = os.pathsep.join([str(BIN), os.environ["PATH"]])


def ran(*command: str | Path, cwd: Path, stdin: str = "", **variables: str) -> str:
    """A program's standard output; it has to succeed."""
    done = subprocess.run(
        command,
        cwd=cwd,
        input=stdin,
        env={**os.environ, "PATH": PATH, **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def resource_list(environment: str) -> str:
    """What kustomize sends a generator."""
    config = f"""\
  apiVersion: plait.dev/v1
  kind: Render
  metadata:
    name: x
    annotations: {{config.kubernetes.io/local-config: 'true'}}
  spec: {{environment: "{environment}", functions: functions.yaml}}
"""
    item = "- " + config.removeprefix("  ")
    return f"apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n{item}functionConfig:\n{config}"


def by_krm(root: Path, environment: str) -> list[Object]:
    """A KRM function, as kustomize calls it."""
    listed = plain(ran(BIN / "plait-krm", cwd=root, stdin=resource_list(environment)))[0]
    objects: list[Object] = listed["items"]
    return objects


def by_cmp(root: Path, environment: str) -> list[Object]:
    """A config management plugin, as Argo CD calls it."""
    return plain(ran(BIN / "plait", "cmp", cwd=root, PARAM_ENVIRONMENT=environment))


def by_cmp_path(root: Path, environment: str) -> list[Object]:
    """The same for an Application whose path is the overlay."""
    return plain(ran(BIN / "plait", "cmp", "generate", cwd=root / "overlays" / environment))


def by_kubectl(root: Path, environment: str) -> list[Object]:
    """A plugin of a real kubectl."""
    kubectl = find("kubectl")
    assert kubectl
    return plain(ran(kubectl, "plait", "render", environment, cwd=root))


def by_kn(root: Path, environment: str) -> list[Object]:
    """The program that kn calls for `kn plait`."""
    return plain(ran(BIN / "kn-plait", "render", environment, cwd=root))


def by_kustomize(root: Path, environment: str) -> list[Object]:
    """plait krm run by a real kustomize with --enable-exec."""
    kustomize = require("kustomize")
    (root / "kustomization.yaml").write_text("generators: [plait.yaml]\n")
    config = resource_list(environment).partition("functionConfig:\n")[2]
    lines = [line.removeprefix("  ") for line in config.splitlines()]
    text = "\n".join(lines).replace(
        "annotations: {config.kubernetes.io/local-config: 'true'}",
        "annotations: {config.kubernetes.io/function: 'exec: {path: plait, args: [krm]}'}",
    )
    (root / "plait.yaml").write_text(text)
    try:
        return plain(ran(kustomize, "build", "--enable-alpha-plugins", "--enable-exec", ".", cwd=root))
    finally:
        (root / "kustomization.yaml").unlink()
        (root / "plait.yaml").unlink()


Door = Callable[[Path, str], list[Object]]
DOORS: list[Door] = [by_krm, by_cmp, by_kubectl, by_kn]
OTHER_WAYS: list[Door] = [by_cmp_path, by_kustomize]


def _same(case: str, door: Door) -> None:
    root = built(case).root
    for environment, overlay in Project.load(root).overlays.items():
        objects = render.objects(overlay)
        if objects:
            assert door(root, environment) == plain(emit.stream(objects))


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
@pytest.mark.parametrize("case", list(COMMANDS))
def test_all_doors_give_what_render_gives(case: str, door: Door) -> None:
    """The same objects, in the same order."""
    _same(case, door)


@pytest.mark.parametrize("door", OTHER_WAYS, ids=lambda door: door.__name__)
@pytest.mark.parametrize("case", ["code", "stages"])
def test_the_other_ways_through_a_door(case: str, door: Door) -> None:
    """By the Application's path; through a real kustomize."""
    _same(case, door)
