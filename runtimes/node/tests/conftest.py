"""Fixtures: real servers on real sockets."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest

from plait_node import modules, node

from .serving import FUNCTIONS, Server

hypothesis.settings.register_profile(
    "node", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("node")

Start = Callable[..., Server]


@pytest.fixture(scope="session")
def packages() -> Path:
    """The npm packages, installed before the first server has to wait for them."""
    return modules.ensure(node.find(), os.environ)


@pytest.fixture
def start(packages: Path) -> Iterator[Start]:
    """Starts a server of a function of tests/functions/, with variables; ended with the test."""
    servers: list[Server] = []
    assert packages.is_dir()

    def begin(function: str | Path, **variables: object) -> Server:
        servers.append(Server(FUNCTIONS / function, variables))
        servers[-1].wait_until_ready()
        return servers[-1]

    yield begin
    for server in servers:
        server.kill()


@pytest.fixture(scope="module")
def shared(packages: Path) -> Iterator[Start]:
    """As `start`, for a server that all tests of a module use."""
    servers: dict[str, Server] = {}
    assert packages.is_dir()

    def begin(function: str, **variables: object) -> Server:
        if function not in servers:
            servers[function] = Server(FUNCTIONS / function, variables)
            servers[function].wait_until_ready()
        return servers[function]

    yield begin
    for server in servers.values():
        server.kill()
