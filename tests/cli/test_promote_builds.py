"""A promotion as a cluster sees it: built with a real kustomize. And the way back: git revert."""

import copy
from typing import Any

import pytest

from tests.cli.workspace import CODE, Workspace
from tests.support import kustomize

Objects = dict[tuple[str, str], dict[str, Any]]
REPOSITORY = "registry.example.com/shop/orders"
IMAGE = f"      image: {REPOSITORY}:1.0.0\n"


def build(workspace: Workspace, environment: str) -> Objects:
    """The objects of an overlay, by kind and name."""
    built = kustomize.builder("kubectl")(workspace.path(f"overlays/{environment}"))
    return {(item["kind"], item["metadata"]["name"]): item for item in built}


def text(workspace: Workspace, environment: str) -> str:
    """The build as text, byte for byte."""
    command = [str(kustomize.kubectl()), "kustomize"]
    return kustomize.build(command, workspace.path(f"overlays/{environment}"))


@pytest.fixture
def alike(shop: Workspace) -> Workspace:
    """Three environments of one platform, which say nothing else about themselves."""
    shop.change("platform: minikube", "platform: kubernetes")
    shop.change("platform: openshift", "platform: kubernetes")
    shop.change(IMAGE, f"{IMAGE}{CODE}      env: {{LEVEL: info}}\n      scale: {{min: 1, max: 3}}\n")
    shop.ok("generate")
    return shop


def test_environments_that_say_nothing_of_their_own_build_alike(alike: Workspace) -> None:
    """A promotion changes nothing but which environment runs it."""
    alike.ok("release", "dev", f"orders={REPOSITORY}:1.1.0")
    alike.ok("promote", "dev", "staging")
    alike.ok("promote", "staging", "production")
    assert text(alike, "staging") == text(alike, "dev")
    assert text(alike, "production") == text(alike, "dev")


def test_later_promotions_build_alike(alike: Workspace) -> None:
    """Removals, new shapes, new code, Namespace and Broker too."""
    alike.ok("promote", "dev", "staging")
    alike.change("subscribes: [{type: com.example.order.paid}]", "replicas: 2")
    alike.change("{LEVEL: info}", "{LEVEL: debug}")
    alike.change("  namespace: shop\n", "  namespace: shop\n  broker: {name: other}\n")
    alike.write("functions/orders/function.py", "def handle(event):\n    return 2\n")
    alike.ok("generate")
    alike.ok("release", "dev", "orders")
    alike.ok("promote", "dev", "staging", "--environment")
    assert text(alike, "staging") == text(alike, "dev")


def test_what_an_environment_says_itself_is_all_that_differs(shop: Workspace) -> None:
    """Here: namespace, labels, registry, and an override of one function."""
    own = "namespace: live, labels: {tier: live}, registry: mirror.example.com, "
    own += "functions: {orders: {replicas: 4}}"
    shop.change("platform: minikube", "platform: kubernetes")
    shop.change("staging: {platform: kubernetes,", f"staging: {{platform: kubernetes, {own},")
    shop.ok("generate")
    shop.ok("promote", "dev", "staging")
    dev, staging = build(shop, "dev"), build(shop, "staging")
    assert staging[("Deployment", "orders")]["spec"]["replicas"] == 4
    assert {_plain(item) for item in dev.values()} == {_plain(item) for item in staging.values()}


def _plain(item: dict[str, Any]) -> str:
    """An object without what the environment above says itself."""
    item = copy.deepcopy(item)
    if item["kind"] == "Deployment" and item["metadata"]["name"] == "orders":
        item["spec"]["replicas"] = 1
    words = repr(_without_label(item)).replace("mirror.example.com", "registry.example.com")
    return words.replace("'live'", "'shop'").replace("live.svc", "shop.svc")


def _without_label(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_label(item) for key, item in sorted(value.items()) if key != "tier"}
    return [_without_label(item) for item in value] if isinstance(value, list) else value


@pytest.fixture
def history(alike: Workspace) -> Workspace:
    """A Git repository, with all stages promoted."""
    alike.ok("promote", "dev", "staging")
    alike.ok("promote", "staging", "production")
    alike.git("init", "--quiet")
    alike.commit("first")
    return alike


def test_git_revert_of_a_promotion(history: Workspace) -> None:
    """The build is what it was, byte by byte, and plait has nothing to say."""
    before = text(history, "staging")
    history.change("{LEVEL: info}", "{LEVEL: debug}")
    history.write("functions/orders/function.py", "def handle(event):\n    return 2\n")
    history.ok("generate")
    history.ok("release", "dev", "orders", f"invoice={REPOSITORY}:2")
    history.commit("development")
    history.ok("promote", "dev", "staging")
    history.commit("promote dev to staging")
    assert text(history, "staging") != before
    history.git("revert", "--no-edit", "HEAD")
    assert text(history, "staging") == before
    assert history.ok("check").out == ""
    assert history.ok("generate").err.startswith("nothing to change: ")
    assert "behind" in history.ok("status").out


def test_git_revert_of_a_promotion_with_a_removal(history: Workspace) -> None:
    """The function is back, though base/ has it no more."""
    before = text(history, "staging")
    start, end = history.read("functions.yaml").split("    invoice:\n")
    history.write("functions.yaml", start + "  external" + end.partition("  external")[2])
    history.ok("generate")
    history.commit("remove invoice")
    history.ok("promote", "dev", "staging")
    history.commit("promote dev to staging")
    history.git("revert", "--no-edit", "HEAD")
    assert text(history, "staging") == before
    assert ": error: " not in history.ok("check").out


def test_git_revert_of_a_release(history: Workspace) -> None:
    """The same way back in a following environment."""
    before = text(history, "dev")
    history.ok("release", "dev", f"orders={REPOSITORY}:1.1.0")
    history.commit("release orders 1.1.0")
    assert text(history, "dev") != before
    history.git("revert", "--no-edit", "HEAD")
    assert text(history, "dev") == before
    assert history.ok("check").out == ""


def test_git_revert_of_an_older_promotion(history: Workspace) -> None:
    """Only the function of that promotion goes back."""
    history.ok("release", "dev", f"orders={REPOSITORY}:2")
    history.ok("promote", "dev", "staging")
    history.commit("promote orders 2")
    history.ok("release", "dev", "invoice=registry.example.com/shop/invoice:2")
    history.ok("promote", "dev", "staging")
    history.commit("promote invoice 2")
    history.git("revert", "--no-edit", "HEAD~1")
    images = {
        name: item["spec"]["template"]
        for (kind, name), item in build(history, "staging").items()
        if kind == "Deployment"
    }
    assert images["orders"]["spec"]["containers"][0]["image"] == f"{REPOSITORY}:1.0.0"
    assert images["invoice"]["spec"]["containers"][0]["image"] == "registry.example.com/shop/invoice:2"
    assert history.ok("check").out == ""
