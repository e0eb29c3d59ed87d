"""Whole trees against golden/, and every object in them against a cluster's schemas."""

from pathlib import Path
from typing import Any

import pytest

from tests.generate import cases
from tests.generate.cases import COMMANDS, GOLDEN, built
from tests.support import manifests, schemas
from tests.support.golden import Golden

ROOT = Path(__file__).parents[2]
every_case = pytest.mark.parametrize("name", COMMANDS)


def shown(files: dict[str, bytes]) -> dict[str, str]:
    """The files as text; one that is none, in hexadecimal."""
    texts = {}
    for path, content in files.items():
        try:
            texts[path] = content.decode()
        except UnicodeDecodeError:
            texts[f"{path}.hex"] = content.hex("\n", 32)
    return texts


def documents(name: str) -> dict[str, Any]:
    """The YAML files of a case, parsed as a cluster's tools parse them. Code is no YAML."""
    files = {path: content for path, content in built(name).files().items() if "/code/" not in path}
    return {path: manifests.load(content.decode())[0] for path, content in files.items()}


@every_case
def test_the_tree_is_the_golden_one(name: str, golden: Golden) -> None:
    """Every file below base/ and overlays/, byte for byte; no file more."""
    golden.compare(shown(built(name).files()), GOLDEN / name)


@every_case
def test_every_object_and_kustomization_fits_its_schema(name: str) -> None:
    """Objects in base/ and promoted/, and what kustomize reads; patches are parts of objects."""
    for path, document in documents(name).items():
        if "/plait-" not in path and not path.endswith("/configuration.yaml"):
            schemas.validate(document)


@every_case
def test_running_again_writes_nothing(name: str) -> None:
    """Byte-identical reruns: an unchanged repository has no diff."""
    before = built(name).files()
    said = built(name).ok("generate").err
    assert said.startswith("nothing to change: ")
    assert built(name).files() == before


@every_case
def test_no_text_is_read_as_something_else(name: str) -> None:
    """YAML 1.1 (kubectl) and plait's own YAML 1.2 give the same data for every file."""
    from plait.document import parsed  # noqa: PLC0415

    for path, document in documents(name).items():
        assert parsed(built(name).files()[path]) == document, path


def test_every_environment_of_a_case_is_there() -> None:
    """A case that lost an environment would pass everything else."""
    assert {name: cases.environments(name) for name in COMMANDS} == {
        "code": ["dev", "live"],
        "delivery": ["dev", "live"],
        "knative": ["dev", "prod"],
        "names": ["1", "null"],
        "runtimes": ["kubernetes", "minikube", "openshift"],
        "scaling": ["laptop", "laptop-scaled", "live"],
        "shared": ["dev", "live"],
        "stages": ["dev", "production", "staging"],
    }
