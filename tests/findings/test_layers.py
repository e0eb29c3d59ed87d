"""Findings of what an overlay of the user's brings; a real kustomize says whether each breaks the build."""

import subprocess
from pathlib import Path

import pytest

from plait.checking import check
from plait.cli.main import run
from tests.findings.stage import ENVIRONMENT, FUNCTION, SPEC, add, found, git
from tests.support.tools import require

COMPONENT = "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n"
LABELS = "commonLabels: {team: shop}\n"
SELECTORS = "labels:\n- pairs: {team: shop}\n  includeSelectors: true\n"
CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: limits}\n"
JSON = '[{"op": "add", "path": "/metadata/labels/x", "value": "y"}]'


def trigger(name: str, api: str = "eventing.knative.dev/v1", more: str = "") -> str:
    """A merge patch of a Trigger, on one line."""
    return f"{{apiVersion: {api}, kind: Trigger, metadata: {{name: {name}{more}}}, spec: {{x: y}}}}"


def inline(patch: str, key: str = "patches") -> str:
    """An entry of a kustomization that holds a patch."""
    head = "- patch: |\n    " if key == "patches" else "- |\n    "
    return f"{key}:\n{head}{patch}\n"


def write(root: Path, files: dict[str, str]) -> None:
    """Files of the user's."""
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)


def builds(root: Path) -> bool:
    """Whether a real kustomize builds the overlay."""
    command = [str(require("kustomize")), "build", str(root / "overlays/dev")]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


BROKEN = [
    ("patch-without-target", ENVIRONMENT, inline(trigger("gone"))),
    ("patch-without-target", ENVIRONMENT, inline(trigger("gone"), "patchesStrategicMerge")),
    ("patch-without-target", FUNCTION, inline(trigger("paid", "eventing.knative.dev/v1beta1"))),
    ("patch-without-target", ENVIRONMENT, inline(JSON)),
    ("patch-without-target", ENVIRONMENT, "patches: [{path: gone-trigger.yaml}]\n"),
    ("patch-without-target", ENVIRONMENT, "components: [../../misses]\n"),
    ("missing-file", ENVIRONMENT, "patches: [{path: gone.yaml}]\n"),
    ("missing-file", ENVIRONMENT, "patchesStrategicMerge: [gone.yaml]\n"),
    ("missing-file", FUNCTION, "patchesJson6902: [{target: {kind: Trigger, name: paid}, path: gone.yaml}]\n"),
    ("missing-file", ENVIRONMENT, "resources:\n- gone.yaml\n"),
    ("missing-file", ENVIRONMENT, "resources:\n- ../../empty\n"),
    ("missing-file", ENVIRONMENT, "components: [../../gone]\n"),
    ("missing-file", ENVIRONMENT, "configurations: [gone.yaml]\n"),
]
FILES = {
    "overlays/dev/gone-trigger.yaml": trigger("gone"),
    "overlays/dev/paid.yaml": trigger("paid"),
    "overlays/dev/limits.yaml": CONFIG,
    "empty/README.md": "",
    "misses/kustomization.yaml": COMPONENT + inline(trigger("gone")),
    "mine/kustomization.yaml": "resources: [trigger.yaml]\nlabels: [{pairs: {a: b}, includeSelectors: true}]\n",
    "mine/trigger.yaml": trigger("mine"),
    "shared/kustomization.yaml": f"{COMPONENT}resources: [../mine]\n{inline(trigger('paid'))}",
    "spare/kustomization.yaml": f"{COMPONENT}patches: [{{target: {{kind: Trigger, name: gone}}, patch: '{JSON}'}}]\n",
    "renamed/kustomization.yaml": "namePrefix: a-\nresources: [../mine]\n",
}
FINE = [
    (ENVIRONMENT, inline(trigger("paid"))),
    (FUNCTION, inline(trigger("paid"), "patchesStrategicMerge")),
    (ENVIRONMENT, "patches: [{path: ./paid.yaml}]\n"),
    (ENVIRONMENT, "patches: [{path: gone-trigger.yaml, target: {kind: Trigger, name: paid}}]\n"),
    (ENVIRONMENT, inline(trigger("paid", more=", namespace: shop"))),
    (
        ENVIRONMENT,
        "resources:\n- limits.yaml\n" + inline(f"{CONFIG.replace(chr(10), chr(10) + '    ')}data: {{a: b}}"),
    ),
    (ENVIRONMENT, "resources:\n- ../../mine\n" + inline(trigger("mine"))),
    (ENVIRONMENT, "resources:\n- ../../renamed\n" + inline(trigger("a-mine"))),
    (ENVIRONMENT, "components: [../../shared]\n" + inline(trigger("mine"))),
    (ENVIRONMENT, "components: [../../spare]\n"),
    (FUNCTION, "namePrefix: b-\n"),
]


@pytest.mark.parametrize(("rule", "path", "text"), BROKEN)
def test_what_breaks_the_build(shop: Path, rule: str, path: str, text: str) -> None:
    """Each is an error in the file that a user has to mend, and kustomize fails on it."""
    write(shop, FILES)
    add(shop, path, text)
    (item,) = found(shop)
    where = "misses/kustomization.yaml" if "misses" in text else path
    assert (item.rule, item.level, item.path.removeprefix("../../")) == (rule, "error", where)
    assert check(shop)[1] == 1
    assert not builds(shop)


@pytest.mark.parametrize(("path", "text"), FINE)
def test_what_builds(shop: Path, path: str, text: str) -> None:
    """The same, done right: no finding, and kustomize builds it."""
    write(shop, FILES)
    add(shop, path, text)
    assert found(shop) == []
    assert builds(shop)


@pytest.mark.parametrize(
    "text",
    [
        "resources:\n- https://example.com/x.yaml\n",
        "resources:\n- github.com/example/x?ref=v1\n",
        "resources:\n- ../../../elsewhere\n",
        "components: [git@example.com:x/y.git]\n",
    ],
)
def test_what_lies_elsewhere(shop: Path, text: str) -> None:
    """It is not read; what it may bring may be what a patch is for."""
    add(shop, ENVIRONMENT, text + inline(trigger("gone")))
    assert found(shop) == []


TRAPS = [
    ("selector-labels", "commonLabels: {team: shop}\n"),
    ("selector-labels", SELECTORS),
    ("merge-patch", inline(trigger("paid").replace("x: y", "filters: [{exact: {type: x}}]"))),
    ("openapi", "openapi: {path: schema.json}\n"),
]


@pytest.mark.parametrize(("rule", "text"), TRAPS)
@pytest.mark.parametrize("depth", [1, 2])
def test_traps_in_a_component(shop: Path, rule: str, text: str, depth: int) -> None:
    """Told once and in its file, though the overlay and the folder of a function bring it."""
    write(shop, {f"c{depth}/kustomization.yaml": COMPONENT + text, "c1/schema.json": "{}"})
    if depth > 1:
        write(shop, {"c1/kustomization.yaml": f"{COMPONENT}components: [../c2]\n"})
    add(shop, ENVIRONMENT, "components: [../../c1]\n")
    add(shop, FUNCTION, "components: [../../../c1]\n")
    assert [(item.rule, item.path) for item in found(shop)] == [(rule, f"c{depth}/kustomization.yaml")]


def test_labels_of_a_folder_of_the_users(shop: Path) -> None:
    """They reach its own objects alone."""
    service = "{apiVersion: serving.knative.dev/v1, kind: Service, metadata: {name: mine}}"
    write(shop, {"mine/kustomization.yaml": LABELS + "resources: [a.yaml]\n", "mine/a.yaml": trigger("mine")})
    add(shop, ENVIRONMENT, "resources:\n- ../../mine\n")
    assert found(shop) == []
    write(shop, {"mine/a.yaml": service})
    (item,) = found(shop)
    assert item.message.startswith("commonLabels adds spec.selector to the Knative Service mine,")


def test_components_that_go_round(shop: Path) -> None:
    """kustomize refuses them; check ends."""
    write(shop, {"c/kustomization.yaml": f"{COMPONENT}components: [../d]\n"})
    write(shop, {"d/kustomization.yaml": f"{COMPONENT}components: [../c]\n"})
    add(shop, ENVIRONMENT, "components: [../../c]\n")
    assert found(shop) == []


PLACES = [
    (ENVIRONMENT, LABELS),
    (ENVIRONMENT, SELECTORS),
    (FUNCTION, LABELS),
    (ENVIRONMENT, "components: [../../team]\n"),
    (FUNCTION, "components: [../../../team]\n"),
]


@pytest.mark.parametrize(("path", "text"), PLACES)
def test_a_selector_that_changes(shop: Path, path: str, text: str) -> None:
    """Against HEAD, where the Deployment was without; and none once that is how it is."""
    (shop / "functions.yaml").write_text(SPEC.replace("      serving: knative\n", ""))
    assert run(["-C", str(shop), "generate"]) == 0
    write(shop, {"team/kustomization.yaml": COMPONENT + LABELS})
    git(shop, "init", "--quiet")
    git(shop, "add", ".")
    git(shop, "commit", "--quiet", "-m", "One")
    assert found(shop) == []
    add(shop, path, text)
    (item,) = found(shop)
    assert (item.rule, item.level, item.path) == ("immutable", "error", ENVIRONMENT)
    assert item.message == "the selector of the Deployment orders changes (team), and is immutable"
    git(shop, "commit", "--quiet", "-am", "Two")
    assert found(shop) == []


def test_a_component_that_changes(shop: Path) -> None:
    """Its file is outside of overlays/, and decides all the same."""
    (shop / "functions.yaml").write_text(SPEC.replace("      serving: knative\n", ""))
    assert run(["-C", str(shop), "generate"]) == 0
    write(shop, {"team/kustomization.yaml": COMPONENT})
    add(shop, ENVIRONMENT, "components: [../../team]\n")
    git(shop, "init", "--quiet")
    git(shop, "add", ".")
    git(shop, "commit", "--quiet", "-m", "One")
    write(shop, {"team/kustomization.yaml": COMPONENT + LABELS})
    assert [item.rule for item in found(shop)] == ["immutable"]
    write(
        shop,
        {
            "team/kustomization.yaml": f"{COMPONENT}labels: [{{pairs: {{team: shop}}, includeTemplates: true}}]\n"
        },
    )
    assert found(shop) == []
