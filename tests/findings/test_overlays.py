"""Findings of what users add to overlays, and against an earlier revision."""

import json
import subprocess
from pathlib import Path

import pytest

from plait.checking import RULES, check
from plait.cli.main import run
from tests.findings.stage import ENVIRONMENT, FUNCTION, SPEC, add, found, git
from tests.support.tools import require

PATCH = """\
patches:
- target: {target}
  patch: '[{{"op": "add", "path": "/metadata/labels/x", "value": "y"}}]'
"""
MERGE = "patches:\n- patch: |\n    apiVersion: {api}\n    kind: {kind}\n    metadata: {{name: {name}}}\n    spec: {spec}\n"
TRIGGER = "eventing.knative.dev/v1"
DELIVERY = """\
patches:
- target: {{kind: Trigger, name: paid}}
  patch: '[{{"op": "add", "path": "{path}", "value": {value}}}]'
"""
MERGED = f"{{apiVersion: {TRIGGER}, kind: Trigger, metadata: {{name: paid}}, spec: {{filters: [{{exact: {{type: x}}}}]}}}}"
AFTER = "{{delivery: {{retry: 3, retryAfterMax: {}}}}}"
REMOVED = """\
patches:
- target: {kind: Trigger, name: paid}
  patch: '[{"op": "remove", "path": "/spec/delivery/retryAfterMax"}]'
"""

BAD = [
    ("patch-without-target", ENVIRONMENT, PATCH.format(target="{kind: Trigger, name: gone}")),
    ("patch-without-target", FUNCTION, PATCH.format(target="{kind: Broker}")),
    ("patch-without-target", ENVIRONMENT, PATCH.format(target="{labelSelector: 'a=b'}")),
    ("selector-labels", ENVIRONMENT, "commonLabels: {team: shop}\n"),
    ("selector-labels", ENVIRONMENT, "labels:\n- pairs: {team: shop}\n  includeSelectors: true\n"),
    ("openapi", ENVIRONMENT, "openapi: {path: schema.json}\n"),
    (
        "feature",
        ENVIRONMENT,
        DELIVERY.format(path="/spec/delivery", value='{"retry": 1, "retryAfterMax": "PT1S"}'),
    ),
    ("feature", FUNCTION, DELIVERY.format(path="/spec/delivery/retryAfterMax", value='"PT1S"')),
    (
        "feature",
        ENVIRONMENT,
        MERGE.format(api=TRIGGER, kind="Trigger", name="paid", spec=AFTER.format("PT1S")),
    ),
    ("merge-patch", ENVIRONMENT, f"patchesStrategicMerge:\n- |\n  {MERGED}\n"),
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
    (ENVIRONMENT, "secretGenerator: [{name: x}]\n" + PATCH.format(target="{kind: Secret, name: x}")),
    (ENVIRONMENT, "labels:\n- pairs: {team: shop}\n"),
    (ENVIRONMENT, PATCH.format(target="{kind: Trigger, labelSelector: 'team!=x'}")),
    (ENVIRONMENT, PATCH.format(target="{kind: Trigger, labelSelector: 'team in (a, b)'}")),
    (ENVIRONMENT, "labels: 3\n"),
    (ENVIRONMENT, "patchesStrategicMerge: 4\n"),
    (ENVIRONMENT, "helmCharts: 5\n"),
    (ENVIRONMENT, MERGE.format(api=TRIGGER, kind="Trigger", name="paid", spec="{delivery: {retry: 3}}")),
    (ENVIRONMENT, MERGE.format(api=TRIGGER, kind="Trigger", name="paid", spec=AFTER.format("null"))),
    (ENVIRONMENT, DELIVERY.format(path="/spec/delivery", value='{"retry": 1, "timeout": "PT1S"}')),
    (ENVIRONMENT, REMOVED),
]


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


@pytest.mark.parametrize("changed", ["functions.yaml", FUNCTION, "overlays/dev/orders/new.yaml", "README.md"])
def test_an_earlier_revision_is_read_where_it_differs(
    shop: Path, changed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only where functions.yaml or the overlays are not as they were: git writes down what it is asked."""
    (shop / "README.md").write_text("")
    git(shop, "init", "--quiet")
    git(shop, "add", ".")
    git(shop, "commit", "--quiet", "-m", "One")
    log = shop / "git.log"
    monkeypatch.setenv("GIT_TRACE", str(log))
    check(shop)
    assert "checkout-index" not in log.read_text()
    with (shop / changed).open("a") as file:
        file.write("# more\n")
    check(shop)
    assert ("checkout-index" in log.read_text()) == (changed != "README.md")


def test_every_rule_has_a_page() -> None:
    """What it means, an example, and the way out."""
    pages = Path(__file__).parents[2] / "docs" / "findings"
    assert {path.stem for path in pages.glob("*.md")} - {"README"} == set(RULES)
    index = (pages / "README.md").read_text()
    assert all(f"[{rule}]({rule}.md)" in index for rule in RULES)
