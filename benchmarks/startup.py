"""How long `plait --help` takes, beside an import of click alone."""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks.measure import best, tool

TIMES = 20


def main() -> None:
    """Print both and their ratio."""
    here = Path.cwd()
    click = best([sys.executable, "-c", "import click"], here, TIMES)
    plait = best([tool("plait"), "--help"], here, TIMES)
    print(f"python -c 'import click'  {click}")
    print(f"plait --help              {plait}")
    print(f"ratio                     {plait.seconds / click.seconds:7.2f}, CPU {plait.cpu / click.cpu:.2f}")
