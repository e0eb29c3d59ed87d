"""The cases of cases/, against each runtime."""

from __future__ import annotations

import pytest

from ..check import differences
from ..model import Case, groups
from ..runtime import Runtime
from ..server import Pool
from ..wire import encoded
from .conftest import RUNTIMES

# By runtime and server, so that few are there at a time.
PAIRS = sorted(
    (
        pytest.param(runtime, case, id=f"{runtime.name}-{group.group}-{case.name}")
        for runtime in RUNTIMES
        for group in groups()
        for case in group.cases
        if runtime.name not in case.not_for
    ),
    key=lambda pair: (pair.values[0].name, pair.values[1].function, sorted(pair.values[1].environment.items())),  # type: ignore[attr-defined, union-attr] # values are what was given
)


@pytest.mark.parametrize(("runtime", "case"), PAIRS)
def test_case(runtime: Runtime, case: Case, pool: Pool) -> None:
    """The reply, the connection and the log line are as the case says."""
    found = differences(case, pool.get(runtime, case.function, case.environment))
    assert not found, "\n".join([*found, f"the request: {encoded(case.request)!r:.2000}"])
