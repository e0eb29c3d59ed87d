"""`python -m runtimes.conformance`: runs the suite, and prints the table."""

from __future__ import annotations

import argparse
import sys
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from .runtime import runtimes
from .table import PAGE, page, table


class Recorder:
    """A plugin of pytest that counts outcomes by runtime and group."""

    def __init__(self) -> None:
        self.results: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """One test; of its setup and teardown only what went wrong."""
        if report.when != "call" and report.passed:
            return
        properties = {name: str(value) for name, value in report.user_properties}
        group, runtime = properties.get("group"), properties.get("runtime")
        if group is None:
            return
        for name in [runtime] if runtime else [each.name for each in runtimes()]:
            self.results[name, group][report.outcome] += 1


def main() -> int:
    """The command; its exit code is pytest's."""
    parser = argparse.ArgumentParser("python -m runtimes.conformance", description=__doc__)
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.name}, too")
    parser.add_argument("-n", metavar="N", default="2", help="tests at once (2)")
    arguments = parser.parse_args()
    recorder = Recorder()
    tests = Path(__file__).parent / "tests"
    # The page is not what is tested: it is what comes of it.
    options = ["-q", "-n", arguments.n, "--dist", "loadgroup", "--ignore", str(tests / "test_page.py")]
    code = pytest.main([*options, str(tests)], plugins=[recorder])
    sys.stdout.write(f"\n{table(recorder.results)}")
    if arguments.write:
        PAGE.write_text(page(recorder.results), "utf-8")
    return int(code)


if __name__ == "__main__":
    sys.exit(main())
