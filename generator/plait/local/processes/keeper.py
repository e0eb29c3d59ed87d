"""The guard from plait's side: a process that outlives plait by the moment it takes to end the functions."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

_HERE = Path(__file__).parent
_PATIENCE = 10.0
_PYTHON = (sys.executable, "-I", "-S")
LAUNCH = (*_PYTHON, str(_HERE / "launch.py"))


class Keeper:
    """The guard and the pipe to it; a context manager.

    Attributes:
        pipe: the file descriptor that `launch` writes to.
    """

    def __init__(self) -> None:
        reading, self.pipe = os.pipe()
        # In a session of its own, so that Ctrl-C and a closed terminal do not reach it.
        self._guard = subprocess.Popen(  # noqa: S603 - a file of ours
            [*_PYTHON, str(_HERE / "guard.py")],
            stdin=reading,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        os.close(reading)

    def forget(self, group: int) -> None:
        """The function is over, and its id may be another process's by and by."""
        with contextlib.suppress(OSError):
            os.write(self.pipe, b"-%d\n" % group)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self.pipe)
        self._guard.wait(_PATIENCE)
