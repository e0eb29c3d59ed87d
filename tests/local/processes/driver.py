"""Run as a program: the functions of a folder until a signal, as `plait run` does it.

python driver.py FOLDER
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from plait.local.interrupt import Interrupt
from plait.local.processes.output import Console
from plait.local.processes.session import Options, session


async def main(root: Path) -> None:
    """Run it."""
    with Interrupt() as interrupt:
        async with session(Options(root), Console(sys.stderr)) as supervisor:
            interrupt.again = supervisor.kill
            await interrupt.came.wait()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
