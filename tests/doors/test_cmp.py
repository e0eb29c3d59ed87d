"""plait cmp: which environment it renders, its announcement, its files; never empty with exit 0."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from plait.cli.main import run
from plait.yamlio import plain

SPEC = Path(__file__).parent / "shop.yaml"


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    """A repository below the root of a monorepo, generated."""
    for name in (
        "PARAM_ENVIRONMENT",
        "ARGOCD_ENV_PLAIT_ENVIRONMENT",
        "ARGOCD_ENV_ENVIRONMENT",
        "PLAIT_ENVIRONMENT",
    ):
        monkeypatch.delenv(name, raising=False)
    root = tmp_path / "teams" / "shop"
    root.mkdir(parents=True)
    (root / "functions.yaml").write_text(SPEC.read_text())
    assert run(["-C", str(root), "generate"]) == 0
    monkeypatch.chdir(root)
    capsys.readouterr()
    return root


def kinds(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """The kinds of the objects that were printed; nothing else is on standard output."""
    return [item["kind"] for item in plain(capsys.readouterr().out)]


ALL = ["Namespace", "Service", "Deployment", "Broker", "Trigger"]


@pytest.mark.parametrize(
    "variables",
    [
        {"PARAM_ENVIRONMENT": "dev"},
        {"ARGOCD_ENV_PLAIT_ENVIRONMENT": "dev"},
        {"ARGOCD_ENV_ENVIRONMENT": "dev"},
        {"PARAM_ENVIRONMENT": "", "PLAIT_ENVIRONMENT": "dev"},
        {"ARGOCD_APP_PARAMETERS": json.dumps([{"name": "environment", "string": "dev"}])},
        {"PARAM_ENVIRONMENT": "dev", "ARGOCD_ENV_ENVIRONMENT": "prod"},
    ],
)
def test_by_parameter(
    shop: Path, variables: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The parameter first, then the plugin's env, then the variable of a shell."""
    assert shop.is_dir()
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert run(["cmp", "generate"]) == 0
    assert kinds(capsys) == ALL


def test_by_path(shop: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The Application's folder is an overlay."""
    monkeypatch.chdir(shop / "overlays/dev")
    assert run(["cmp"]) == 0
    assert kinds(capsys) == ALL


@pytest.mark.parametrize("variables", [{}, {"PARAM_ENVIRONMENT": "dev"}])
def test_a_part_of_an_environment(
    shop: Path, variables: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each Application of a function would own the whole environment: refused, with the way out."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(shop / "overlays/dev/orders")
    assert run(["cmp"]) != 0
    out, err = capsys.readouterr()
    assert out == ""
    assert "hint: sync it as plain kustomize, or set the Application's path to overlays/dev" in err


def test_the_announcement(
    shop: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The environments; required where the path names none."""

    def announced() -> dict[str, Any]:
        assert run(["cmp", "parameters"]) == 0
        (parameter,) = json.loads(capsys.readouterr().out)
        return dict(parameter)

    first = announced()
    assert (first["name"], first["required"], first["string"]) == ("environment", True, "")
    assert first["tooltip"] == "One of dev, prod"
    monkeypatch.chdir(shop / "overlays" / "prod")
    assert announced()["string"] == "prod"


@pytest.mark.parametrize(
    "missing", ["environment", "unknown", "spec", "mistake", "foreign", "empty", "parameters"]
)
def test_never_empty_with_success(
    shop: Path, missing: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Argo CD would prune everything: exit code, nothing on standard output, the reason on the other."""
    text = SPEC.read_text()
    if missing != "environment":
        monkeypatch.setenv("PARAM_ENVIRONMENT", "nope" if missing == "unknown" else "dev")
    if missing == "spec":
        monkeypatch.chdir(shop.parent)
    if missing == "mistake":
        (shop / "functions.yaml").write_text(text.replace("namespace:", "namespce:"))
    if missing == "foreign":
        path = shop / "overlays/dev/kustomization.yaml"
        path.write_text(path.read_text() + "namePrefix: x-\n")
    if missing == "empty":
        start, end = text.index("  functions:"), text.index("  environments:")
        none = "  functions: {}\n  broker: {create: false}\n"
        (shop / "functions.yaml").write_text(
            (text[:start] + none + text[end:]).replace(
                "namespace: shop", "namespace: {name: shop, create: false}"
            )
        )
    if missing == "parameters":
        monkeypatch.delenv("PARAM_ENVIRONMENT")
        for text in ('["a"]', "5", "{"):
            monkeypatch.setenv("ARGOCD_APP_PARAMETERS", text)
            assert run(["cmp"]) == 1
        capsys.readouterr()
    assert run(["cmp"]) != 0
    out, err = capsys.readouterr()
    assert out == ""
    assert err.strip()
    assert "bug in plait" not in err


def test_a_customised_overlay(
    shop: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The way out is to sync it as plain kustomize."""
    path = shop / "overlays/dev/kustomization.yaml"
    path.write_text(path.read_text() + "namePrefix: x-\n")
    monkeypatch.setenv("PARAM_ENVIRONMENT", "dev")
    assert run(["cmp"]) == 1
    assert "hint: sync overlays/dev as plain kustomize, without this plugin" in capsys.readouterr().err


def test_the_sidecars_files(capsys: pytest.CaptureFixture[str]) -> None:
    """plugin.yaml runs commands that there are, and declares no discover; the image runs as Argo CD wants it."""
    assert run(["cmp", "plugin"]) == 0
    (plugin,) = plain(capsys.readouterr().out)
    assert plugin["kind"] == "ConfigManagementPlugin"
    assert "discover" not in plugin["spec"]
    commands = [plugin["spec"]["generate"]["command"], plugin["spec"]["parameters"]["dynamic"]["command"]]
    assert commands == [["plait", "cmp", "generate"], ["plait", "cmp", "parameters"]]
    assert run(["cmp", "containerfile"]) == 0
    text = capsys.readouterr().out
    assert re.search(r"^USER 999$", text, re.MULTILINE)
    assert 'ENTRYPOINT ["/var/run/argocd/argocd-cmp-server"]' in text
