"""Fixtures: real servers on real sockets."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from runtimes.conformance.server import Servers, Start

hypothesis.settings.register_profile(
    "handler", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("handler")

FUNCTIONS = Path(__file__).parent / "functions"
COMMAND = [sys.executable, "-m", "plait_handler"]


def line(function: str | Path) -> list[str]:
    """The command line that serves a function of tests/functions/, or another."""
    return [*COMMAND, str(FUNCTIONS / function)]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts a server of a function, with variables; ended with the test."""
    with Servers(line) as servers:
        yield servers.start


@pytest.fixture(scope="session")
def shared() -> Iterator[Start]:
    """As `start`, for servers that tests share, as they change nothing in them."""
    with Servers(line) as servers:
        yield servers.shared
