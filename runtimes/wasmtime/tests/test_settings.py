"""The environment."""

from __future__ import annotations

import pytest

from plait_handler.errors import SettingsError
from plait_wasmtime.settings import Grants, WasmSettings, read


def test_defaults() -> None:
    """Nothing is granted; an empty variable is as one that is not set."""
    assert read({}) == WasmSettings(memory=134217728, module=None, function=None, grants=Grants())
    assert read({"PLAIT_MEMORY": "", "MODULE_PATH": "", "FUNCTION_NAME": "", "PLAIT_WASM": ""}) == read({})


def test_all_of_it() -> None:
    """As plait generate writes it."""
    text = (
        '{"args": ["data.a", 2, 0.5], "clock": true, "directories": {"/data": "data"},'
        ' "env": {"MODE": "strict"}}'
    )
    variables = {"PLAIT_MEMORY": "65536", "MODULE_PATH": "/function/add.wasm", "FUNCTION_NAME": "add"}
    grants = Grants(("data.a", 2, 0.5), {"MODE": "strict"}, {"/data": "data"}, clock=True)
    assert read({**variables, "PLAIT_WASM": text}) == WasmSettings(65536, "/function/add.wasm", "add", grants)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("PLAIT_MEMORY", "64Mi", "PLAIT_MEMORY=64Mi: must be a whole number of bytes above 0"),
        ("PLAIT_MEMORY", "0", "PLAIT_MEMORY=0: must be a whole number of bytes above 0"),
        ("PLAIT_WASM", "{", "PLAIT_WASM={: is not JSON: "),
        ("PLAIT_WASM", "[]", "PLAIT_WASM=[]: must be an object"),
        ("PLAIT_WASM", '{"arg": []}', "PLAIT_WASM: unknown 'arg'; known are args, env, directories, clock"),
        ("PLAIT_WASM", '{"args": [true]}', "PLAIT_WASM: 'args' must be a list of numbers and expressions"),
        ("PLAIT_WASM", '{"args": "data"}', "PLAIT_WASM: 'args' must be a list"),
        ("PLAIT_WASM", '{"env": {"A": 1}}', "PLAIT_WASM: 'env' must be an object of texts"),
        (
            "PLAIT_WASM",
            '{"directories": {"/": "/etc"}}',
            "PLAIT_WASM: 'directories' has '/etc': must be a path",
        ),
        ("PLAIT_WASM", '{"directories": {"/": "a/../.."}}', "PLAIT_WASM: 'directories' has 'a/../..'"),
        ("PLAIT_WASM", '{"clock": 1}', "PLAIT_WASM: 'clock' must be true or false"),
    ],
)
def test_values_that_cannot_be(name: str, text: str, message: str) -> None:
    """A sentence that names the variable."""
    with pytest.raises(SettingsError) as raised:
        read({name: text})
    assert str(raised.value).startswith(message)
