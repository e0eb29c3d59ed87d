"""plait release --resolve: the digest that a tag has in its registry, of a real registry on loopback."""

import base64
import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.workspace import Workspace
from tests.support import registry
from tests.support.registry import PASSWORD, USER, Registry

KUSTOMIZATION = "overlays/dev/orders/kustomization.yaml"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    """A registry without TLS."""
    with registry.running(tmp_path_factory.mktemp("registry")) as running:
        yield running


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    """A registry with TLS and a password."""
    with registry.running(tmp_path_factory.mktemp("guarded"), guarded=True, tls=True) as running:
        yield running


@pytest.fixture(scope="module")
def plainly_guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    """A registry with a password, and without TLS."""
    with registry.running(tmp_path_factory.mktemp("guarded"), guarded=True) as running:
        yield running


@pytest.fixture
def shop(shop: Workspace, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """Generated; its user has no credentials."""
    for name in ("REGISTRY_AUTH_FILE", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "DOCKER_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(shop.root / "home"))
    shop.ok("generate")
    return shop


def log_in(path: Path, host: str, user: str = USER, password: str = PASSWORD) -> None:
    """A file as docker and podman write it."""
    auth = base64.b64encode(f"{user}:{password}".encode()).decode()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"auths": {host: {"auth": auth}}}))


def trust(monkeypatch: pytest.MonkeyPatch, guarded: Registry) -> None:
    """As on a machine that knows the registry's certificate authority."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(guarded.authority))


def test_a_tag_is_pinned_to_its_digest(shop: Workspace, served: Registry) -> None:
    """The tag stays, for people; the digest is what is pulled. A moved tag moves nothing until next time."""
    image = f"{served.host}/shop/orders"
    first = served.push("shop/orders", "2.0.0", "first")
    result = shop.ok("release", "dev", f"orders={image}:2.0.0", "--resolve")
    assert f"orders: {image}:2.0.0@{first}" in result.err
    assert f"digest: {first}" in shop.read(KUSTOMIZATION)
    second = served.push("shop/orders", "2.0.0", "second")
    assert second != first
    shop.ok("generate")
    assert first in shop.read(KUSTOMIZATION)
    shop.ok("release", "dev", f"orders={image}:2.0.0", "--resolve")
    assert second in shop.read(KUSTOMIZATION)


def test_the_version_of_functions_yaml(shop: Workspace, served: Registry) -> None:
    """FUNCTION alone, asked of the environment's own registry."""
    digest = served.push("mirror/shop/orders", "1.0.0")
    text = shop.read("functions.yaml").replace(
        "{platform: minikube}", f"{{platform: minikube, registry: '{served.host}/mirror'}}"
    )
    (shop.root / "functions.yaml").write_text(text)
    shop.ok("generate")
    shop.ok("release", "dev", "orders", "--resolve")
    assert digest in shop.read(KUSTOMIZATION)
    assert f"{served.host}/mirror/shop/orders" in shop.read(KUSTOMIZATION)


def test_a_digest_needs_no_registry(shop: Workspace) -> None:
    """Nobody is asked."""
    image = f"localhost:1/shop/orders@sha256:{'a1' * 32}"
    shop.ok("release", "dev", f"orders={image}", "--resolve")
    assert "a1" * 32 in shop.read(KUSTOMIZATION)


@pytest.mark.parametrize(
    "path",
    [".docker/config.json", ".config/containers/auth.json"],
)
def test_credentials_of_docker_and_podman(
    shop: Workspace, guarded: Registry, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    """The usual files, with TLS."""
    digest = guarded.push("shop/orders", "3.0.0")
    trust(monkeypatch, guarded)
    log_in(shop.root / "home" / path, guarded.host)
    shop.ok("release", "dev", f"orders={guarded.host}/shop/orders:3.0.0", "--resolve")
    assert digest in shop.read(KUSTOMIZATION)


def test_a_password_on_loopback(shop: Workspace, plainly_guarded: Registry) -> None:
    """It is sent without TLS, as docker does there; a wrong one is told."""
    host, config = plainly_guarded.host, shop.root / "home/.docker/config.json"
    digest = plainly_guarded.push("shop/orders", "3.0.0")
    assert f"{host} does not give it without credentials" in refused(shop, f"{host}/shop/orders:3.0.0")
    log_in(config, host, password=f"not {PASSWORD}")
    assert f"{host} does not give it to {USER} (HTTP 401)" in refused(shop, f"{host}/shop/orders:3.0.0")
    log_in(config, host)
    shop.ok("release", "dev", f"orders={host}/shop/orders:3.0.0", "--resolve")
    assert digest in shop.read(KUSTOMIZATION)


def test_credentials_of_a_helper(
    shop: Workspace,
    guarded: Registry,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """A program keeps them, as on most desktops."""
    digest = guarded.push("shop/orders", "3.0.0")
    trust(monkeypatch, guarded)
    tools = tmp_path_factory.mktemp("bin")
    helper = tools / "docker-credential-safe"
    answer = json.dumps({"Username": USER, "Secret": PASSWORD})
    helper.write_text(f"#!/bin/sh\nread host\n[ \"$host\" = {guarded.host} ] && echo '{answer}'\n")
    helper.chmod(0o755)
    monkeypatch.setenv("PATH", str(tools), prepend=":")
    config = shop.root / "home" / ".docker" / "config.json"
    config.parent.mkdir(parents=True)
    config.write_text(json.dumps({"credHelpers": {guarded.host: "safe"}}))
    shop.ok("release", "dev", f"orders={guarded.host}/shop/orders:3.0.0", "--resolve")
    assert digest in shop.read(KUSTOMIZATION)


def refused(shop: Workspace, image: str) -> str:
    """A release that fails and writes nothing; what it says."""
    before = shop.files()
    result = shop.plait("release", "dev", f"orders={image}", "--resolve")
    assert result.code == 1
    assert shop.files() == before
    assert PASSWORD not in result.err
    return result.err


def test_no_such_tag(shop: Workspace, served: Registry) -> None:
    """It is named, with the question that comes first."""
    err = refused(shop, f"{served.host}/shop/orders:nope")
    assert err.splitlines() == [
        f"error: {served.host}/shop/orders:nope: {served.host} has no such tag",
        "  hint: has it been pushed?",
    ]


def test_without_credentials(shop: Workspace, guarded: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    """How to log in is said; a wrong password is told from none."""
    trust(monkeypatch, guarded)
    image = f"{guarded.host}/shop/orders:3.0.0"
    assert f"{guarded.host} does not give it without credentials (HTTP 401)" in refused(shop, image)
    log_in(shop.root / "home/.docker/config.json", guarded.host, password=f"not {PASSWORD}")
    err = refused(shop, image)
    assert f"does not give it to {USER} (HTTP 401)\n  hint: podman login {guarded.host}" in err


def test_an_unknown_certificate(shop: Workspace, guarded: Registry) -> None:
    """Credentials are never sent where TLS fails."""
    log_in(shop.root / "home/.docker/config.json", guarded.host)
    err = refused(shop, f"{guarded.host}/shop/orders:3.0.0")
    assert f"{guarded.host} cannot be asked: " in err


def test_nobody_there(shop: Workspace) -> None:
    """The host is named."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        host = f"localhost:{server.getsockname()[1]}"
    assert f"{host} cannot be asked: " in refused(shop, f"{host}/shop/orders:1")


def test_a_broken_file_of_credentials(shop: Workspace, served: Registry) -> None:
    """It is named; it is not taken for no credentials."""
    path = shop.root / "home/.docker/config.json"
    path.parent.mkdir(parents=True)
    path.write_text("{")
    assert f"{path}: is not JSON" in refused(shop, f"{served.host}/shop/orders:2.0.0")


def test_follow_and_resolve(shop: Workspace) -> None:
    """They contradict one another."""
    result = shop.plait("release", "dev", "orders", "--resolve", "--follow")
    assert result.code == 2
    assert "choose one" in result.err


def test_netrc_is_not_asked(shop: Workspace, served: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    """What ~/.netrc has for the host is not for a registry: docker and podman do not look there."""
    netrc = shop.root / "home" / ".netrc"
    netrc.parent.mkdir(exist_ok=True)
    netrc.write_text(f"machine localhost login {USER} password {PASSWORD}\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    served.push("shop/orders", "5.0.0")
    shop.ok("release", "dev", f"orders={served.host}/shop/orders:5.0.0", "--resolve")


def test_an_identity_token(shop: Workspace, served: Registry) -> None:
    """It is not taken for a wrong password."""
    path = shop.root / "home/.docker/config.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"auths": {served.host: {"auth": "dTo=", "identitytoken": "t"}}}))
    assert "an identity token for" in refused(shop, f"{served.host}/shop/orders:2.0.0")
