"""The cases of cases/, against each runtime."""

from __future__ import annotations

from operator import attrgetter

import pytest

from ..check import differences
from ..model import Case, groups
from ..runtime import Runtime
from .conftest import RUNTIMES, Pool

# By server, so that few are there at a time. With `--dist loadgroup` each is started once, else up to twice.
CASES = sorted(
    (case for group in groups() for case in group.cases),
    key=lambda case: (case.function, str(case.environment)),
)
PAIRS = [
    pytest.param(
        runtime,
        case,
        id=f"{runtime.name}-{case.group}-{case.name}",
        marks=pytest.mark.xdist_group(f"conformance-{runtime.name}"),
    )
    for runtime in sorted(RUNTIMES, key=attrgetter("name"))
    for case in CASES
    if runtime.name not in case.not_for
]


@pytest.mark.parametrize(("runtime", "case"), PAIRS)
def test_case(runtime: Runtime, case: Case, pool: Pool) -> None:
    """The reply, the connection and the log line are as the case says."""
    found = differences(case, pool.get(runtime, case.function, **case.environment))
    assert not found, "\n".join([*found, f"the request: {case.request.encoded()!r:.1000}"])
