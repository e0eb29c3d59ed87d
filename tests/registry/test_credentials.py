"""Which credentials are found, of what docker, podman and Kubernetes write."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from plait.errors import PlaitError
from plait.registry.credentials import Credentials, find

HOST = "registry.example.com"
FOUND = Credentials("reader", "secret")
AUTH = {"auth": base64.b64encode(b"reader:secret").decode()}
OTHER = {"auth": base64.b64encode(b"other:other").decode()}


def found(tmp_path: Path, config: Any, repository: str = f"{HOST}/shop/orders") -> Credentials | None:
    """Of a docker configuration."""
    (tmp_path / "config.json").write_text(json.dumps(config))
    return find(repository, {"DOCKER_CONFIG": str(tmp_path), "HOME": str(tmp_path / "nobody")})


@pytest.mark.parametrize(
    "key",
    [HOST, f"{HOST}/shop", f"{HOST}/shop/orders", f"https://{HOST}", f"https://{HOST}/v2/", f"http://{HOST}"],
)
def test_how_the_host_is_written(tmp_path: Path, key: str) -> None:
    """By docker login, by podman login for a path, by hand."""
    assert found(tmp_path, {"auths": {key: AUTH}}) == FOUND


def test_the_most_specific(tmp_path: Path) -> None:
    """The entry of a path before that of its host; one of a neighbour is none."""
    assert found(tmp_path, {"auths": {HOST: OTHER, f"{HOST}/shop": AUTH}}) == FOUND
    assert found(tmp_path, {"auths": {f"{HOST}/shopping": AUTH}}) is None


def test_user_and_password_apart(tmp_path: Path) -> None:
    """As kubectl create secret docker-registry writes them."""
    assert found(tmp_path, {"auths": {HOST: {"username": "reader", "password": "secret"}}}) == FOUND


@pytest.mark.parametrize("key", ["https://index.docker.io/v1/", "docker.io"])
def test_the_hub(tmp_path: Path, key: str) -> None:
    """Under the name that docker login gives it."""
    assert found(tmp_path, {"auths": {key: AUTH}}, "docker.io/library/node") == FOUND


def helper(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """A program docker-credential-safe."""
    program = folder / "docker-credential-safe"
    program.write_text(f"#!/bin/sh\nread key\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder), prepend=":")


def test_a_store_of_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is asked for a registry that auths does not list, too."""
    answer = json.dumps({"Username": "reader", "Secret": "secret"})
    helper(tmp_path, monkeypatch, f"[ \"$key\" = {HOST} ] && echo '{answer}' || {{ echo nothing; exit 1; }}")
    assert found(tmp_path, {"credsStore": "safe"}) == FOUND
    assert found(tmp_path, {"credsStore": "safe"}, "other.example.com/x") is None


def test_a_store_that_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told where the registry is said to be in it; a public registry can be asked without it."""
    helper(tmp_path, monkeypatch, "echo it is locked; exit 1")
    assert found(tmp_path, {"credsStore": "safe"}) is None
    with pytest.raises(PlaitError, match=r"docker-credential-safe.*: it is locked"):
        found(tmp_path, {"auths": {HOST: {}}, "credsStore": "safe"})
