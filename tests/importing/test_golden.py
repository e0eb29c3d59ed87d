"""What plait wrote, imported: the functions.yaml that comes of it builds the same objects."""

from pathlib import Path
from typing import Any

import pytest

from plait import emit
from plait.edits import Object
from plait.importing import Imported
from plait.project import Project
from plait.spec.model import Body
from tests.generate.cases import COMMANDS, environments
from tests.generate.cases import built as golden
from tests.importing.support import built, imported, proved

# Nothing of these is out of functions.yaml's reach: only containers, whose file systems plait leaves alone.
LOSSLESS = ("names", "scaling", "shared")
CASES = [(name, environment) for name in COMMANDS for environment in environments(name)]
# What a container of another runtime has, and `runtime: container` has not.
_ONLY_RUNTIMES = ("volumes", "volumeMounts", "securityContext")


def body(name: str) -> Body:
    """The original's functions.yaml."""
    return Project.load(golden(name).root).flow.body


def again(folder: Path, name: str, environment: str) -> tuple[list[Object], Imported]:
    """The objects of a golden tree, and their import."""
    old = golden(name).objects(environment)
    platform = body(name).environments[environment].platform
    return old, imported(folder, emit.stream(old), environment=environment, platform=platform)


@pytest.mark.parametrize(("name", "environment"), CASES)
def test_no_difference_is_unexplained(name: str, environment: str, tmp_path: Path) -> None:
    """Every difference is a thing that the import said it leaves, or that the platform does once more."""
    _, result = again(tmp_path, name, environment)
    assert [one for one in proved(tmp_path, result) if one.reason is None] == []


@pytest.mark.parametrize(("name", "environment"), CASES)
def test_the_same_objects_come_out(name: str, environment: str, tmp_path: Path) -> None:
    """Byte for byte, but for what a container of another runtime has and for kinds that are left."""
    old, result = again(tmp_path, name, environment)
    left = {(one.kind, one.name) for one in result.left if not one.path}
    before = {
        _key(item): _carried(item) for item in old if (item["kind"], item["metadata"]["name"]) not in left
    }
    after = {_key(item): _carried(item) for item in built(tmp_path, result)}
    if (name, environment) == ("scaling", "laptop-scaled"):  # minikube makes them fewer: see the next test
        for item in ("fixed", "scaled"):
            del before["Deployment", item], after["Deployment", item]
        del before["HorizontalPodAutoscaler", "scaled"], after["HorizontalPodAutoscaler", "scaled"]
    assert after == before


def test_platform_minikube_applies_once_more(tmp_path: Path) -> None:
    """An environment's own numbers become the function's, and minikube makes them one, with a reason."""
    _, result = again(tmp_path, "scaling", "laptop-scaled")
    found = [(one.kind, one.path, one.old, one.new, one.reason) for one in proved(tmp_path, result)]
    assert found == [
        ("Deployment", "spec.replicas", 4, 1, "platform minikube: one replica"),
        ("HorizontalPodAutoscaler", "spec.minReplicas", 2, 1, "platform minikube: one replica at the least"),
    ]


@pytest.mark.parametrize("name", LOSSLESS)
def test_containers_lose_nothing(name: str, tmp_path: Path) -> None:
    """Functions of runtime container are carried over whole."""
    for environment in environments(name):
        _, result = again(tmp_path, name, environment)
        assert [one for one in result.left if one.kind != "Namespace"] == []


@pytest.mark.parametrize(("name", "environment"), [("delivery", "dev"), ("shared", "dev"), ("names", "null")])
def test_subscriptions_come_back(name: str, environment: str, tmp_path: Path) -> None:
    """Filters, delivery and dead letters as functions.yaml had them; the Broker's too."""
    _, result = again(tmp_path, name, environment)
    mine, theirs = Body.model_validate(result.data["spec"]), body(name)
    assert mine.broker.name == theirs.broker.name
    for function, entry in theirs.functions.items():
        filters = [item.filter_list() for item in entry.subscribes]
        found = [item.filter_list() for item in mine.functions[function].subscribes]
        assert sorted(map(str, found)) == sorted(map(str, filters))


def _key(item: Object) -> tuple[str, str]:
    return item["kind"], item["metadata"]["name"]


def _carried(item: Any) -> Any:
    """An object without what `runtime: container` has not, and the Namespace without its overlay's labels."""
    if isinstance(item, list):
        return [_carried(entry) for entry in item]
    if not isinstance(item, dict):
        return item
    if item.get("kind") == "Namespace":
        return item["metadata"]["name"]
    return {key: _carried(value) for key, value in item.items() if key not in _ONLY_RUNTIMES}
