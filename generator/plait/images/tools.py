"""The programs that build images, and the one place where one is run."""

from __future__ import annotations

import shlex
import shutil
import subprocess
from collections.abc import Callable, Sequence

from plait.errors import PlaitError

TOOLS = ("buildah", "podman", "docker")
_STDERR = 2


def find(wanted: str | None) -> str:
    """The tool that is asked for, else the first of TOOLS that is on PATH.

    Raises:
        PlaitError: there is none.
    """
    found = next((tool for tool in ([wanted] if wanted else TOOLS) if shutil.which(tool)), None)
    if found is None:
        missing = wanted or "neither buildah, podman nor docker"
        hint = "install one of buildah, podman, docker; or --with TOOL --dry-run prints the command"
        raise PlaitError(f"{missing} is {'not ' if wanted else ''}on PATH", hint=hint)
    return found


def run(command: Sequence[str], tell: Callable[[str], None]) -> None:
    """Run a tool; all it prints goes to standard error, since standard output is for data.

    Args:
        command: the program and its arguments.
        tell: gets the command first, quoted so that a shell takes it as it is.

    Raises:
        PlaitError: it failed, or could not be started. What is wrong it has said itself.
    """
    tell(shlex.join(command))
    try:
        code = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=_STDERR, check=False).returncode  # noqa: S603
    except OSError as error:
        raise PlaitError(f"{command[0]} cannot be started: {error.strerror}") from None
    if code:
        ended = f"was ended by signal {-code}" if code < 0 else f"ended with {code}"
        raise PlaitError(f"{command[0]} {command[1]} {ended}", hint="its own words are above")
