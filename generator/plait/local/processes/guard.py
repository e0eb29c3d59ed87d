"""Run as a program beside plait: ends every function when plait is gone, however it went.

Its standard input is a pipe whose other end plait alone holds. A line `ID` is a function that started (the
id of its process and of its process group), `-ID` one that is over. The end of the input is the end of
plait, by a kill -9 too. Started with python -I -S: nothing but the standard library.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from collections.abc import Iterable

_GRACE = 2.0


def main() -> None:
    """Read until plait is gone, then end what is left."""
    groups: set[int] = set()
    for line in sys.stdin.buffer:
        number = int(line)
        groups.add(number)
        if number < 0:
            groups -= {number, -number}
    end(groups)


def end(groups: Iterable[int]) -> None:
    """SIGTERM to each function, and after a moment SIGKILL to it and all that it started."""
    for group in groups:
        with contextlib.suppress(OSError):
            os.kill(group, signal.SIGTERM)
    latest = time.monotonic() + _GRACE
    while any(map(_lives, groups)) and time.monotonic() < latest:
        time.sleep(0.05)
    for group in groups:
        with contextlib.suppress(OSError):
            os.killpg(group, signal.SIGKILL)


def _lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except OSError:
        return False
    return True


if __name__ == "__main__":
    main()
