"""Flux's objects: what waits for what, what is pruned, where the repository is."""

from typing import Any

import pytest

from plait.errors import PlaitError
from plait.resources import of_environment, of_function
from tests.gitops.trees import objects, overlays, shop, stems
from tests.support import schemas

VARIABLE = {"orders": {"runtime": "container", "image": "a", "env": {"A": "${HOME}", "B": "$HOME"}}}


def flux(settings: dict[str, Any] | None = None, **body: Any) -> dict[str, Any]:
    """File stem to object."""
    found = objects(shop({"tool": "flux", **(settings or {})}, **body))
    return {path.removeprefix("gitops/flux/").removesuffix(".yaml"): item for path, item in found.items()}


def test_an_environment_is_waited_for() -> None:
    """Until every object is ready, Knative's by plait's expressions."""
    found = flux()
    assert found.keys() == {"source", "dev", "live"}
    spec = found["dev"]["spec"]
    assert spec["path"] == "./overlays/dev"
    assert spec["wait"] is True
    assert {check["kind"] for check in spec["healthCheckExprs"]} == {"Broker", "Trigger", "Service"}


def test_functions_come_after_their_environment() -> None:
    """_environment is not waited for: its Broker may need a function as its dead letter sink."""
    found = flux({"mode": "function", "path": "teams/shop"})
    assert found.keys() == {"source", *stems(shop())}
    assert found["dev"]["spec"]["path"] == "./teams/shop/overlays/dev/_environment"
    assert found["dev"]["spec"]["wait"] is False
    function = found["dev-orders"]["spec"]
    assert function["dependsOn"] == [{"name": found["dev"]["metadata"]["name"]}]
    assert function["wait"] is True


def test_prune_and_credentials() -> None:
    """What spec.gitops says of them, where Flux looks for it."""
    assert [flux()["dev"]["spec"]["prune"], flux({"sync": {"prune": False}})["dev"]["spec"]["prune"]] == [
        True,
        False,
    ]
    assert "secretRef" not in flux()["source"]["spec"]
    assert flux({"credentials": "shop-git"})["source"]["spec"]["secretRef"] == {"name": "shop-git"}


@pytest.mark.parametrize(
    ("revision", "ref"),
    [("main", {"branch": "main"}), ("refs/tags/v1", {"name": "refs/tags/v1"})],
)
def test_revisions(revision: str, ref: dict[str, str]) -> None:
    """A branch, or a whole reference."""
    assert flux({"revision": revision})["source"]["spec"]["ref"] == ref


def test_a_name_that_is_no_label_is_refused() -> None:
    """Flux labels every object with it; the API server would refuse the label, not the Kustomization."""
    environments: dict[str, Any] = {"e" * 58: {}}
    assert flux(environments=environments)
    with pytest.raises(PlaitError, match="has 64 characters; 63 is the limit"):
        flux(environments={"e" * 59: {}})


def test_variables_are_left_alone() -> None:
    """An object that holds `${` is marked so that Flux substitutes nothing in it, and only such a one."""
    flow, _ = overlays(shop({"tool": "flux"}, functions=VARIABLE))
    marks = {
        stem: item["metadata"].get("annotations", {}).get("kustomize.toolkit.fluxcd.io/substitute")
        for stem, item in of_function(flow, "orders").items()
    }
    assert marks == {"deployment": "disabled", "service": None}


def test_secrets_of_both_apis() -> None:
    """External Secrets operators before 0.16 know v1beta1, later ones v1; a pull secret has its type."""
    pull = {
        "store": {"name": "vault", "kind": "SecretStore"},
        "type": "kubernetes.io/dockerconfigjson",
        "data": {".dockerconfigjson": "shop/registry#config"},
    }
    old = {"store": {"name": "vault"}, "apiVersion": "external-secrets.io/v1beta1", "data": {"a": "b"}}
    flow, _ = overlays(shop(externalSecrets={"pull": pull, "old": old}))
    found = of_environment(flow)
    for item in found.values():
        schemas.validate(item)
    assert found["external-secret-old"]["apiVersion"] == "external-secrets.io/v1beta1"
    spec = found["external-secret-pull"]["spec"]
    assert spec["target"] == {"name": "pull", "template": {"type": "kubernetes.io/dockerconfigjson"}}
    assert spec["data"] == [
        {"secretKey": ".dockerconfigjson", "remoteRef": {"key": "shop/registry", "property": "config"}}
    ]
