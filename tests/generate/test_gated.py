"""A gated environment: nothing in its build changes before its promotion, but what it overrides itself."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.generate.conftest import STAGES, shop
from tests.generate.repository import Repository
from tests.support.kustomize import builder

Change = Callable[[dict[str, Any]], Any]
LIVE = "overlays/live"


def body(change: Change) -> dict[str, Any]:
    """The repository's functions.yaml with a change of its `spec`."""
    data = shop()
    change(data["spec"])
    return data


def orders(**fields: Any) -> Change:
    """Set fields of the function orders."""
    return lambda spec: spec["functions"]["orders"].update(fields)


CHANGES: dict[str, Change] = {
    "image": orders(image="registry.example.com/elsewhere/orders:9"),
    "probes": orders(probes={"liveness": {"path": "/alive"}}),
    "environment-variable": orders(env={"A": "${b}"}),
    "triggers": orders(subscribes=[{"type": "a"}, {"type": "b"}]),
    "no-trigger": orders(subscribes=[]),
    "scale": orders(scale={"min": 2, "max": 5}, resources={"requests": {"cpu": "1"}}),
    "serving": orders(serving="knative"),
    "labels": orders(labels={"team": "shop"}),
    "pull-secret": orders(imagePullSecrets=["login"]),
    "function-lost": lambda spec: spec["functions"].pop("orders"),
    "function-new": lambda spec: spec["functions"].update(late={"runtime": "container", "image": "late:1"}),
    "all-functions-lost": lambda spec: spec.update(functions={}),
    "broker": lambda spec: spec.update(broker={"name": "other", "class": "Kafka"}),
    "broker-of-others": lambda spec: spec.update(broker={"create": False}),
    "namespace": lambda spec: spec.update(namespace="elsewhere"),
    "namespace-of-others": lambda spec: spec.update(namespace={"name": "x", "create": False}),
    "network-policy": lambda spec: spec.update(networkPolicy=True),
    "secrets": lambda spec: spec.update(externalSecrets={"a": {"store": {"name": "v"}, "data": {"k": "v"}}}),
    "stage-before": lambda spec: spec["environments"].update(
        dev={"platform": "openshift", "labels": {"a": "b"}}
    ),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_functions_yaml_changes_nothing_there(repository: Repository, change: Change) -> None:
    """Not one file of the gated overlay; so not one object of its build, which still succeeds."""
    before = {path: text for path, text in repository.files().items() if path.startswith(LIVE)}
    built = builder("kubectl")(repository.root / LIVE)
    repository.spec(body(change))
    repository.ok("generate")
    assert {path: text for path, text in repository.files().items() if path.startswith(LIVE)} == before
    assert builder("kubectl")(repository.root / LIVE) == built == repository.objects("live")


@pytest.mark.parametrize("name", sorted(CHANGES.keys() - {"all-functions-lost"}))
def test_a_promotion_carries_the_change_there(repository: Repository, name: str) -> None:
    """Afterwards the overlay is what a repository that began with this functions.yaml would have."""
    change = CHANGES[name]
    repository.spec(body(change))
    repository.ok("generate")
    repository.ok("release", "dev", "orders") if "orders" in body(change)["spec"]["functions"] else None
    repository.ok("promote", "dev", "live", "--environment")
    fresh = Repository(repository.root.parent / "fresh")
    fresh.spec(body(change))
    fresh.ok("generate")
    fresh.ok("promote", "dev", "live")
    assert repository.objects("live") == fresh.objects("live") == builder("kubectl")(repository.root / LIVE)


OVERRIDES: dict[str, dict[str, Any]] = {
    "replicas": {"functions": {"orders": {"replicas": 5}}},
    "env": {"functions": {"orders": {"env": {"MODE": "live"}}}},
    "resources": {"functions": {"orders": {"resources": {"requests": {"cpu": "2"}}}}},
    "labels": {"labels": {"stage": "live"}},
    "namespace": {"namespace": "live"},
    "registry": {"registry": "mirror.example.com"},
    "broker": {"broker": {"class": "Kafka"}},
    "platform": {"platform": "kubernetes"},
}


@pytest.mark.parametrize("override", OVERRIDES.values(), ids=OVERRIDES)
def test_its_own_overrides_apply_at_once(repository: Repository, override: dict[str, Any]) -> None:
    """They are the environment's own; promoted/ stays as it is."""
    before = {path: text for path, text in repository.files().items() if "/promoted/" in path}
    built = repository.objects("live")
    repository.spec(
        body(lambda spec: spec.update(environments={**STAGES, "live": {**STAGES["live"], **override}}))
    )
    repository.ok("generate")
    assert {path: text for path, text in repository.files().items() if "/promoted/" in path} == before
    assert repository.objects("live") == builder("kubectl")(repository.root / LIVE) != built


def test_an_override_of_a_function_that_is_only_there_yet_works(repository: Repository) -> None:
    """functions.yaml has lost it; the gated environment still runs it and may still tune it."""
    environments = {**STAGES, "live": {**STAGES["live"], "functions": {"orders": {"replicas": 3}}}}
    repository.spec(shop("invoice") | {"spec": {**shop("invoice")["spec"], "environments": environments}})
    repository.ok("generate")
    (deployment,) = [
        item
        for item in repository.objects("live")
        if item["kind"] == "Deployment" and item["metadata"]["name"] == "orders"
    ]
    assert deployment["spec"]["replicas"] == 3


def test_code_in_promoted_that_was_edited_is_detected(repository: Repository) -> None:
    """Code has no first line of plait's; the snapshot's digest covers it."""
    repository.write("functions/orders/function.py", "def handle(event):\n    return None\n")
    function = {"runtime": "python", "packaging": "configMap", "source": "functions/orders", "image": "h:1"}
    repository.spec(body(lambda spec: spec["functions"].update(orders=function)))
    repository.ok("generate")
    repository.ok("promote", "dev", "live")
    before = repository.files()
    repository.write("overlays/live/orders/promoted/code/function.py", "def handle(event):\n    return 1\n")
    assert repository.refused("generate") == (
        "error: overlays/live/orders/promoted: a promotion was cut short here, or code in it was edited by hand\n"
        "  hint: run plait promote again, or take it from Git: "
        "git restore --source HEAD --staged --worktree overlays/live/orders/promoted\n"
    )
    repository.ok("promote", "dev", "live", "orders")
    assert repository.files() == before


@pytest.mark.parametrize("lost", ["kustomization.yaml", "deployment.yaml", "trigger-orders.yaml"])
def test_a_promotion_that_was_cut_short_is_reported(repository: Repository, lost: str) -> None:
    """With the way out, which works."""
    before = repository.files()
    (repository.root / LIVE / "orders/promoted" / lost).unlink()
    assert repository.refused("generate") == (
        f"error: {LIVE}/orders/promoted/{lost}: missing from a promotion that was cut short\n"
        "  hint: run plait promote again, or take it from Git: "
        f"git restore --source HEAD --staged --worktree {LIVE}/orders/promoted\n"
    )
    repository.ok("promote", "dev", "live", "orders")
    assert repository.files() == before


def test_files_of_two_promotions_are_reported(repository: Repository) -> None:
    """Each is as plait wrote it; together nobody ever promoted them."""
    old = repository.files()
    repository.spec(body(orders(labels={"team": "shop"})))
    repository.ok("generate")
    repository.ok("promote", "dev", "live")
    after = repository.files()
    path = f"{LIVE}/orders/promoted/service.yaml"
    repository.write(path, old[path])
    assert "overlays/live/orders/promoted: a promotion was cut short here" in repository.refused("generate")
    repository.ok("promote", "dev", "live")
    assert repository.files() == after
