"""ExternalSecrets become spec.externalSecrets, whole or not at all."""

from pathlib import Path
from typing import Any

import pytest

from tests.importing.objects import Object, deployment, named, yaml
from tests.importing.support import built, imported, rules, unexplained

STORE = {"name": "vault", "kind": "ClusterSecretStore"}
TOKEN: Object = {"secretKey": "token", "remoteRef": {"key": "shop/token"}}


def external(version: str = "v1", **spec: Any) -> Object:
    """An ExternalSecret."""
    whole = {"secretStoreRef": STORE, "data": [TOKEN], **spec}
    return named(f"external-secrets.io/{version}", "ExternalSecret", "token", whole)


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (external(), {"store": STORE, "data": {"token": "shop/token"}}),
        (
            external(secretStoreRef={"name": "local"}),
            {"store": {"name": "local", "kind": "SecretStore"}, "data": {"token": "shop/token"}},
        ),
        (
            external("v1beta1", refreshInterval="30m", target={"name": "token", "creationPolicy": "Owner"}),
            {
                "store": STORE,
                "refreshInterval": "30m",
                "apiVersion": "external-secrets.io/v1beta1",
                "data": {"token": "shop/token"},
            },
        ),
        (
            external(
                target={"template": {"type": "kubernetes.io/tls", "engineVersion": "v2"}},
                data=[
                    TOKEN,
                    {
                        "secretKey": "a",
                        "remoteRef": {"key": "b", "property": "c", "decodingStrategy": "None"},
                    },
                ],
            ),
            {"store": STORE, "type": "kubernetes.io/tls", "data": {"token": "shop/token", "a": "b#c"}},
        ),
    ],
)
def test_it_is_carried(item: Object, expected: Object, tmp_path: Path) -> None:
    """With what the operator sets by itself; and the same ExternalSecret is built."""
    result = imported(tmp_path, yaml(deployment(), item))
    assert result.data["spec"]["externalSecrets"] == {"token": expected}
    assert result.left == []
    assert unexplained(tmp_path, result) == []
    (new,) = (one for one in built(tmp_path, result) if one["kind"] == "ExternalSecret")
    assert (new["apiVersion"], new["metadata"]["name"]) == (item["apiVersion"], "token")


@pytest.mark.parametrize(
    ("spec", "why"),
    [
        ({"dataFrom": [{"extract": {"key": "a"}}]}, "it has spec.dataFrom"),
        ({"target": {"name": "other"}}, "its Secret has another name, other"),
        ({"target": {"template": {"data": {"a": "b"}}}}, "it has spec.target.template.data"),
        ({"data": [{"secretKey": "a", "remoteRef": {"key": "b#c"}}]}, "the key of a in the store has a #"),
        ({"data": [{"secretKey": "a", "remoteRef": {"key": "b", "version": "2"}}]}, "it has spec.data[0].remoteRef.version"),
        ({"data": [TOKEN, TOKEN]}, "a key of it stands there twice"),
        ({"refreshInterval": "often"}, ""),
        ({"data": []}, ""),
    ],
)  # fmt: skip
def test_it_is_left(spec: Object, why: str, tmp_path: Path) -> None:
    """With the field that functions.yaml cannot say, and how to keep it."""
    result = imported(tmp_path, yaml(deployment(), external(**spec)))
    assert rules(result) == ["external-secret"]
    assert "externalSecrets" not in result.data["spec"]
    assert why in result.left[0].reason
    assert "named under resources in overlays/production/kustomization.yaml" in result.left[0].reason
    assert unexplained(tmp_path, result) == []
