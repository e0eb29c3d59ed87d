"""What functions.yaml cannot say is a patch in the overlay: a real build has it, and so has the proof."""

import json
from pathlib import Path
from typing import Any

import pytest

from plait import disk, importing, render
from plait.edits import get
from plait.importing import Imported
from plait.project import Project
from tests.importing.objects import (
    Object,
    autoscaler,
    budget,
    container,
    deployment,
    knative,
    named,
    service,
    trigger,
    yaml,
)
from tests.importing.support import imported
from tests.support.kustomize import Build, builder

CPU = {"requests": {"cpu": "100m"}}
HARD = {"readOnlyRootFilesystem": True, "runAsUser": 1000}
LIFECYCLE = {"preStop": {"httpGet": {"path": "/drain", "port": 8080}}}
A: Object = {"name": "A", "value": "1"}
IP: Object = {"name": "IP", "valueFrom": {"fieldRef": {"fieldPath": "status.podIP"}}}
VOLUMES = [{"name": "tmp", "emptyDir": {}}, {"name": "node", "hostPath": {"path": "/var/log"}}]
MOUNTS = [{"name": "tmp", "mountPath": "/cache"}, {"name": "node", "mountPath": "/node"}]
POD = ("spec", "template", "spec")
MAIN = (*POD, "containers", 0)


@pytest.fixture(scope="module")
def kubectl() -> Build:
    """kustomize as kubectl has it."""
    return builder("kubectl")


def generated(folder: Path, result: Imported) -> Project:
    """functions.yaml, the patches and the tree, written."""
    text = importing.text(result)
    changes = importing.changes(importing.patches(result, text), text, disk.scan(folder).files)
    disk.apply(folder, changes, [])
    (folder / "functions.yaml").write_text(text)
    project = Project.load(folder)
    project.write(project.changes())
    return Project.load(folder)


def whole(project: Project) -> list[Object]:
    """What the proof takes for the objects of the environment."""
    patched, unknown = importing.with_patches(project.overlays["production"], project.scan.files)
    assert unknown == []
    return render.objects(patched)


def normal(value: Any) -> Any:
    """Without the order of lists whose entries have keys: kustomize puts a patch's first."""
    if isinstance(value, dict):
        return {key: normal(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return sorted((normal(entry) for entry in value), key=lambda one: json.dumps(one, sort_keys=True))
    return value


Fields = list[tuple[str, tuple[str | int, ...], Any]]
WEB: Object = {"containerPort": 8080, "name": "http", "protocol": "TCP"}
SPREAD: Object = {
    "nodeSelector": {"a": "b"},
    "tolerations": [{"key": "a"}],
    "securityContext": {"fsGroup": 7},
    "volumes": VOLUMES,
}
INSIDE: Object = {
    "securityContext": HARD,
    "lifecycle": LIFECYCLE,
    "readinessProbe": {"exec": {"command": ["a"]}},
    "env": [IP],
    "args": ["--fast"],
    "volumeMounts": MOUNTS,
    "ports": [{"containerPort": 8080}, {"containerPort": 9090}],
    "imagePullPolicy": "Always",
}
SCALED: Object = {"behavior": {"scaleUp": {"stabilizationWindowSeconds": 1}}}
TWO = [{"port": 80, "targetPort": 8080}, {"name": "m", "port": 90}]
SPACE = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop", "labels": {"mesh": "on"}}}

# Objects, and what is to be there: kind, path, value.
CASES: dict[str, tuple[list[Object], Fields]] = {
    "deployment": (
        [deployment(pod=SPREAD, spec={"strategy": {"type": "Recreate"}}, **INSIDE)],
        [
            ("Deployment", (*MAIN, "securityContext", "readOnlyRootFilesystem"), True),
            ("Deployment", (*MAIN, "securityContext", "runAsUser"), 1000),
            ("Deployment", (*MAIN, "securityContext", "allowPrivilegeEscalation"), False),
            ("Deployment", (*MAIN, "lifecycle", "preStop", "httpGet", "port"), "http"),
            ("Deployment", (*MAIN, "readinessProbe"), {"exec": {"command": ["a"]}}),
            ("Deployment", (*MAIN, "env"), [IP]),
            ("Deployment", (*MAIN, "args"), ["--fast"]),
            ("Deployment", (*MAIN, "volumeMounts"), MOUNTS[:1]),
            ("Deployment", (*MAIN, "ports"), [{"containerPort": 9090}, WEB]),
            ("Deployment", (*MAIN, "imagePullPolicy"), "Always"),
            ("Deployment", (*POD, "securityContext", "fsGroup"), 7),
            ("Deployment", (*POD, "nodeSelector"), {"a": "b"}),
            ("Deployment", (*POD, "tolerations"), [{"key": "a"}]),
            ("Deployment", (*POD, "volumes"), VOLUMES[:1]),
            ("Deployment", ("spec", "strategy"), {"type": "Recreate"}),
        ],
    ),
    "around": (
        [
            deployment(resources=CPU),
            service(ports=TWO, type="NodePort"),
            autoscaler(**SCALED),
            budget(minAvailable=2),
            trigger(delivery={"retry": 2, "retryAfterMax": "PT9S"}),
            SPACE,
        ],
        [
            ("Service", ("spec", "type"), "NodePort"),
            (
                "Service",
                ("spec", "ports"),
                [
                    {"name": "m", "port": 90, "targetPort": 90},
                    {"name": "http", "port": 80, "targetPort": "http"},
                ],
            ),
            ("HorizontalPodAutoscaler", ("spec", "behavior"), SCALED["behavior"]),
            ("PodDisruptionBudget", ("spec", "minAvailable"), 2),
            ("PodDisruptionBudget", ("spec", "maxUnavailable"), None),
            ("Trigger", ("spec", "delivery"), {"retry": 2, "retryAfterMax": "PT9S"}),
            ("Namespace", ("metadata", "labels", "mesh"), "on"),
        ],
    ),
    "knative": (
        [knative(env=[A, IP], securityContext=HARD, pod={"volumes": VOLUMES[:1]})],
        [
            ("Service", (*MAIN, "env"), [A, IP]),
            ("Service", (*MAIN, "securityContext", "readOnlyRootFilesystem"), True),
            ("Service", (*POD, "volumes"), VOLUMES[:1]),
        ],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_build_has_it(case: str, tmp_path: Path, kubectl: Build) -> None:
    """kubectl kustomize and the proof both have each field, and generate leaves the patch alone."""
    objects, fields = CASES[case]
    project = generated(tmp_path, imported(tmp_path / "old", yaml(*objects)))
    built = kubectl(tmp_path / "overlays" / "production")
    for kind, path, expected in fields:
        (item,) = (one for one in built if one["kind"] == kind)
        assert normal(get(item, *path)) == normal(expected), path
    assert normal(whole(project)) == normal(built)
    assert not project.changes()


def test_other_containers_are_restricted_ones(tmp_path: Path, kubectl: Build) -> None:
    """A sidecar and an init container come along, without rights; of the same image, with its version."""
    root = {"privileged": True, "runAsGroup": 5}
    pod = {
        "containers": [container(), {"name": "proxy", "image": "proxy:1", "securityContext": root}],
        "initContainers": [{"name": "migrate", "image": "registry.example.com/orders:1", "args": ["up"]}],
    }
    result = imported(tmp_path / "old", yaml(deployment(pod=pod)))
    project = generated(tmp_path, result)
    state = tmp_path / "overlays/production/orders/kustomization.yaml"
    state.write_text(state.read_text().replace('newTag: "1"', "newTag: v2"))
    built = kubectl(tmp_path / "overlays" / "production")
    (item,) = (one for one in built if one["kind"] == "Deployment")
    none = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}
    containers = {one["name"]: one for one in get(item, *POD, "containers")}
    assert containers["proxy"]["securityContext"] == {"runAsGroup": 5, **none}
    (migrate,) = get(item, *POD, "initContainers")
    assert (migrate["image"], migrate["securityContext"]) == ("registry.example.com/orders:v2", none)
    assert normal(whole(Project.load(tmp_path))) == normal(built)
    loose = [one.reason for one in result.left if one.rule == "loose"]
    assert [one.partition(".")[0] for one in loose] == ["privileged: a restricted pod has no such right"]
    assert project.overlays["production"].units["orders"].image is not None


@pytest.mark.parametrize(("platform", "kept"), [("kubernetes", True), ("openshift", False)])
def test_openshift_chooses_users(platform: str, kept: bool, tmp_path: Path) -> None:  # noqa: FBT001
    """Its restricted-v2 refuses a user that the manifest names; the rest is kept."""
    result = imported(tmp_path, yaml(deployment(securityContext=HARD)), platform=platform)
    (patch,) = importing.patches(result, importing.text(result))
    assert ("runAsUser" in patch.text) is kept
    assert "readOnlyRootFilesystem: true" in patch.text


def test_nothing_to_keep_writes_nothing(tmp_path: Path) -> None:
    """Neither a patch nor a kustomization."""
    result = imported(tmp_path, yaml(deployment(), named("v1", "ConfigMap")))
    text = importing.text(result)
    assert importing.patches(result, text) == []
    assert not importing.changes([], text, {})


def test_a_second_import_replaces_its_patches(tmp_path: Path) -> None:
    """What it does not need any more goes, file and entry; the user's own entries stay."""
    generated(tmp_path, imported(tmp_path / "old", yaml(deployment(args=["a"]))))
    path = tmp_path / "overlays/production/orders/kustomization.yaml"
    path.write_text(path.read_text().replace("patches:\n", "patches:\n- path: mine.yaml\n"))
    result = imported(tmp_path / "old", yaml(deployment(), service(type="NodePort")))
    text = importing.text(result)
    have = disk.scan(tmp_path).files
    changes = importing.changes(importing.patches(result, text), text, have)
    folder = "overlays/production/orders"
    assert changes.deletes == (f"{folder}/imported-deployment.yaml",)
    written = changes.writes[f"{folder}/kustomization.yaml"].decode()
    assert "patches:\n- path: mine.yaml\n- path: imported-service.yaml\nimages:\n" in written


@pytest.mark.parametrize(
    "content", ["", "[", "- {op: move, path: /a}\n", "kind: Other\n", "a: 1\n---\nb: 2\n"]
)
def test_a_patch_that_plait_cannot_apply_is_named(content: str, tmp_path: Path) -> None:
    """The proof goes on without it."""
    project = generated(tmp_path, imported(tmp_path / "old", yaml(deployment(args=["a"]))))
    path = "overlays/production/orders/imported-deployment.yaml"
    (tmp_path / path).write_text(content)
    found = importing.with_patches(project.overlays["production"], disk.scan(tmp_path).files)
    assert found[1] == [path]
