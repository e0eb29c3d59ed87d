"""The npm packages that the runtime needs, in a cache folder: installed on first use, from our lock file."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from plait_node.errors import NodeError
from plait_node.node import Node

JS = Path(__file__).parent / "js"
_LOCK = "package-lock.json"
_FILES = ("package.json", _LOCK)
# The lock file says what is installed, so nothing is run, reported or looked up besides.
_OPTIONS = (
    "--omit=dev",
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--no-update-notifier",
    "--loglevel=error",
)
_PATIENCE = ("--fetch-retries=2", "--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=5000")


def folder(environ: Mapping[str, str]) -> Path:
    """The cache folder for the packages of our lock file, whether it is there or not.

    Raises:
        NodeError: there is neither XDG_CACHE_HOME nor a home.
    """
    key = sha256((JS / _LOCK).read_bytes()).hexdigest()[:16]
    cache = environ.get("XDG_CACHE_HOME")
    try:
        root = Path(cache) if cache else Path.home() / ".cache"
    except RuntimeError:
        raise NodeError("there is no home folder to keep npm packages in: set XDG_CACHE_HOME") from None
    return root / "plait-node" / key


def ensure(node: Node, environ: Mapping[str, str]) -> Path:
    """The node_modules folder with the packages; installed now, where it is not there.

    Raises:
        NodeError: npm failed, or the cache cannot be written.
    """
    target = folder(environ)
    if target.is_dir():
        return target / "node_modules"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with _one_at_a_time(target.with_suffix(".lock")):
            if not target.is_dir():
                _install(node, target)
    except OSError as error:
        raise NodeError(
            f"npm packages cannot be kept in {target.parent}: {error.strerror}: set XDG_CACHE_HOME to a"
            " folder that can be written"
        ) from error
    return target / "node_modules"


@contextmanager
def _one_at_a_time(path: Path) -> Iterator[None]:
    """Waits for whoever else installs the same."""
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _install(node: Node, target: Path) -> None:
    """Into a folder beside, which then takes its name: so the target is there whole or not at all."""
    sys.stderr.write(f"plait-node: installs its npm packages into {target} (once)\n")
    sys.stderr.flush()
    temporary = Path(tempfile.mkdtemp(prefix=f"{target.name}.", dir=target.parent))
    try:
        for name in _FILES:
            shutil.copy(JS / name, temporary)
        _run(node, temporary)
        temporary.chmod(0o755)
        temporary.rename(target)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _run(node: Node, directory: Path) -> None:
    # npm starts by `#!/usr/bin/env node`.
    path = os.pathsep.join((str(Path(node.node).parent), os.environ.get("PATH", os.defpath)))
    done = subprocess.run(  # noqa: S603
        [*node.npm, "ci", *_OPTIONS, *_PATIENCE],
        cwd=directory,
        env=os.environ | {"PATH": path},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise NodeError(
            "npm cannot install the packages that the runtime needs (faas-js-runtime and what that needs). Is"
            " the npm registry to be reached? It is needed once; `npm config get registry` says which it is",
            done.stderr.strip(),
        )
