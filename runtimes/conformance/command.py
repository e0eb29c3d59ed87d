"""A runtime's command that comes to its end by itself: it cannot start, or it is not to serve."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from typing import NamedTuple

from .ports import free_port
from .server import environment
from .wire import PATIENCE


class Done(NamedTuple):
    """How it ended.

    Attributes:
        code: its exit code.
        out: what it wrote to stdout.
        err: what it wrote to stderr, without the lines of a server's log.
    """

    code: int
    out: str
    err: str


def run(command: Sequence[str], **variables: object) -> Done:
    """Runs it to its end, with the environment of a server.

    Raises:
        subprocess.TimeoutExpired: it goes on.
    """
    done = subprocess.run(
        command,
        env=environment(free_port(), variables),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=2 * PATIENCE,
        check=False,
    )
    lines = done.stderr.splitlines(keepends=True)
    return Done(done.returncode, done.stdout, "".join(line for line in lines if not line.startswith("{")))
