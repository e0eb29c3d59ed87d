"""`make bench`: everything, or the parts and sizes that are named: `make bench ARGS="generate 10 100"`.

`make bench ARGS="runtimes"` is apart: it installs what it compares, and takes options of its own.
"""

from __future__ import annotations

import platform
import sys

from benchmarks import broker, emit, generate, runtimes, startup

SIZES = [10, 100, 300, 1000, 5000]


def main(arguments: list[str]) -> None:
    """Run the named parts."""
    print(f"Python {platform.python_version()}, {platform.machine()}")
    if arguments[:1] == ["runtimes"]:
        runtimes.main(arguments[1:])
        return
    sizes = [int(word) for word in arguments if word.isdigit()] or SIZES
    parts = [word for word in arguments if not word.isdigit()] or ["startup", "emit", "generate"]
    if "broker" in parts:
        broker.main()
    if "startup" in parts:
        startup.main()
    if "emit" in parts:
        emit.main()
    if "generate" in parts:
        generate.main(sizes)


main(sys.argv[1:])
