"""plait on a pseudo terminal."""

import os
import pty
import select
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.cli.workspace import environment, script

SECONDS = 60
PATIENCE = 3
QUESTION = b": "
CTRL_C = b"\x03"


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
    shown, typed, deadline = b"", b"", time.monotonic() + SECONDS
    while chunk := _read(descriptor, typed, deadline):
        shown += chunk
        if answers and shown.endswith(QUESTION):
            typed = answers.pop(0).encode()
            os.write(descriptor, typed)
    return shown.decode().replace("\r\n", "\n")


def _read(descriptor: int, typed: bytes, deadline: float) -> bytes:
    while not select.select([descriptor], [], [], PATIENCE)[0]:
        if time.monotonic() > deadline:
            raise TimeoutError
        if typed == CTRL_C:  # Python misses a signal that comes just before it waits for a line
            os.write(descriptor, typed)
    try:
        return os.read(descriptor, 65536)
    except OSError:  # Linux: the other end is closed
        return b""
