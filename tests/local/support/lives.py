"""A broker process that can be killed and started again quickly.

`python -m tests.local.support.lives FILE DATA` imports everything once. For each line on standard input it
forks a child that runs `plait run -f FILE --data DATA`, and prints the child's number; the child prints the
URL of its Broker. Forking saves the imports, and the child is a process of its own all the same.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

from plait.cli.run import serve
from plait.local.service import Options


def main(file: str, data: str) -> None:
    """Fork once a line."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for _ in sys.stdin:
        child = os.fork()
        if child:
            continue
        print(os.getpid(), flush=True)
        asyncio.run(serve(Options(port=0, data=Path(data)), [Path(file)], {}))
        os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
