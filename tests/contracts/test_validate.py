"""plait.contracts.validate: for the tests of functions."""

import base64
import os
from pathlib import Path
from typing import Any

import pytest
from cloudevents.core.v1.event import CloudEvent

from plait.contracts import ContractError, validate
from plait.contracts.contracts import Contracts
from plait.errors import PlaitError
from tests.contracts.shop import BAD, BROKEN, GOOD, PAID, PATH, put, write

ATTRIBUTES = {"type": PAID, "source": "/test", "id": "1", "specversion": "1.0"}
TEXT = b'{"order": "4711", "total": 18.5}'


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A functions.yaml with a contract."""
    return write(tmp_path)


@pytest.mark.parametrize(
    "event",
    [
        {"type": PAID, "data": GOOD},
        {"type": PAID, "data": TEXT},
        {"type": PAID, "data_base64": base64.b64encode(TEXT).decode()},
        {"type": PAID, "data": GOOD, "datacontenttype": "application/vnd.shop+json; charset=utf-8"},
        CloudEvent(ATTRIBUTES, GOOD),
        CloudEvent({**ATTRIBUTES, "datacontenttype": "application/json"}, TEXT),
    ],
)
def test_good_events(shop: Path, event: Any) -> None:
    """In each form that an event has in Python."""
    validate(shop, event)
    validate(str(shop), event)


def test_a_broken_contract(shop: Path) -> None:
    """Each mistake with its path and its reason."""
    with pytest.raises(ContractError) as caught:
        validate(shop, {"type": PAID, "data": BAD})
    assert [str(violation) for violation in caught.value.violations] == BROKEN
    listed = "".join(f"\n  {line}" for line in BROKEN)
    assert str(caught.value) == f"the event breaks the contract of {PAID}:{listed}"


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        ({"type": PAID}, "the event has no data"),
        ({"type": PAID, "data": None}, "the event has no data"),
        ({"type": PAID, "data": b"{half"}, "the data are not JSON"),
        ({"type": PAID, "data": b"[" * 100_000}, "the data are not JSON"),
        ({"type": PAID, "data": b'{"total": NaN}'}, "the data are not JSON"),
        ({"type": PAID, "data_base64": "!"}, "data_base64 is not base64"),
        (
            {"type": PAID, "data": "x", "datacontenttype": "text/plain"},
            "the data are text/plain, where the contract is about JSON",
        ),
        (
            {"type": PAID, "data": TEXT, "datacontenttype": "application/json-seq"},
            "the data are application/json-seq, where the contract is about JSON",
        ),
    ],
)
def test_data_that_are_no_json(shop: Path, event: Any, reason: str) -> None:
    """They break every contract."""
    with pytest.raises(ContractError) as caught:
        validate(shop, event)
    assert [str(violation) for violation in caught.value.violations] == [f"$: {reason}"]


@pytest.mark.parametrize("event", [{"type": "com.example.order.payed"}, {}, {"type": 5}])
def test_a_type_without_a_contract(shop: Path, event: Any) -> None:
    """It is no success: a test that checks nothing would pass for ever."""
    with pytest.raises(PlaitError, match="no contract for events of type") as caught:
        validate(shop, event)
    assert not isinstance(caught.value, ContractError)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"functions.yaml": "x"}, "not a mapping"),
        ({PATH: "{"}, "not JSON"),
        ({PATH: {"type": "strnig"}}, r"not a JSON Schema: \$\.type: 'strnig'"),
    ],
)
def test_what_cannot_be_read(shop: Path, files: dict[str, Any], told: str) -> None:
    """functions.yaml, or the schema."""
    put(shop, files)
    with pytest.raises(PlaitError, match=told):
        validate(shop, {"type": PAID, "data": GOOD})


def test_a_folder_without_functions_yaml(tmp_path: Path) -> None:
    """It is said."""
    with pytest.raises(PlaitError, match="no such file"):
        validate(tmp_path, {"type": PAID})


def test_a_schema_is_read_again_when_it_was_saved(shop: Path) -> None:
    """And compiled once until then; what it refers to counts too."""
    put(shop, {PATH: {"$ref": "part.json"}, "schemas/part.json": {"type": "string"}})
    contracts = Contracts.load(shop)
    assert contracts.violations(PAID, 5)
    assert not contracts.violations(PAID, "x")
    put(shop, {"schemas/part.json": {"type": "number"}})
    os.utime(shop / "schemas/part.json", (1, 1))
    assert not contracts.violations(PAID, 5)


def test_the_nearest_alternative_is_told(shop: Path) -> None:
    """Not that none of them fits; and no long value is repeated whole."""
    put(
        shop, {PATH: {"anyOf": [{"type": "object", "required": ["a"]}, {"type": "null"}], "maxProperties": 1}}
    )
    with pytest.raises(ContractError, match="'a' is a required property"):
        validate(shop, {"type": PAID, "data": {"b": 1}})
    with pytest.raises(ContractError) as caught:
        validate(shop, {"type": PAID, "data": {"a": "x" * 10_000, "b": 1}})
    assert len(str(caught.value)) < 400
    assert "has too many properties" in str(caught.value)
