"""Fixtures: real servers on real sockets."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from runtimes.conformance.server import Servers, Start

from plait_node import modules, node

hypothesis.settings.register_profile(
    "node", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("node")

FUNCTIONS = Path(__file__).parent / "functions"
COMMAND = [sys.executable, "-m", "plait_node"]


def line(function: str | Path) -> list[str]:
    """The command line that serves a function of tests/functions/, or another."""
    return [*COMMAND, str(FUNCTIONS / function)]


@pytest.fixture(scope="session")
def packages() -> Path:
    """The npm packages, installed before the first server has to wait for them."""
    return modules.ensure(node.find(), os.environ)


@pytest.fixture
def start(packages: Path) -> Iterator[Start]:
    """Starts a server of a function, with variables; ended with the test."""
    assert packages.is_dir()
    with Servers(line) as servers:
        yield servers.start


@pytest.fixture(scope="session")
def shared(packages: Path) -> Iterator[Start]:
    """As `start`, for servers that tests share, as they change nothing in them."""
    assert packages.is_dir()
    with Servers(line) as servers:
        yield servers.shared
