"""plait's emitter beside ruamel's, on a Deployment."""

from __future__ import annotations

import io
import time
from collections.abc import Callable

from ruamel.yaml import YAML

from benchmarks import specs
from plait import emit
from plait.flow import Flow
from plait.resources import of_function
from plait.spec.load import load

ROUNDS = 200


def main() -> None:
    """Print the microseconds a document."""
    flow = Flow(load(specs.text(2).encode()).spec)
    document = of_function(flow, "fn-1")["deployment"]
    quick, careful = YAML(typ="safe"), YAML(typ="rt")
    quick.default_flow_style = False
    print(f"plait.emit         {_microseconds(lambda: emit.document(document)):8.0f} us a Deployment")
    print(f"ruamel, C emitter  {_microseconds(lambda: quick.dump(document, io.StringIO())):8.0f} us")
    print(f"ruamel, round trip {_microseconds(lambda: careful.dump(document, io.StringIO())):8.0f} us")


def _microseconds(work: Callable[[], object]) -> float:
    best = float("inf")
    for _ in range(ROUNDS):
        started = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - started)
    return best * 1e6
