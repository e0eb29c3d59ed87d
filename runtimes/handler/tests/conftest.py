"""Fixtures: real servers on real sockets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest

from .serving import FUNCTIONS, Server

hypothesis.settings.register_profile(
    "handler", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("handler")

Start = Callable[..., Server]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts a server of a function of tests/functions/, with variables; ended with the test."""
    servers: list[Server] = []

    def begin(function: str | Path, **variables: object) -> Server:
        servers.append(Server(FUNCTIONS / function, variables))
        servers[-1].wait_until_ready()
        return servers[-1]

    yield begin
    for server in servers:
        server.kill()


@pytest.fixture(scope="module")
def shared() -> Iterator[Start]:
    """As `start`, for a server that all tests of a module use."""
    servers: dict[str, Server] = {}

    def begin(function: str, **variables: object) -> Server:
        if function not in servers:
            servers[function] = Server(FUNCTIONS / function, variables)
            servers[function].wait_until_ready()
        return servers[function]

    yield begin
    for server in servers.values():
        server.kill()
