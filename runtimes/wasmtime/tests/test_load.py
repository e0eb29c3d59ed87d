"""What is told when the server starts."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

import pytest

from plait_handler.errors import HandlerError
from plait_wasmtime.errors import GuestError
from plait_wasmtime.module.files import find

from .guests import Make, loaded

ADD = '(module (func (export "add") (param i32 i32) (result i32) (i32.const 0)))'
NONE = '(module (func (export "f")))'
TWO = '(module (memory (export "memory") 1) (func (export "f")) (func (export "g") (param i64)))'
FOREIGN = """(module (import "env" "log" (func (param i32) (result i64))) (import "env" "memory" (memory 1))
    (func (export "f")))"""
WRONG_WASI = '(module (import "wasi_snapshot_preview1" "fly" (func)) (func (export "f")))'
COMPONENT = "(component)"
START = '(module (memory (export "memory") 1) (func (export "_start")))'
OTHER_HANDLE = """(component (core module $m (func (export "f"))) (core instance $i (instantiate $m))
    (func (export "handle") (canon lift (core func $i "f"))))"""


@pytest.mark.parametrize(
    ("module", "variables", "message"),
    [
        (TWO, {}, "module.wat exports memory, f(), g(i64): set FUNCTION_NAME to the function to call"),
        ("(module)", {}, "module.wat exports no function; it exports nothing"),
        (
            ADD,
            {},
            "add(i32, i32) -> i32 of module.wat takes 2 arguments, and there are 0: list them in `wasm.args`",
        ),
        (NONE, {"PLAIT_WASM": '{"args": [1]}'}, "f() of module.wat takes 0 arguments, and there are 1: "),
        (ADD, {"PLAIT_WASM": '{"args": ["data.", 1]}'}, "PLAIT_WASM: argument 'data.' is no expression"),
        (
            '(module (func (export "f") (param funcref)))',
            {"PLAIT_WASM": '{"args": [1]}'},
            "f(funcref) of module.wat cannot be called: its types must be i32, i64, f32, f64",
        ),
        (
            FOREIGN,
            {},
            "module.wat: it imports env::log(i32) -> i64, env::memory (a memory); what there is to import is",
        ),
        (
            WRONG_WASI,
            {},
            "module.wat: unknown import: `wasi_snapshot_preview1::fly` has not been defined; what",
        ),
        (
            OTHER_HANDLE,
            {},
            "'handle' of module.wat is of another type: it must be handle: func(event: string)",
        ),
        (
            START,
            {"PLAIT_WASM": '{"args": [1]}'},
            "'args' are for an export with numbers; a WASI command gets",
        ),
        (
            COMPONENT,
            {"PLAIT_WASM": '{"args": [1]}'},
            "'args' are for an export with numbers; a component gets",
        ),
        ("(module (memory 1) (memory 1))", {}, "multiple memories"),
        ("(module (func", {}, "expected `)`"),
    ],
)
def test_modules_that_cannot_be_served(
    make: Make, module: str, variables: dict[str, str], message: str
) -> None:
    """A sentence with what the module has, and what it should have."""
    with pytest.raises(HandlerError) as raised:
        make(module, **variables)
    assert message in str(raised.value)


@pytest.mark.parametrize(
    ("module", "variables", "message"),
    [
        (TWO, {"FUNCTION_NAME": "h"}, "module.wat has no function 'h'; it exports memory, f(), g(i64)"),
        (TWO, {"FUNCTION_NAME": "memory"}, "module.wat has no function 'memory'; it exports memory, f(), g"),
        (COMPONENT, {}, "module.wat exports no function 'handle', but nothing: it must export handle: func("),
    ],
)
def test_a_missing_export(
    make: Make, caplog: pytest.LogCaptureFixture, module: str, variables: dict[str, str], message: str
) -> None:
    """It is told at the start; each event fails with the same sentence, and the function is never ready."""
    served = make(module, **variables)
    assert message in caplog.text
    for _ in range(2):
        with pytest.raises(GuestError) as raised:
            served.run()
        assert message in str(raised.value)
    assert asyncio.run(served.function.is_alive())
    assert not asyncio.run(served.function.is_ready())


@pytest.mark.parametrize(
    ("adapter", "message"),
    [
        ("x = 1", "adapter.py has neither extract_args(event) nor create_response(event, result)"),
        ("extract_args = 5", "adapter.py: extract_args is not a function"),
        ("1 / 0", "adapter.py cannot be imported: ZeroDivisionError: division by zero"),
        (
            "def extract_args(event): ...",
            "both PLAIT_WASM's args and extract_args of adapter.py give the arguments",
        ),
    ],
)
def test_adapters_that_do_not_fit(make: Make, tmp_path: Path, adapter: str, message: str) -> None:
    """As modules."""
    (tmp_path / "adapter.py").write_text(adapter)
    with pytest.raises(HandlerError) as raised:
        make(ADD, PLAIT_WASM='{"args": [1, 2]}')
    assert message in str(raised.value)


@pytest.mark.parametrize(
    ("files", "given", "message"),
    [
        ([], None, "{dir} has no module: put a .wasm, .wat, .cwasm file into it"),
        (
            ["a.wat", "b.wasm"],
            None,
            "{dir} has several modules (a.wat, b.wasm): set MODULE_PATH to the one to serve",
        ),
        (["a.wat"], "b.wat", "MODULE_PATH=b.wat: {dir}/b.wat is not a file; in {dir} there is a.wat"),
        (
            [],
            "no/b.wat",
            "MODULE_PATH=no/b.wat: {dir}/no/b.wat is not a file; in {dir}/no there is no module",
        ),
        (["a.py"], "a.py", "MODULE_PATH=a.py: the name of a module ends in .wasm, .wat, .cwasm"),
    ],
)
def test_folders_without_the_module(
    tmp_path: Path, files: list[str], given: str | None, message: str
) -> None:
    """Say what there is."""
    for name in files:
        (tmp_path / name).touch()
    with pytest.raises(HandlerError) as raised:
        find(tmp_path, given)
    assert str(raised.value) == message.format(dir=tmp_path)


def test_the_module_of_a_folder(tmp_path: Path) -> None:
    """The only one there is, .wasm before .wat of the same name; or MODULE_PATH, relative or absolute."""
    for name in ("a.wat", "a.wasm", "a.txt", "adapter.py"):
        (tmp_path / name).touch()
    assert find(tmp_path, None) == tmp_path / "a.wasm"
    assert find(tmp_path, "a.wat") == find(Path(), str(tmp_path / "a.wat")) == tmp_path / "a.wat"


def test_files_that_are_no_modules(tmp_path: Path) -> None:
    """Are told by their path."""
    (tmp_path / "a.wasm").write_bytes(b"\xff\xfe")
    with pytest.raises(HandlerError, match=r"a\.wasm is no WebAssembly: neither binary nor text"):
        loaded(tmp_path, {})
    (tmp_path / "a.wasm").write_bytes(b"\0asm\1\0\0\0\xff")
    with pytest.raises(HandlerError, match=r"a\.wasm: failed to parse WebAssembly module: "):
        loaded(tmp_path, {})


def test_a_command_with_a_function_name(make: Make, caplog: pytest.LogCaptureFixture) -> None:
    """FUNCTION_NAME chooses another export than _start, which is then a plain function."""
    module = '(module (func (export "_start") unreachable) (func (export "f") (result i32) (i32.const 3)))'
    with caplog.at_level(logging.INFO):
        assert make(module, FUNCTION_NAME="f").run() == {"result": 3}
    assert make('(module (func (export "_start")))', FUNCTION_NAME="_start").run() is None
