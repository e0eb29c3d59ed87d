"""A schema and what it refers to become one document that means the same."""

import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from plait import emit
from plait.contracts.bundle import DIALECT, MAX_BYTES, Bundle, bundle
from plait.contracts.reading import schema
from plait.contracts.validator import compiled
from plait.errors import PlaitError
from plait.yamlio import plain
from tests.contracts.shop import put

MONEY = {"$defs": {"money": {"type": "number", "minimum": 0}}}
MAIN = "schemas/main.json"


def read(files: dict[str, Any], path: str) -> bytes:
    """A file of a mapping."""
    return json.dumps(files[path]).encode()


def bundled(main: Any, **files: Any) -> Bundle:
    """schemas/main.json with others beside it; `parts__money` is schemas/parts/money.json."""
    others = {f"schemas/{name.replace('__', '/')}.json": content for name, content in files.items()}
    return bundle(MAIN, partial(read, {MAIN: main, **others}))


def test_one_file_stays_as_it_is() -> None:
    """Keys in their order too."""
    main: dict[str, Any] = {
        "title": "T",
        "$id": "https://example.com/x",
        "$schema": DIALECT,
        "allOf": [{"$ref": "#/$defs/a"}],
    }
    main["$defs"] = {"a": {"$ref": DIALECT}}
    found = bundled(main)
    assert found.files == (MAIN,)
    assert json.loads(found.text()) == main
    assert list(json.loads(found.text())) == list(main)


def test_files_beside_come_in() -> None:
    """By path, over several files, round in a circle, with a fragment, below a nested $id."""
    main = {
        "properties": {"total": {"$ref": "parts/money.json#/$defs/money"}, "next": {"$ref": "node.json"}},
        "$defs": {"own": {"$id": "https://example.com/nested", "properties": {"a": {"$ref": "node.json"}}}},
    }
    node = {
        "properties": {
            "up": {"$ref": "main.json"},
            "cost": {"$ref": "./parts/../parts/money.json#/$defs/money"},
        }
    }
    found = bundled(main, parts__money=MONEY, node=node)
    assert sorted(found.files) == [MAIN, "schemas/node.json", "schemas/parts/money.json"]
    validator = compiled(json.loads(found.text()))
    good = {"total": 1, "next": {"up": {"next": {"cost": 0}}}}
    assert validator.is_valid(good)
    assert not validator.is_valid({"total": -1})
    assert not validator.is_valid({"next": {"up": {"next": {"cost": -1}}}})


def test_a_file_s_own_id_does_not_move_it() -> None:
    """References are paths, whatever address a file gives itself."""
    main = {
        "$id": "https://example.com/deep/main",
        "properties": {"total": {"$ref": "parts/money.json#/$defs/money"}},
    }
    found = bundled(main, parts__money={"$id": "https://example.com/money", **MONEY})
    assert not compiled(found.document).is_valid({"total": -1})


def test_what_is_no_reference() -> None:
    """A property of that name, data in an enum, a schema that is true."""
    main = {
        "properties": {"$ref": {"type": "string"}, "any": True},
        "enum": [{"$ref": "no.json"}],
        "examples": [{"$ref": "no.json"}],
    }
    assert bundled(main).document == main


@pytest.mark.parametrize(
    ("main", "told"),
    [
        ({"$ref": "https://example.com/x.json"}, "$ref 'https://example.com/x.json' leads out of the folder"),
        ({"$ref": "//example.com/x.json"}, "$ref '//example.com/x.json' leads out of the folder"),
        ({"$ref": "file:///etc/passwd"}, "leads out of the folder"),
        ({"$ref": "/etc/passwd"}, "leads out of the folder"),
        ({"items": {"$ref": "../../x.json"}}, "$ref '../../x.json' leads out of the folder"),
        ({"items": {"$ref": "%2e%2e/%2e%2e/x.json"}}, "leads out of the folder"),
        ({"$ref": "#/$defs/no"}, "$ref '#/$defs/no' leads nowhere"),
        ({"$ref": "money.json#/$defs/no"}, "$ref 'money.json#/$defs/no' leads nowhere"),
        ({"$ref": "money.json#anchor"}, "leads nowhere"),
        ({"$dynamicRef": "https://example.com/y"}, "leads out of the folder"),
        ([], "not a JSON Schema: a mapping, true or false"),
        ({"$schema": "http://json-schema.org/draft-07/schema#"}, "contracts are JSON Schema, draft 2020-12"),
        ({"description": "x" * MAX_BYTES}, f"{MAX_BYTES} is the limit of a contract"),
    ],
)
def test_what_is_refused(main: Any, told: str) -> None:
    """With the file and the reference."""
    with pytest.raises(PlaitError) as caught:
        bundled(main, money=MONEY).text()
    assert told in caught.value.message
    assert caught.value.where == MAIN


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("{\n  half", "schemas/x.json:2:3: not JSON: "),
        ('{"minimum": NaN}', "not JSON that every reader takes"),
        ('{"minimum": 1e999}', "not JSON that every reader takes"),
        ("[" * 100_000, "not JSON that every reader takes"),
        (" " * (MAX_BYTES + 1), f"larger than {MAX_BYTES} bytes"),
    ],
)
def test_files_that_are_no_schema(tmp_path: Path, content: str, told: str) -> None:
    """With the line where there is one."""
    put(tmp_path, {"schemas/x.json": content})
    with pytest.raises(PlaitError) as caught:
        schema(tmp_path, "schemas/x.json")
    assert told in str(caught.value)


def test_links_stay_below_the_folder(tmp_path: Path) -> None:
    """A link to elsewhere is not read; a folder, and what is not there, neither."""
    put(tmp_path, {"outside.json": "{}", "shop/inside.json": "{}"})
    (tmp_path / "shop/link.json").symlink_to("../outside.json")
    (tmp_path / "shop/good.json").symlink_to("inside.json")
    assert schema(tmp_path / "shop", "good.json").document == {}
    for name in ("link.json", "no.json", "."):
        with pytest.raises(PlaitError, match=r"outside of the folder|no such file"):
            schema(tmp_path / "shop", name)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@settings(deadline=None)
@given(st.dictionaries(st.text(), JSON))
def test_the_text_is_a_block_of_yaml(content: dict[str, Any]) -> None:
    """Any data come back from it, and reviews see a line for a member."""
    text = Bundle({"default": content}, (MAIN,)).text()
    assert json.loads(text) == {"default": content}
    written = emit.document({"schema": text})
    assert written.startswith("schema: |\n")
    assert plain(written)[0] == {"schema": text}


@settings(deadline=None)
@given(st.integers() | st.text() | st.dictionaries(st.text(), st.integers()))
def test_bundling_keeps_the_meaning(data: Any) -> None:
    """As the library says with the same parts in one file."""
    apart = bundled(
        {"anyOf": [{"$ref": "a.json"}, {"$ref": "b.json"}]}, a={"type": "string"}, b={"maximum": 5}
    )
    whole = {"anyOf": [{"type": "string"}, {"maximum": 5}]}
    assert compiled(apart.document).is_valid(data) == Draft202012Validator(whole).is_valid(data)
