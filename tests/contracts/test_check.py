"""`plait check`: the rule `contract`, and what generate does with a contract that cannot be read."""

from pathlib import Path
from typing import Any

import pytest

from plait.checking import Finding, check
from plait.cli.main import run
from tests.contracts.shop import BAD, GOOD, PAID, PATH, put, write

EXAMPLE = "schemas/order-paid.example.json"


def found(root: Path) -> list[Finding]:
    """What check finds, after generate where that goes."""
    run(["-C", str(root), "generate"])
    return check(root)[0]


@pytest.mark.parametrize(
    "contract",
    [
        {"schema": PATH},
        {"schema": PATH, "example": GOOD},
        {"schema": PATH, "example": EXAMPLE},
        {"schema": f"./{PATH}", "description": "An order was paid."},
        {"description": "An order was paid."},
        {},
    ],
)
def test_what_is_well(tmp_path: Path, contract: dict[str, Any]) -> None:
    """Everything of a contract is optional."""
    assert found(write(tmp_path, {EXAMPLE: GOOD}, events={PAID: contract})) == []


BROKEN: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({"schema": "schemas/no.json"}, {}, "schemas/no.json: no such file"),
    ({"schema": "schemas"}, {}, "schemas: no such file"),
    ({"schema": PATH}, {PATH: "{\n half"}, f"{PATH}:2:2: not JSON: "),
    ({"schema": PATH}, {PATH: {"type": "strnig"}}, f"{PATH} is not a JSON Schema: $.type: 'strnig' is not"),
    (
        {"schema": PATH},
        {PATH: {"pattern": "("}},
        f"{PATH} is not a JSON Schema: $.pattern: '(' is not a 'regex'",
    ),
    ({"schema": PATH}, {PATH: {"$ref": "no.json"}}, "schemas/no.json: no such file"),
    (
        {"schema": PATH},
        {PATH: {"$ref": "https://a.example/"}},
        f"{PATH}: $ref 'https://a.example/' leads out",
    ),
    ({"schema": PATH}, {PATH: {"properties": 5}}, f"{PATH} is not a JSON Schema: $.properties: 5 is not"),
    ({"schema": PATH, "example": BAD}, {}, f"the example breaks {PATH}: $: 'total' is a required property"),
    (
        {"schema": PATH, "example": EXAMPLE},
        {EXAMPLE: {"order": 1, "total": 1}},
        f"the example breaks {PATH}: $.order: 1 ",
    ),
    ({"schema": PATH, "example": "no.json"}, {}, "no.json: no such file"),
    ({"schema": PATH, "example": EXAMPLE}, {EXAMPLE: "{"}, f"{EXAMPLE}:1:2: not JSON"),
    ({"example": GOOD}, {}, "an example without a schema to hold it against"),
]


@pytest.mark.parametrize(("contract", "files", "told"), BROKEN)
def test_what_is_broken(tmp_path: Path, contract: dict[str, Any], files: dict[str, Any], told: str) -> None:
    """An error at its line of functions.yaml, once; exit code 1."""
    items = found(write(tmp_path, files, events={PAID: contract}))
    assert {(item.rule, item.level, item.path) for item in items} == {("contract", "error", "functions.yaml")}
    assert items[0].message.startswith(told)
    assert items[0].line > 1
    assert len({item.message for item in items}) == len(items)
    assert check(tmp_path)[1] == 1


def test_an_event_that_nobody_knows(tmp_path: Path) -> None:
    """A warning, with the nearest type; a subscription that may take it is enough."""
    root = write(tmp_path, events={PAID: {}, "com.example.order.pai": {}, "com.example.order.placed": {}})
    (item,) = found(root)
    assert (item.rule, item.level) == ("contract", "warning")
    assert item.message == "nobody emits com.example.order.pai and nobody subscribes to it"
    assert item.hint == "did you mean 'com.example.order.paid'?"
    assert check(root)[1] == 0


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({PATH: "{"}, f"error: {PATH}:1:2: not JSON"),
        ({PATH: {"$ref": "no.json"}}, "error: schemas/no.json: no such"),
    ],
)
def test_generate_stops(
    tmp_path: Path, files: dict[str, Any], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """It writes nothing: a contract that cannot be read cannot be promoted either."""
    root = write(tmp_path, files)
    assert run(["-C", str(root), "generate"]) == 1
    assert told in capsys.readouterr().err
    assert not (root / "base").exists()


def test_drift(tmp_path: Path) -> None:
    """A schema that was changed after generate: base/ is not current."""
    root = write(tmp_path)
    assert found(root) == []
    put(root, {PATH: {"type": "object"}})
    assert {item.path for item in check(root)[0]} == {
        "base/audit/contracts.yaml",
        "base/orders/contracts.yaml",
    }
