"""Run a command and say what it took."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

BIN = Path(sys.executable).parent


@dataclass(frozen=True)
class Taken:
    """What one run took: wall-clock and CPU seconds (children's included), and MiB of memory at most."""

    seconds: float
    cpu: float
    memory: float

    def __str__(self) -> str:
        return f"{self.seconds:7.2f} s {self.cpu:7.2f} s CPU {self.memory:6.0f} MiB"


def run(command: Sequence[str], cwd: Path) -> Taken:
    """Run once. Raises RuntimeError where the command fails."""
    started = time.monotonic()
    process = subprocess.Popen(command, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert process.stderr is not None
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(errors.decode())
    return Taken(time.monotonic() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def best(command: Sequence[str], cwd: Path, times: int) -> Taken:
    """The quickest of several runs: the machine's other work only ever adds."""
    return min((run(command, cwd) for _ in range(times)), key=lambda taken: taken.seconds)


def tool(name: str) -> str:
    """A console script of this environment."""
    return str(BIN / name)
