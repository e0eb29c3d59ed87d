"""plait on a pseudo terminal."""

import os
import pty
import select
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.cli.workspace import environment, script

SECONDS = 60
QUESTION = b": "


def on_terminal(
    args: Sequence[str],
    cwd: Path,
    answers: Sequence[str] = (),
    variables: Mapping[str, str] | None = None,
) -> tuple[int, str]:
    """Run plait, typing an answer whenever it asks: the exit code, and all that is shown."""
    child, descriptor = pty.fork()
    if child == 0:
        os.chdir(cwd)
        os.execve(script(), ["plait", *args], environment(TERM="xterm", **(variables or {})))  # noqa: S606
    shown = _talk(descriptor, list(answers))
    _, status = os.waitpid(child, 0)
    os.close(descriptor)
    return os.waitstatus_to_exitcode(status), shown


def _talk(descriptor: int, answers: list[str]) -> str:
    """All that a terminal shows until its program ends."""
    shown, deadline = b"", time.monotonic() + SECONDS
    while chunk := _read(descriptor, deadline):
        shown += chunk
        if answers and shown.endswith(QUESTION):
            os.write(descriptor, answers.pop(0).encode())
    return shown.decode().replace("\r\n", "\n")


def _read(descriptor: int, deadline: float) -> bytes:
    if not select.select([descriptor], [], [], max(0, deadline - time.monotonic()))[0]:
        raise TimeoutError
    try:
        return os.read(descriptor, 65536)
    except OSError:  # Linux: the other end is closed
        return b""
