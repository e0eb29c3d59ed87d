"""In CI a skipped test is a failed test, unless it lacks a tool of tests/tools.toml.

A skip nobody looks at is a test that does not exist. The reports themselves are turned into failures, so
pytest's own counts, its closing line and its exit status tell the truth, under pytest-xdist too.
"""

import os
from collections.abc import Generator

import pytest

from tests.support import tools


def in_ci() -> bool:
    """Whether this is a CI run, as every CI service says it."""
    return os.environ.get("CI", "").lower() not in {"", "0", "false"}


def pytest_configure(config: pytest.Config) -> None:
    """Install the rule, in CI only: elsewhere a developer may skip as they like."""
    if in_ci():
        config.pluginmanager.register(CiSkips(), "plait-ci-skips")


class CiSkips:
    """The rule, and the list of skips that it let pass."""

    def __init__(self) -> None:
        self._tolerated: list[str] = []

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(self) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Outermost, so that it sees what pytest's own plugin made of skip and xfail marks."""
        report = yield
        _refuse(report)
        return report

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_make_collect_report(self) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
        """A whole module can be skipped while it is imported."""
        report = yield
        _refuse(report)
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Remember the names: pytest's summary gives only files and lines of skips."""
        if report.skipped:
            self._tolerated.append(f"{report.nodeid}: {_missing_tool(report)}")

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Name each skipped test with the tool it lacks."""
        if self._tolerated:
            terminalreporter.section("skipped for want of a tool")
            terminalreporter.write("".join(f"{line}\n" for line in sorted(self._tolerated)))


def _refuse(report: pytest.TestReport | pytest.CollectReport) -> None:
    expected_failure: str | None = getattr(report, "wasxfail", None)
    if expected_failure is not None:
        del report.wasxfail
        _fail(report, f"xfail in CI: {expected_failure or 'no reason given'}")
    elif report.skipped and _missing_tool(report) is None:
        _fail(report, f"skipped in CI for another reason than a tool of tests/tools.toml: {_reason(report)}")


def _fail(report: pytest.TestReport | pytest.CollectReport, message: str) -> None:
    report.outcome = "failed"
    report.longrepr = message


def _missing_tool(report: pytest.TestReport | pytest.CollectReport) -> str | None:
    reason = _reason(report)
    return next((name for name in tools.listed() if tools.skip_reason(name) == reason), None)


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    """Skips carry (path, line, "Skipped: reason")."""
    text = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return text.removeprefix("Skipped: ")
