"""Findings of what users add to overlays, and against an earlier revision."""

import json
import subprocess
from pathlib import Path

import pytest

from plait.checking import RULES, Finding, check
from plait.cli.main import run
from tests.support.tools import require

SPEC = """\
apiVersion: plait.dev/v1
kind: Functions
metadata: {name: shop}
spec:
  namespace: shop
  functions:
    orders:
      runtime: container
      image: registry.example.com/shop/orders:1.0.0
      serving: knative
      subscribes: [{type: order.paid, name: paid}]
  external: [{type: order.paid}]
  environments:
    dev: {platform: kubernetes}
"""
ENVIRONMENT = "overlays/dev/kustomization.yaml"
FUNCTION = "overlays/dev/orders/kustomization.yaml"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Generated."""
    (tmp_path / "functions.yaml").write_text(SPEC)
    assert run(["-C", str(tmp_path), "generate"]) == 0
    return tmp_path


def found(root: Path) -> list[Finding]:
    """What check finds, but drift."""
    return [item for item in check(root)[0] if item.rule != "drift"]


PATCH = """\
patches:
- target: {target}
  patch: '[{{"op": "add", "path": "/metadata/labels/x", "value": "y"}}]'
"""
MERGE = "patches:\n- patch: |\n    apiVersion: {api}\n    kind: {kind}\n    metadata: {{name: {name}}}\n    spec: {spec}\n"
TRIGGER = "eventing.knative.dev/v1"

BAD = [
    ("patch-without-target", ENVIRONMENT, PATCH.format(target="{kind: Trigger, name: gone}")),
    ("patch-without-target", FUNCTION, PATCH.format(target="{kind: Broker}")),
    ("patch-without-target", ENVIRONMENT, PATCH.format(target="{labelSelector: 'a=b'}")),
    ("selector-labels", ENVIRONMENT, "commonLabels: {team: shop}\n"),
    ("selector-labels", ENVIRONMENT, "labels:\n- pairs: {team: shop}\n  includeSelectors: true\n"),
    ("openapi", ENVIRONMENT, "openapi: {path: schema.json}\n"),
    (
        "merge-patch",
        ENVIRONMENT,
        MERGE.format(api=TRIGGER, kind="Trigger", name="paid", spec="{filters: [{exact: {type: x}}]}"),
    ),
]
GOOD = [
    (ENVIRONMENT, PATCH.format(target="{kind: Trigger, name: paid}")),
    (ENVIRONMENT, PATCH.format(target="{kind: Tri.*}")),
    (FUNCTION, PATCH.format(target="{group: serving.knative.dev, version: v1, kind: Service, name: orders}")),
    (ENVIRONMENT, "resources:\n- mine\n" + PATCH.format(target="{kind: Trigger, name: in-mine}")),
    (ENVIRONMENT, "labels:\n- pairs: {team: shop}\n"),
    (ENVIRONMENT, PATCH.format(target="{kind: Trigger, labelSelector: 'team!=x'}")),
    (ENVIRONMENT, PATCH.format(target="{kind: Trigger, labelSelector: 'team in (a, b)'}")),
    (ENVIRONMENT, "labels: 3\n"),
    (ENVIRONMENT, "patchesStrategicMerge: 4\n"),
    (ENVIRONMENT, "helmCharts: 5\n"),
    (ENVIRONMENT, MERGE.format(api=TRIGGER, kind="Trigger", name="paid", spec="{delivery: {retry: 3}}")),
]


def add(root: Path, path: str, text: str) -> None:
    """Add keys to a kustomization as a user does; entries of `resources` to plait's list."""
    content = (root / path).read_text()
    if text.startswith("resources:\n"):
        entry, _, text = text.removeprefix("resources:\n").partition("\n")
        content = content.replace("resources:\n", f"resources:\n{entry}\n")
    (root / path).write_text(content + text)


@pytest.mark.parametrize(("rule", "path", "text"), BAD)
def test_what_looks_wrong(shop: Path, rule: str, path: str, text: str) -> None:
    """Each rule finds its example, in its file."""
    add(shop, path, text)
    assert [(item.rule, item.path) for item in found(shop)] == [(rule, path)]


@pytest.mark.parametrize(("path", "text"), GOOD)
def test_what_is_well(shop: Path, path: str, text: str) -> None:
    """The same, done right."""
    add(shop, path, text)
    assert found(shop) == []


def test_kustomize_passes_over_a_patch_without_target(shop: Path) -> None:
    """Why it is a finding: a real kustomize says nothing."""
    add(shop, ENVIRONMENT, PATCH.format(target="{kind: Trigger, name: gone}"))
    done = subprocess.run(
        [require("kustomize"), "build", shop / "overlays/dev"], capture_output=True, text=True, check=True
    )
    assert done.stderr == ""


def test_kustomize_writes_a_selector(shop: Path) -> None:
    """Why it is an error: a Knative Service has no spec.selector."""
    add(shop, ENVIRONMENT, "commonLabels: {team: shop}\n")
    done = subprocess.run(
        [require("kustomize"), "build", shop / "overlays/dev"], capture_output=True, text=True, check=True
    )
    service = next(text for text in done.stdout.split("---\n") if "serving.knative.dev" in text)
    assert "  selector:\n    team: shop\n" in service


CHANGES = [
    (
        "    dev: {platform: kubernetes}",
        "    dev: {platform: kubernetes, broker: {class: Kafka}}",
        "the class of Broker default",
    ),
    (
        "  namespace: shop\n",
        "  namespace: shop\n  broker: {name: other}\n",
        "Trigger paid moves to another Broker",
    ),
    ("      serving: knative\n", "", "orders changes from a Knative Service to a Deployment"),
]


def git(root: Path, *arguments: str) -> None:
    """Run git."""
    who = ["-c", "user.name=T", "-c", "user.email=t@example.com"]
    subprocess.run(["git", *who, *arguments], cwd=root, check=True, capture_output=True)  # noqa: S607


@pytest.mark.parametrize(("old", "new", "message"), CHANGES)
def test_immutable(shop: Path, old: str, new: str, message: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Against HEAD, and against any revision; with the steps that do it."""
    git(shop, "init", "--quiet")
    git(shop, "add", ".")
    git(shop, "commit", "--quiet", "-m", "One")
    assert old in SPEC
    (shop / "functions.yaml").write_text(SPEC.replace(old, new))
    (item,) = found(shop)
    assert (item.rule, item.level, item.path) == ("immutable", "error", ENVIRONMENT)
    assert item.message.startswith(message)
    assert item.hint
    assert item.hint.startswith("two steps: ")
    assert run(["-C", str(shop), "generate"]) == 0
    git(shop, "commit", "--quiet", "-am", "Two")
    git(shop, "add", "--all")
    assert found(shop) == []
    capsys.readouterr()
    assert run(["-C", str(shop), "check", "--against", "HEAD~1", "--format", "json"]) == 1
    assert json.loads(capsys.readouterr().out)[0]["rule"] == "immutable"
    assert run(["-C", str(shop), "check", "--against", "nope"]) == 2


def test_every_rule_has_a_page() -> None:
    """What it means, an example, and the way out."""
    pages = Path(__file__).parents[2] / "docs" / "findings"
    assert {path.stem for path in pages.glob("*.md")} - {"README"} == set(RULES)
    index = (pages / "README.md").read_text()
    assert all(f"[{rule}]({rule}.md)" in index for rule in RULES)
