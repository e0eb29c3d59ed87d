"""plait schema: the JSON Schema of functions.yaml, as a file or as data."""

import json

import pytest
import yaml
from jsonschema import Draft202012Validator

from plait.spec import schema
from tests.cli.workspace import Workspace

PATH = "schemas/functions.v1.json"


def test_it_writes_where_functions_yaml_looks_for_it(empty: Workspace) -> None:
    """And says `current` the second time."""
    assert empty.ok("schema").err == f"wrote {PATH}\n"
    assert empty.read(PATH) == schema.text()
    assert empty.ok("schema").err == f"{PATH} is current\n"


def test_an_older_one_is_replaced(empty: Workspace) -> None:
    """It is plait's alone."""
    empty.write(PATH, "{}\n")
    assert empty.ok("schema").err == f"wrote {PATH}\n"
    assert empty.read(PATH) == schema.text()


def test_another_file(empty: Workspace) -> None:
    """Below the folder of functions.yaml, as every path."""
    empty.path("shop").mkdir()
    assert empty.ok("-C", "shop", "schema", "-o", "a/b.json").err == "wrote shop/a/b.json\n"
    assert empty.read("shop/a/b.json") == schema.text()


def test_standard_output(empty: Workspace) -> None:
    """Data, and nothing is written."""
    result = empty.ok("schema", "-o", "-")
    assert (result.out, result.err) == (schema.text(), "")
    assert empty.files() == {}


def test_a_folder_in_its_place(empty: Workspace) -> None:
    """It is told like any file that cannot be written."""
    empty.path(PATH).mkdir(parents=True)
    assert empty.refused("schema") == f"error: {PATH}: Is a directory\n"


@pytest.mark.parametrize(("link", "output"), [("schemas", PATH), ("a.json", "a.json"), ("a.json", "/a.json")])
def test_a_link(empty: Workspace, link: str, output: str) -> None:
    """It is neither followed nor replaced."""
    empty.write("outside/a.json", "mine\n")
    empty.path(link).symlink_to("outside" if link == "schemas" else "outside/a.json")
    output = str(empty.path("a.json")) if output.startswith("/") else output
    told = empty.refused("schema", "-o", output)
    assert ": is a symbolic link; plait neither follows nor replaces it\n" in told
    assert empty.path(link).is_symlink()


@pytest.mark.parametrize("runtime", ["python", "node", "wasm", "none"])
def test_what_init_writes_is_valid(empty: Workspace, runtime: str) -> None:
    """An editor shows no mistake in a first functions.yaml."""
    empty.ok("init", "--runtime", runtime)
    validator = Draft202012Validator(json.loads(empty.read(PATH)))
    assert list(validator.iter_errors(yaml.safe_load(empty.read("functions.yaml")))) == []
