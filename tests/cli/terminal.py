"""plait on a pseudo terminal."""

import os
import pty
import select
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.cli.workspace import environment, script

SECONDS = 60


def on_terminal(
    args: Sequence[str], cwd: Path, answers: str = "", variables: Mapping[str, str] | None = None
) -> tuple[int, str]:
    """Run plait with what is typed at its questions: the exit code, and all that is shown."""
    child, descriptor = pty.fork()
    if child == 0:
        os.chdir(cwd)
        os.execve(script(), ["plait", *args], environment(TERM="xterm", **(variables or {})))  # noqa: S606
    os.write(descriptor, answers.encode())
    shown = _shown(descriptor)
    _, status = os.waitpid(child, 0)
    os.close(descriptor)
    return os.waitstatus_to_exitcode(status), shown


def _shown(descriptor: int) -> str:
    """All that a terminal shows until its program ends."""
    shown, deadline = b"", time.monotonic() + SECONDS
    while time.monotonic() < deadline and select.select([descriptor], [], [], SECONDS)[0]:
        try:
            chunk = os.read(descriptor, 65536)
        except OSError:  # Linux: the other end is closed
            break
        if not chunk:
            break
        shown += chunk
    return shown.decode().replace("\r\n", "\n")
