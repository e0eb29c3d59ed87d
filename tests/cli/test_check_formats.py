"""plait check --format: text, JSON, SARIF and GitHub's annotations."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator

from plait import __version__
from plait.checking import RULES, Finding
from plait.cli import report
from tests.cli.workspace import Workspace

SCHEMA = Path(__file__).parents[1] / "data" / "sarif" / "sarif-2.1.0-rtm.5.json"
WARNING = "[{type: com.example.order.paid}]", "[{type: com.example.order.placed}]"
ODD = Finding("error", "drift", "100% odd:\na, b", "base/a b,c:d%/x.yaml", hint="mend it")


@pytest.fixture
def odd(staged: Workspace) -> Workspace:
    """One warning with a line, one hand edit, one drift."""
    staged.change(*WARNING)
    staged.ok("generate")
    staged.change("port: 80", "port: 81", "base/orders/service.yaml")
    staged.path("base/broker.yaml").unlink()
    return staged


@pytest.fixture
def mistaken(staged: Workspace) -> Workspace:
    """One mistake of functions.yaml."""
    staged.change("runtime: node", "runtime: nod")
    return staged


def sarif(text: str) -> dict[str, Any]:
    """A SARIF file, held against the schema of SARIF 2.1.0."""
    log: dict[str, Any] = json.loads(text)
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    assert [error.message for error in Draft4Validator(schema).iter_errors(log)] == []
    return log


def results(text: str) -> list[dict[str, Any]]:
    """The results of a SARIF file."""
    (run,) = sarif(text)["runs"]
    found: list[dict[str, Any]] = run["results"]
    return found


def test_text(odd: Workspace) -> None:
    """For a person: place, level, message, line, hint; the count on stderr."""
    result = odd.plait("check")
    assert result.out == (
        "functions.yaml:12:15: warning: nobody subscribes to com.example.order.paid, which orders emits [unheard-event]\n"
        "          emits: [{type: com.example.order.paid, source: /shop/orders}]\n"
        "                  ^\n"
        "base/orders/service.yaml: error: is plait's, and edited by hand [hand-edit]\n"
        "  hint: change functions.yaml, or add a patch of your own; plait generate --force overwrites it\n"
        "base/broker.yaml: error: is not what functions.yaml says [drift]\n"
        "  hint: run plait generate\n"
    )
    assert (result.code, result.err) == (1, "2 errors, 1 warning\n")


def test_text_of_a_mistake(mistaken: Workspace) -> None:
    """The same lines that generate shows, and the level."""
    result = mistaken.plait("check")
    assert result.out == (
        "functions.yaml:14:16: error: 'nod' is not one of python, node, wasm, container\n"
        "          runtime: nod\n"
        "                   ^\n"
        "  hint: did you mean 'node'?\n"
    )
    assert (result.code, result.err) == (2, "1 error, 0 warnings\n")


def test_json(odd: Workspace) -> None:
    """Each field of a finding by its name."""
    result = odd.plait("check", "--format", "json")
    found = json.loads(result.out)
    assert [list(item) for item in found] == [
        ["level", "rule", "message", "path", "line", "column", "hint", "quoted"]
    ] * 3
    assert (result.code, result.err) == (1, "")


def test_json_without_findings(staged: Workspace) -> None:
    """An empty list is a document too."""
    assert staged.ok("check", "--format", "json").out == "[]\n"


def test_sarif(odd: Workspace) -> None:
    """As the schema wants it, with a rule for every kind of finding."""
    result = odd.plait("check", "--format", "sarif")
    (run,) = sarif(result.out)["runs"]
    driver = run["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("plait", __version__)
    assert {rule["id"]: rule["shortDescription"]["text"] for rule in driver["rules"]} == RULES
    assert [(item["ruleId"], item["level"]) for item in run["results"]] == [
        ("unheard-event", "warning"),
        ("hand-edit", "error"),
        ("drift", "error"),
    ]
    assert (result.code, result.err) == (1, "")


def test_sarif_of_a_mistake(mistaken: Workspace) -> None:
    """Line and column, so that it is shown beside the line."""
    (result,) = results(mistaken.plait("check", "--format", "sarif").out)
    assert result == {
        "ruleId": "spec",
        "level": "error",
        "message": {"text": "'nod' is not one of python, node, wasm, container (hint: did you mean 'node'?)"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "functions.yaml"},
                    "region": {"startLine": 14, "startColumn": 16},
                }
            }
        ],
    }


def test_sarif_without_findings(staged: Workspace) -> None:
    """Code scanning closes what it showed before by an empty list."""
    assert results(staged.ok("check", "--format", "sarif").out) == []


def test_a_path_in_sarif_is_a_uri() -> None:
    """A space or a percent sign in it would make another one."""
    (result,) = results(report.sarif([ODD]))
    location = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert location == {"uri": "base/a%20b%2Cc%3Ad%25/x.yaml"}


def test_github(odd: Workspace) -> None:
    """A workflow command a line."""
    result = odd.plait("check", "--format", "github")
    assert result.out == (
        "::warning file=functions.yaml,line=12,col=15,title=plait unheard-event"
        "::nobody subscribes to com.example.order.paid, which orders emits\n"
        "::error file=base/orders/service.yaml,line=1,col=1,title=plait hand-edit"
        "::is plait's, and edited by hand%0Ahint: change functions.yaml, or add a patch of your own; "
        "plait generate --force overwrites it\n"
        "::error file=base/broker.yaml,line=1,col=1,title=plait drift"
        "::is not what functions.yaml says%0Ahint: run plait generate\n"
    )
    assert (result.code, result.err) == (1, "")


def test_github_of_a_mistake(mistaken: Workspace) -> None:
    """Line and column, so that it is shown beside the line."""
    result = mistaken.plait("check", "--format", "github")
    assert result.out.startswith("::error file=functions.yaml,line=14,col=16,title=plait spec::'nod' is ")
    assert result.code == 2


def test_github_without_findings(staged: Workspace) -> None:
    """Nothing to annotate."""
    assert staged.ok("check", "--format", "github").out == ""


def test_github_escapes_what_it_reads_itself() -> None:
    """Else a message could set a property, or a path end the properties."""
    assert report.github([ODD]) == (
        "::error file=base/a b%2Cc%3Ad%25/x.yaml,line=1,col=1,title=plait drift"
        "::100%25 odd:%0Aa, b%0Ahint: mend it"
    )


@pytest.mark.parametrize("form", ["text", "json", "sarif", "github"])
@pytest.mark.parametrize(("args", "code"), [([], 0), (["--strict"], 1)])
def test_exit_codes_do_not_depend_on_the_format(
    staged: Workspace, form: str, args: list[str], code: int
) -> None:
    """Warnings: 0, or 1 with --strict."""
    staged.change(*WARNING)
    staged.ok("generate")
    assert staged.plait("check", "--format", form, *args).code == code


def test_a_mistake_without_a_line_to_show_keeps_its_place(empty: Workspace) -> None:
    """In every format, an empty file too."""
    empty.write("functions.yaml", "")
    assert empty.plait("check").out.startswith("functions.yaml:1:1: error: the file is empty\n")
    assert ",line=1,col=1," in empty.plait("check", "--format", "github").out
