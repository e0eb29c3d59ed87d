"""plait krm: whole answers, kept under golden/; the same files serve as a harness for other tools."""

import io
from pathlib import Path

import pytest

from plait.cli.main import run
from plait.yamlio import plain
from tests.support.golden import Golden

HERE = Path(__file__).parent
CASES = sorted(path.name for path in (HERE / "krm").iterdir())
SPEC = HERE / "shop.yaml"


@pytest.fixture
def folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A repository with an overlay of dev, and one of prod that nothing was promoted to; a mistake beside it."""
    (tmp_path / "functions.yaml").write_text(SPEC.read_text())
    assert run(["-C", str(tmp_path), "generate"]) == 0
    (tmp_path / "alone").mkdir()
    (tmp_path / "alone" / "functions.yaml").write_text(SPEC.read_text())
    (tmp_path / "wrong").mkdir()
    text = (
        SPEC.read_text()
        .replace("runtime: container", "runtime: contain")
        .replace("type: order.paid", "typ: x")
    )
    (tmp_path / "wrong" / "functions.yaml").write_text(text)
    capsys.readouterr()
    return tmp_path


def answered(
    text: str, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> str:
    """Exit code, standard output and standard error, as one text."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    monkeypatch.chdir(folder)
    code = run(["krm"])
    out, err = capsys.readouterr()
    return f"# exit {code}\n{out}# stderr\n{err}"


@pytest.mark.parametrize("case", CASES)
def test_an_answer(
    case: str,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    golden: Golden,
) -> None:
    """Comments stay, the functionConfig is not emitted, results have file and field."""
    text = answered((HERE / "krm" / case).read_text(), folder, monkeypatch, capsys)
    golden.compare({case: text}, HERE / "golden" / case.removesuffix(".yaml"))


@pytest.mark.parametrize("case", CASES)
def test_the_second_run_changes_nothing(
    case: str, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What came out, put in again, comes out again."""
    first = answered((HERE / "krm" / case).read_text(), folder, monkeypatch, capsys)
    out = first.partition("\n")[2].partition("# stderr")[0]
    assert answered(out, folder, monkeypatch, capsys) == first or not out
    if out:
        assert plain(out)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a: [",
        "kind: List\nitems: []\n",
        "kind: ResourceList\nitems: []\n",
        "- 1\n",
        "kind: ResourceList\nfunctionConfig: 3\n",
        "kind: ResourceList\nitems: 3\n",
        "kind: ResourceList\nitems: [null]\n",
        "kind: ResourceList\nitems: [{metadata: x}]\n",
    ],
)
def test_what_is_no_call_of_ours(
    text: str, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2, nothing on standard output, a sentence on the other."""
    told = answered(text, folder, monkeypatch, capsys)
    assert told.startswith("# exit 2\n# stderr\nerror: ")
    assert "bug in plait" not in told
