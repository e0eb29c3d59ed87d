"""Where docker, podman and buildah keep the credentials of registries.

Sources: containers-auth.json(5) for the files, their order and their keys; docker's `config.json` for
`credHelpers` and `credsStore`, whose programs speak the protocol of docker-credential-helpers.
"""

from __future__ import annotations

import base64
import binascii
import itertools
import json
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from plait.errors import PlaitError

DOCKER_HUB = "docker.io"
_HUB_KEYS = ("docker.io", "index.docker.io", "https://index.docker.io/v1/", "registry-1.docker.io")
_STORE_KEYS = ("https://index.docker.io/v1/",)  # under which docker keeps its own hub's
_HELPER_SECONDS = 30


class Credentials(NamedTuple):
    """A user and a password, or a token in its place."""

    user: str
    password: str

    def __repr__(self) -> str:
        return f"Credentials({self.user!r}, ...)"


def find(repository: str, environ: Mapping[str, str]) -> Credentials | None:
    """The credentials for a repository, of the first file that has some; None to ask anonymously.

    Args:
        repository: with its host, as `registry.example.com/demo/orders`.
        environ: REGISTRY_AUTH_FILE, XDG_RUNTIME_DIR, XDG_CONFIG_HOME, DOCKER_CONFIG and HOME are read.

    Raises:
        PlaitError: a file is not JSON, or a credential helper fails.
    """
    keys = list(_keys(repository))
    for path in files(environ):
        config = _read(path)
        for key in keys:
            found = _of(config, key, path)
            if found is not None:
                return found
    return None


def files(environ: Mapping[str, str]) -> list[Path]:
    """The files that are looked at, in order."""
    if named := environ.get("REGISTRY_AUTH_FILE"):
        return [Path(named)]
    home = Path(environ.get("HOME") or Path.home())
    runtime = environ.get("XDG_RUNTIME_DIR")
    configured = Path(environ.get("XDG_CONFIG_HOME") or home / ".config")
    docker = Path(environ.get("DOCKER_CONFIG") or home / ".docker")
    first = [Path(runtime) / "containers" / "auth.json"] if runtime else []
    return [*first, configured / "containers" / "auth.json", docker / "config.json"]


def _keys(repository: str) -> Iterator[str]:
    """The most specific first: HOST/PATH, each part of it, HOST, and how docker login and others write it."""
    parts = repository.split("/")
    for end in range(len(parts), 0, -1):
        yield "/".join(parts[:end])
    host = parts[0]
    if host == DOCKER_HUB:
        yield from _HUB_KEYS
        return
    for scheme, path in itertools.product(("https", "http"), ("", "/", "/v1/", "/v2/")):
        yield f"{scheme}://{host}{path}"


def _read(path: Path) -> Mapping[str, Any]:
    try:
        data = json.loads(path.read_bytes())
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise PlaitError(f"cannot be read: {error.strerror}", where=str(path)) from None
    except (ValueError, RecursionError):
        hint = "log in again: podman login HOST, or docker login HOST"
        raise PlaitError("is not JSON", where=str(path), hint=hint) from None
    return data if isinstance(data, dict) else {}


def _of(config: Mapping[str, Any], key: str, path: Path) -> Credentials | None:
    """In docker's order: the helper of this registry, the store of all, what stands there itself."""
    helper = _mapping(config, "credHelpers").get(key)
    auths = _mapping(config, "auths")
    store = config.get("credsStore")
    if helper is None and key in auths:
        helper = store
    if isinstance(helper, str) and helper:
        return _ask(helper, key)
    if isinstance(store, str) and store and (key in _STORE_KEYS or "/" not in key):
        with suppress(
            PlaitError
        ):  # of a store that nobody said has this registry, docker takes no for an answer
            return _ask(store, key)
    entry = auths.get(key)
    return _decoded(entry, key, path) if isinstance(entry, dict) else None


def _mapping(config: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = config.get(name)
    return value if isinstance(value, dict) else {}


def _decoded(entry: Mapping[str, Any], key: str, path: Path) -> Credentials | None:
    if entry.get("identitytoken"):
        raise _token(key, str(path))
    text = entry.get("auth")
    if not text:
        known = entry.get("username") and entry.get("password")
        return Credentials(str(entry["username"]), str(entry["password"])) if known else None
    try:
        user, colon, password = base64.b64decode(str(text), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        colon = ""
    if not colon:
        hint = f"log in again: podman login {key}, or docker login {key}"
        raise PlaitError(f"the credentials for {key} cannot be read", where=str(path), hint=hint)
    return Credentials(user, password)


def _ask(helper: str, key: str) -> Credentials | None:
    """A program answers {"Username", "Secret"}; it fails where it has none for this registry."""
    command = f"docker-credential-{helper}"
    try:
        done = subprocess.run(  # noqa: S603 - the user's own configuration names the program
            [command, "get"],
            input=key,
            capture_output=True,
            text=True,
            timeout=_HELPER_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        raise PlaitError(f"{command}, which keeps the credentials for {key}, does not answer") from None
    if done.returncode != 0:
        if "credentials not found" in done.stdout.lower():
            return None
        told = (done.stdout or done.stderr).strip()
        raise PlaitError(f"{command}, which keeps the credentials for {key}, failed: {told}")
    answer = _answer(done.stdout)
    if answer is None:
        raise PlaitError(f"{command} gave no credentials for {key}")
    if answer.user == "<token>":
        raise _token(key, command)
    return answer


def _token(key: str, where: str) -> PlaitError:
    hint = "give the digest: FUNCTION=IMAGE@sha256:..., or log in with a password or an access token"
    return PlaitError(
        f"an identity token for {key} is there, which is not understood", where=where, hint=hint
    )


def _answer(text: str) -> Credentials | None:
    try:
        data = json.loads(text)
        return Credentials(str(data["Username"]), str(data["Secret"]))
    except (ValueError, KeyError, TypeError):
        return None
