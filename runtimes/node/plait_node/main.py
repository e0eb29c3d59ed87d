"""The command `plait-node DIR`: finds Node and its packages, and becomes Node."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping
from typing import NoReturn

from plait_node import __version__, modules, node
from plait_node.errors import NodeError

_DESCRIPTION = "Serves the function in DIR/index.js: events are posted to http://HOST:PORT/."
_EPILOG = (
    "The rest is in the environment: PORT, HOST, PLAIT_TIMEOUT, PLAIT_MAX_BODY, ...; see docs/runtimes/."
)


def main() -> None:
    """The command. Node takes the place of this process, so that signals reach it."""
    directory = _arguments().directory
    try:
        found = node.find()
        packages = modules.ensure(found, os.environ)
    except NodeError as error:
        fail(error)
    command = [found.node, str(modules.JS / "bin" / "plait-node.js"), directory]
    os.execve(found.node, command, environment(os.environ, str(packages)))  # noqa: S606


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser("plait-node", description=_DESCRIPTION, epilog=_EPILOG)
    parser.add_argument("directory", metavar="DIR", help="folder of the function")
    parser.add_argument("--version", action="version", version=f"plait-node {__version__}")
    return parser.parse_args()


def environment(environ: Mapping[str, str], packages: str) -> dict[str, str]:
    """The variables for Node, which looks into NODE_PATH for what no node_modules folder has."""
    path = os.pathsep.join(filter(None, (environ.get("NODE_PATH"), packages)))
    return {**environ, "NODE_PATH": path}


def fail(error: NodeError) -> NoReturn:
    """Prints what another program said, and the sentence; ends the process."""
    details = f"{error.details}\n" if error.details else ""
    sys.stderr.write(f"{details}plait-node: error: {error}\n")
    sys.exit(2)
