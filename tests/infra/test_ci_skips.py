"""In CI every skip but for a listed tool is a failure."""

from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
Run = Callable[..., pytest.RunResult]


@pytest.fixture
def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a test file with the plugin, CI or not."""

    def run(body: str, *args: str, ci: str = "true") -> pytest.RunResult:
        monkeypatch.setenv("CI", ci)
        monkeypatch.setenv("PYTHONPATH", str(ROOT))
        monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # hypothesis takes a second to load
        pytester.makepyfile(f"import pytest\nfrom tests.support import tools\n{body}")
        return pytester.runpytest("-p", "tests.support.ci_skips", *args)

    return run


XDIST = ("-p", "xdist", "-n", "2")
LISTED = """
def test_image(monkeypatch):
    monkeypatch.setattr(tools, "find", lambda _: None)
    tools.require("buildah")
def test_fine(): pass
"""
CALL = "def test_a(): pytest.skip('not today')"
MARK = "@pytest.mark.skipif(True, reason='not today')\ndef test_a(): pass"
MODULE = "pytest.skip('not today', allow_module_level=True)"
IMPORT = "pytest.importorskip('no_such_module')"
EMPTY = "@pytest.mark.parametrize('x', [])\ndef test_a(x): pass"
FIXTURE = "@pytest.fixture\ndef x(): pytest.skip('not today')\ndef test_a(x): pass"
UNLISTED = "def test_a(): pytest.skip('needs terraform: see tests/tools.toml')"
XFAIL = "@pytest.mark.xfail(reason='not today')\ndef test_a(): assert False"
XFAIL_CALL = "def test_a(): pytest.xfail('not today')"
XFAIL_NOT_RUN = "@pytest.mark.xfail(run=False, reason='not today')\ndef test_a(): pass"
XPASS = "@pytest.mark.xfail(strict=False, reason='not today')\ndef test_a(): pass"


@pytest.mark.parametrize("args", [(), XDIST], ids=["alone", "xdist"])
def test_a_listed_tool_may_be_missing_and_is_named(run: Run, args: tuple[str, ...]) -> None:
    """The name of the test with its tool, in the log."""
    result = run(LISTED, *args)
    result.assert_outcomes(passed=1, skipped=1)
    assert result.ret == 0
    result.stdout.fnmatch_lines(["*skipped for want of a tool*", "*::test_image: buildah"])


SKIPS = [CALL, MARK, EMPTY, FIXTURE, UNLISTED]
XFAILS = [XFAIL, XFAIL_CALL, XFAIL_NOT_RUN, XPASS]


@pytest.mark.parametrize("body", [*SKIPS, *XFAILS])
def test_any_other_skip_or_xfail_fails(run: Run, body: str) -> None:
    """The counts and the exit status say so."""
    result = run(body)
    outcomes = result.parseoutcomes()
    assert result.ret == 1
    assert not {"passed", "skipped", "xfailed", "xpassed"} & outcomes.keys()
    result.stdout.fnmatch_lines(["*::test_a* in CI*"])


@pytest.mark.parametrize("body", [MODULE, IMPORT])
def test_a_skipped_module_fails(run: Run, body: str) -> None:
    """It would take all its tests with it, unnamed."""
    result = run(body)
    result.assert_outcomes(errors=1)
    assert result.ret != 0
    result.stdout.fnmatch_lines(["*skipped in CI*"])


def test_xdist_counts_them_too(run: Run) -> None:
    """The workers make the reports, the controller counts them."""
    result = run(CALL, *XDIST)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*skipped in CI for another reason*not today*"])


@pytest.mark.parametrize("ci", ["", "0", "false"])
def test_a_developer_may_skip(run: Run, ci: str) -> None:
    """The rule is CI's."""
    run(CALL, ci=ci).assert_outcomes(skipped=1)
