"""A broker process that can be killed and started again quickly.

`python -m tests.local.support.lives FILE DATA` imports everything once. For each line on standard input it
forks a child, a broker of its own for the objects in FILE with its store in DATA, and prints the child's
number; the child prints the URL of its first Broker.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from plait.local.routes.build import Resolver, build
from plait.local.routes.manifests import read_all
from plait.local.service import Options, Service


def main(file: str, data: str) -> None:
    """Fork once a line.

    The one before has to be reaped first: a killed process closes its sockets before it lets go of the store.
    """
    child = 0
    for _ in sys.stdin:
        if child:
            os.waitpid(child, 0)
        child = os.fork()
        if not child:
            _tell(str(os.getpid()))
            asyncio.run(_serve(Path(file), Path(data)))


async def _serve(file: Path, data: Path) -> None:
    """Until it is killed."""
    service = Service(Options(port=0, data=data))
    await service.start()
    service.broker.configure(build(read_all([file]), Resolver({}, service.ingress_url)))
    _tell(service.ingress_url(service.broker.routes.brokers[0].key))
    await asyncio.Event().wait()


def _tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
