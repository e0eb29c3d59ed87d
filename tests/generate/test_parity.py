"""`plait render` against real kustomize builds: object for object, in order."""

import json
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from tests.generate.cases import COMMANDS, built, environments
from tests.support import schemas
from tests.support.kustomize import Build, builder

every_case = pytest.mark.parametrize("name", COMMANDS)


def in_order(objects: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The objects in some order that is always the same."""
    return sorted(objects, key=partial(json.dumps, sort_keys=True))


def folders(root: Path) -> list[Path]:
    """The folders in a folder that hold a kustomization."""
    return sorted(path.parent for path in root.glob("*/kustomization.yaml"))


@every_case
def test_render_gives_what_kustomize_builds(name: str, kustomize: Build) -> None:
    """The same objects in the same order, and each fits its schema."""
    for environment in environments(name):
        objects = kustomize(built(name).root / "overlays" / environment)
        assert built(name).objects(environment) == objects
        for item in objects:
            schemas.validate(item)


@every_case
def test_each_folder_builds_alone(name: str) -> None:
    """Folders are units of sync too; together they hold what the environment holds."""
    kustomize = builder("kubectl")
    for environment in environments(name):
        root = built(name).root / "overlays" / environment
        alone = list(chain.from_iterable(kustomize(folder) for folder in folders(root)))
        assert in_order(alone) == in_order(built(name).objects(environment))


@every_case
def test_the_base_builds(name: str) -> None:
    """Each part of base/, without an environment."""
    build = builder("kubectl")
    for folder in [built(name).root / "base", *folders(built(name).root / "base")]:
        if folder.name != "name-references":
            build(folder)
