"""The runtimes and their peers: `python -m benchmarks runtimes`; `--help` says what there is to choose.

A binary event goes in and an event comes out, over keep-alive connections from another process. The server
is held to one core, the load generator to another. Rounds and starts are interleaved, so that whatever else
the machine does meets all of them alike.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

from benchmarks.runtimes.contenders import Contender, contenders
from benchmarks.runtimes.environments import ROOT
from benchmarks.runtimes.server import REQUEST, Server, on_core
from benchmarks.runtimes.table import HEAD, Round, Start, row

_WARM_UP_SECONDS = 0.5


def main(arguments: Sequence[str]) -> None:
    """Installs what is not there, measures, prints the table."""
    options = _options(arguments)
    everyone = [each for each in contenders() if _is_wanted(each, options.names)]
    for environment in dict.fromkeys(each.environment for each in everyone):
        print(f"installing {environment.name}", file=sys.stderr)
        environment.ensure()
    cores = sorted(os.sched_getaffinity(0))
    rounds: dict[str, list[Round]] = {each.name: [] for each in everyone}
    for number in range(options.rounds):
        print(f"round {number + 1} of {options.rounds}", file=sys.stderr)
        for each in everyone:
            rounds[each.name].append(_round(each, cores, options.connections, options.seconds))
    print("cold starts", file=sys.stderr)
    cold = [{each.name: _start(each, cores[0]) for each in everyone} for _ in range(options.starts)]
    print(HEAD)
    for each in everyone:
        starts = [one[each.name] for one in cold]
        print(row(each.name, rounds[each.name], starts, each.environment.megabytes()))


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m benchmarks runtimes")
    parser.add_argument("--seconds", type=float, default=4, help="of load in each round")
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--starts", type=int, default=15, help="cold starts")
    parser.add_argument(
        "names", metavar="NAME", nargs="*", help="only servers with such a word in their name"
    )
    return parser.parse_args(arguments)


def _is_wanted(contender: Contender, names: Sequence[str]) -> bool:
    return not names or any(name in contender.name for name in names)


def _round(contender: Contender, cores: Sequence[int], connections: int, seconds: float) -> Round:
    server = Server(contender, cores[0])
    try:
        _load(server, cores[-1], connections, _WARM_UP_SECONDS)
        before = server.cpu()
        found = _load(server, cores[-1], connections, seconds)
        return Round(
            cpu=(server.cpu() - before) / found["requests"] * 1e6,
            rate=found["requests"] / found["seconds"],
            p50=found["p50_ms"],
            p99=found["p99_ms"],
            worker_rss=server.worker_rss(),
            total_pss=server.total_pss(),
        )
    finally:
        server.stop()


def _load(server: Server, core: int, connections: int, seconds: float) -> dict[str, Any]:
    """What came of it. Raises RuntimeError where an answer is another than 200."""
    command = [
        sys.executable,
        "-m",
        "benchmarks.runtimes.load",
        str(server.port),
        str(connections),
        str(seconds),
    ]
    with on_core(core):
        done = subprocess.run(command, input=REQUEST, stdout=subprocess.PIPE, check=True, cwd=ROOT)
    found: dict[str, Any] = json.loads(done.stdout)
    if found["statuses"] != {"200": found["requests"]}:
        raise RuntimeError(f"{server.name} answered {found['statuses']}")
    return found


def _start(contender: Contender, core: int) -> Start:
    server = Server(contender, core)
    server.stop()
    return Start(server.cold, server.cold_cpu)
