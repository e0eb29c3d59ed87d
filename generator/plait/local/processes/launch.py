"""Run as a program before each function: tells the guard its process id, then becomes the function.

It tells by itself, and not plait for it: so there is no moment in which a function runs and the guard does
not know. Standard input is the guard's pipe; the function gets an empty one. Started with python -I -S, so
it may import nothing but the standard library.

    python -I -S launch.py COMMAND [ARGUMENT...]
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys


def main(command: list[str]) -> None:
    """Become the command. Ends the process with a sentence where there is no such command."""
    with contextlib.suppress(OSError):  # no guard any more: the function runs all the same
        os.write(0, b"%d\n" % os.getpid())
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # Python ignores it, and whoever is ignored stays so
    try:
        os.execv(command[0], command)  # noqa: S606 - that is what it is for
    except OSError as error:
        sys.exit(f"plait: {command[0]}: {error.strerror}")


if __name__ == "__main__":
    main(sys.argv[1:])
