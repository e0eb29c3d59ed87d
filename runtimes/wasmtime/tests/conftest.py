"""Fixtures: modules in this process, and real servers on real sockets."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from runtimes.conformance.server import Servers, Start

from .guests import Loaded, Make, loaded

hypothesis.settings.register_profile(
    "wasmtime", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("wasmtime")

COMMAND = [sys.executable, "-m", "plait_wasmtime"]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    """Loads a module that is given as WAT, or a folder that has one."""
    made: list[Loaded] = []

    def begin(module: str | Path, max_body: int = 1024 * 1024, **variables: str) -> Loaded:
        directory = module if isinstance(module, Path) else tmp_path
        if isinstance(module, str):
            (tmp_path / "module.wat").write_text(module)
        made.append(loaded(directory, variables, max_body=max_body))
        return made[-1]

    yield begin
    for each in made:
        each.function.sandbox.close()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts a server of a module, as `make`."""

    def line(module: str | Path) -> list[str]:
        if isinstance(module, str):
            (tmp_path / "module.wat").write_text(module)
        return [*COMMAND, str(module if isinstance(module, Path) else tmp_path)]

    with Servers(line) as servers:
        yield servers.start
