"""Golden directories: what differs, what is missing, what is too many."""

from pathlib import Path

import pytest

from tests.support.golden import Golden, differences, read

HOLD = Golden(update=False)
UPDATE = Golden(update=True)


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """A golden directory of two files."""
    (tmp_path / "golden" / "base").mkdir(parents=True)
    (tmp_path / "golden" / "base" / "broker.yaml").write_bytes(b"kind: Broker\nname: a\n")
    (tmp_path / "golden" / "empty").write_bytes(b"")
    return tmp_path / "golden"


def test_the_same_tree_passes(directory: Path) -> None:
    """Nothing to say."""
    HOLD.compare({"base/broker.yaml": "kind: Broker\nname: a\n", "empty": ""}, directory)


def test_all_differences_are_shown_at_once(directory: Path) -> None:
    """A changed, a missing and an extra file."""
    with pytest.raises(pytest.fail.Exception) as failure:
        HOLD.compare({"base/broker.yaml": "kind: Broker\nname: b\n", "extra.yaml": "x: 1\n"}, directory)
    message = str(failure.value)
    assert "--- golden/base/broker.yaml\n+++ actual/base/broker.yaml\n" in message
    assert "-name: a\n+name: b\n" in message
    assert "--- /dev/null\n+++ actual/extra.yaml\n" in message
    assert "empty file: empty" in message
    assert "--update-golden" in message


def test_what_an_editor_hides_is_shown(directory: Path) -> None:
    """Line ends, and the newline at the end."""
    actual = {"base/broker.yaml": "kind: Broker\r\nname: a", "empty": ""}
    lines = "".join(differences(read(directory), actual)).splitlines()
    assert "+kind: Broker\\r" in lines
    assert lines[-2:] == ["+name: a", "\\ No newline at end of file"]


def test_a_directory_that_does_not_exist_fails(tmp_path: Path) -> None:
    """A new test starts with an update, and not by passing."""
    with pytest.raises(pytest.fail.Exception, match=r"\+x: 1"):
        HOLD.compare({"a.yaml": "x: 1\n"}, tmp_path / "golden")


def test_update_rewrites_the_directory(directory: Path) -> None:
    """Byte for byte, extra files gone."""
    tree = {"base/f/trigger.yaml": "a: ü\r\n", "top.yaml": ""}
    UPDATE.compare(tree, directory)
    assert read(directory) == tree
    assert not (directory / "empty").exists()
    HOLD.compare(tree, directory)


def test_update_touches_only_golden_folders(tmp_path: Path) -> None:
    """A wrong argument must not cost a source tree."""
    (tmp_path / "source.py").write_text("precious", encoding="utf-8")
    with pytest.raises(ValueError, match="not below a folder named golden"):
        UPDATE.compare({"a": ""}, tmp_path)
    assert (tmp_path / "source.py").exists()


@pytest.mark.parametrize(("ci", "status"), [("", pytest.ExitCode.OK), ("true", pytest.ExitCode.USAGE_ERROR)])
def test_the_option_is_refused_in_ci(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, ci: str, status: pytest.ExitCode
) -> None:
    """There it would make every comparison pass."""
    monkeypatch.setenv("CI", ci)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.makepyfile(
        "from pathlib import Path\n"
        "def test_tree(golden): golden.compare({'a.yaml': 'x: 1\\n'}, Path('golden').absolute())"
    )
    result = pytester.runpytest("-p", "tests.support.golden", "--update-golden")
    assert result.ret == status
    assert (pytester.path / "golden" / "a.yaml").exists() == (status == pytest.ExitCode.OK)
