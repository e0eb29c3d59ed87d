"""Each test for each runtime that it is for; servers that tests share."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from ..listing import title_and_about
from ..model import Case
from ..runtime import Runtime, runtimes
from ..server import Server, Servers, Start

RUNTIMES = runtimes()


class Pool:
    """Servers that tests share, of one runtime at a time."""

    runtime: Runtime | None = None
    servers: Servers | None = None

    def get(self, runtime: Runtime, function: str, **environment: str) -> Server:
        """The server; started, if it is not there. Those of another runtime end."""
        if self.servers is None or self.runtime != runtime:
            self.close()
            self.runtime, self.servers = runtime, runtime.servers()
        return self.servers.shared(function, **environment)

    def close(self) -> None:
        """Ends all."""
        if self.servers is not None:
            self.servers.close()


def pytest_configure(config: pytest.Config) -> None:
    """The mark of this suite."""
    config.addinivalue_line("markers", "not_for(**reasons): the runtimes that a test is not for, and why")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that takes a `runtime` runs once for each; with the cases, once for each case besides."""
    if "runtime" not in metafunc.fixturenames or "case" in metafunc.fixturenames:
        return
    left_out = {name for mark in metafunc.definition.iter_markers("not_for") for name in mark.kwargs}
    group = pytest.mark.xdist_group if "pool" in metafunc.fixturenames else None
    chosen = [
        pytest.param(runtime, id=runtime.name, marks=[group(f"conformance-{runtime.name}")] if group else [])
        for runtime in RUNTIMES
        if runtime.name not in left_out
    ]
    metafunc.parametrize("runtime", chosen)


@pytest.fixture(scope="session")
def pool() -> Iterator[Pool]:
    """Servers for all tests that change nothing in them."""
    servers = Pool()
    yield servers
    servers.close()


@pytest.fixture
def start(runtime: Runtime) -> Iterator[Start]:
    """Starts a server of the test's own; ended with it."""
    with runtime.servers() as servers:
        yield servers.start


@pytest.fixture(autouse=True)
def _recorded(request: pytest.FixtureRequest, record_property: Callable[[str, object], None]) -> None:
    """For the table: which runtime and group a test is of."""
    parameters = request.node.callspec.params if hasattr(request.node, "callspec") else {}
    case, runtime = parameters.get("case"), parameters.get("runtime")
    group = case.group if isinstance(case, Case) else title_and_about(request.module)[0]
    record_property("group", group)
    record_property("runtime", runtime.name if isinstance(runtime, Runtime) else "")
