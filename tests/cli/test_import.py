"""`plait import`."""

import io
import json
import shlex
import shutil
from pathlib import Path

import pytest

from tests.cli.workspace import Workspace
from tests.importing.support import DEPLOYMENT, TRIGGER

EXAMPLE = Path(__file__).parent.parent / "importing" / "2020"


@pytest.fixture
def old(empty: Workspace) -> Workspace:
    """A folder with the manifests of 2020 in k8s/."""
    shutil.copytree(EXAMPLE, empty.path("k8s"))
    return empty


def test_import_generate_prove(old: Workspace) -> None:
    """The whole way: a functions.yaml, its tree, and no unexplained difference."""
    told = old.ok("import", "k8s").err
    assert told.startswith(
        "wrote functions.yaml: 2 functions, 2 subscriptions\nnot in functions.yaml, but kept"
    )
    patch = "overlays/production/js-example-service/imported-deployment.yaml"
    assert f"  {patch} (Deployment js-example-service, k8s/js-deployment.yaml:1)\n" in told
    assert "not carried over:\n  a Pod by itself" in told
    assert "Knative Services\n    k8s/curl-pod.yaml:1: Pod curl\n" in told
    assert "notes:\n  k8s/js-service.yaml:2: 'apiVersion' stands in line 1 too" in told
    assert told.endswith("next: plait generate; plait import k8s --prove .\n")
    old.ok("generate")
    proof = old.ok("import", "k8s", "--prove", ".")
    assert "UNEXPLAINED" not in proof.out + proof.err
    assert proof.err.endswith(" rewritten), each with its reason\n")
    assert "lost: the manifests have it, the new objects do not\n  Pod curl\n    a Pod by itself" in proof.out
    old.ok("check")


def test_prove_alone_imports_first(old: Workspace) -> None:
    """Where the folder has no functions.yaml yet; later it only compares."""
    told = old.ok("import", "k8s", "--prove", "new").err
    assert told.startswith("wrote new/functions.yaml: 2 functions")
    before = old.read("new/functions.yaml")
    assert "wrote" not in old.ok("import", "k8s", "--prove", "new").err
    assert old.read("new/functions.yaml") == before


def test_an_unexplained_difference_is_exit_code_1(old: Workspace) -> None:
    """It stands out, with both values."""
    old.ok("import", "k8s")
    old.change("image: docker.io/example/js-example-service", "image: docker.io/example/other")
    result = old.plait("import", "k8s", "--prove", ".")
    assert result.code == 1
    assert "1 of them UNEXPLAINED" in result.err
    path = "spec.template.spec.containers[js-example-service].image"
    values = '"docker.io/example/js-example-service" -> "docker.io/example/other"'
    assert f"    UNEXPLAINED\n      {path}: {values}\n" in result.out


def test_json(old: Workspace) -> None:
    """What is left, and the differences, for a program."""
    data = json.loads(old.ok("import", "k8s", "--format", "json").out)
    assert data["file"] == "functions.yaml"
    assert data["functions"] == ["js-example-service", "wasm-example-service"]
    assert data["left"][0] | {"reason": ""} == {
        "where": "k8s/curl-pod.yaml:1",
        "group": "",
        "kind": "Pod",
        "name": "curl",
        "path": "",
        "rule": "pod",
        "reason": "",
        "patch": None,
    }
    assert data["left"][1]["patch"] == "overlays/production/js-example-service/imported-deployment.yaml"
    assert data["notes"][0]["where"] == "k8s/js-service.yaml:2"
    found = json.loads(old.ok("import", "k8s", "--prove", ".", "--format", "json").out)
    assert {"kind", "name", "path", "old", "new", "reason", "risk"} == found[0].keys()


def test_another_file_or_standard_output(old: Workspace) -> None:
    """-o FILE, and -o - with the talk on standard error."""
    old.ok("import", "k8s", "-o", "sub/other.yaml")
    result = old.ok("import", "k8s", "-o", "-")
    assert result.out == old.read("sub/other.yaml")
    assert result.err.startswith(
        "not in functions.yaml; beside a file of this name these patches would keep it:"
    )
    assert "--- overlays/production/js-example-service/imported-deployment.yaml\n# Written" in result.err
    assert not old.path("functions.yaml").exists()
    assert not old.path("overlays").exists()


def test_nothing_is_overwritten(old: Workspace) -> None:
    """Without --force."""
    old.write("functions.yaml", "mine\n")
    told = old.refused("import", "k8s")
    assert told.startswith(
        "error: functions.yaml: is there already; nothing was overwritten\n  hint: --force"
    )
    old.ok("import", "k8s", "--force")
    assert "kind: Functions" in old.read("functions.yaml")


def test_standard_input(empty: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """`kubectl kustomize DIR | plait import -`."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(f"{DEPLOYMENT}---\n{TRIGGER}".encode())))
    assert "1 function, 1 subscription" in empty.ok("import", "-").err


@pytest.mark.parametrize("platform", ["kubernetes", "minikube", "openshift"])
def test_environment_and_platform(old: Workspace, platform: str) -> None:
    """They are written, and proved with."""
    old.ok("import", "k8s", "--env", "laptop", "--platform", platform)
    assert f"  environments:\n    laptop:\n      platform: {platform}\n" in old.read("functions.yaml")
    old.ok("import", "k8s", "--prove", ".", "--env", "laptop")


def test_entries_of_the_user(old: Workspace) -> None:
    """A file of the user's in the overlay is not lost; what else there is, is not applied: the proof says so."""
    old.ok("import", "k8s")
    old.ok("generate")
    path = "overlays/production/kustomization.yaml"
    old.write("overlays/production/pod.yaml", old.read("k8s/curl-pod.yaml"))
    old.write(path, old.read(path).replace("resources:\n", "resources:\n- pod.yaml\n"))
    result = old.ok("import", "k8s", "--prove", ".")
    assert "Pod curl" not in result.out
    assert "holds entries of yours" not in result.err
    old.write(path, f"{old.read(path)}namePrefix: a-\n")
    assert "holds entries of yours" in old.ok("import", "k8s", "--prove", ".").err


@pytest.mark.parametrize(
    ("args", "code", "told"),
    [
        ([], 2, "Missing argument 'FILE_OR_DIR...'"),
        (["none"], 2, "error: none: no such file or folder"),
        (["k8s", "--prove", ".", "-o", "a"], 2, "exclude each other"),
        (["k8s", "-o", "-", "--format", "json"], 2, "both want standard output"),
        (["k8s", "--namespace", "other"], 2, "no namespace named 'other'"),
        (["k8s", "--env", "A B"], 2, "'A B' is not a DNS-1123 label"),
        (["k8s/curl-pod.yaml"], 2, "no Deployment and no Knative Service that can be a function"),
    ],
)
def test_refusals(old: Workspace, args: list[str], code: int, told: str) -> None:
    """Nothing is written."""
    assert told in old.refused("import", *args, code=code)


def test_prove_wants_an_environment(old: Workspace) -> None:
    """One of functions.yaml."""
    old.ok("import", "k8s")
    assert "no environment named 'live'" in old.refused(
        "import", "k8s", "--prove", ".", "--env", "live", code=2
    )
    old.change("  environments:\n    production:\n      platform: kubernetes\n", "")
    assert "no environment to compare with" in old.refused("import", "k8s", "--prove", ".", code=2)


def test_messages_hold_no_control_characters(empty: Workspace) -> None:
    """Whatever a manifest holds, a terminal sees text."""
    empty.write("a.yaml", DEPLOYMENT.replace("        ports:", '        "\\e[31mx": 1\n        ports:'))
    assert "\x1b" not in empty.ok("import", "a.yaml").err
    assert "\x1b" not in empty.ok("import", "a.yaml", "--prove", ".").out


def test_the_next_commands_can_be_pasted(old: Workspace) -> None:
    """With -C and --env where they were given."""
    old.path("my shop").mkdir()
    told = old.ok("-C", "my shop", "import", "k8s", "--env", "live").err
    last = told.splitlines()[-1].removeprefix("next: ")
    assert last == "plait -C 'my shop' generate; plait -C 'my shop' import k8s --prove . --env live"
    for line in last.split("; "):
        old.ok(*shlex.split(line)[1:])
    told = old.ok("import", "k8s", "-o", "other/functions.yaml").err
    assert told.endswith("next: plait -C other generate; plait -C other import k8s --prove .\n")
    told = old.ok("import", "k8s", "-o", "sub/other.yaml").err
    assert told.endswith(
        "next: move sub/other.yaml to functions.yaml in a folder of its own; plait -C FOLDER generate\n"
    )


def test_the_last_line_counts_each_class(old: Workspace) -> None:
    """As many as there are."""
    old.ok("import", "k8s")
    found = json.loads(old.ok("import", "k8s", "--prove", ".", "--format", "json").out)
    counts = [sum(one["risk"] == risk for one in found) for risk in ("lost", "changed", "added", "same")]
    told = "{} lost, {} changed, {} added, {} rewritten".format(*counts)
    last = old.ok("import", "k8s", "--prove", ".").err.splitlines()[-1]
    assert last == f"{len(found)} differences ({told}), each with its reason"


def test_patches_of_a_former_import_stay(old: Workspace) -> None:
    """Edited ones are overwritten by --force alone."""
    old.ok("import", "k8s")
    path = "overlays/production/js-example-service/imported-deployment.yaml"
    old.path("functions.yaml").unlink()
    old.write(path, old.read(path).replace("Always", "Never"))
    assert f"{path}: is there already" in old.refused("import", "k8s")
    assert not old.path("functions.yaml").exists()
    old.ok("import", "k8s", "--force")
    assert "Always" in old.read(path)
