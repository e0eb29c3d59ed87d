""".cwasm: compiled before, and told where it does not fit."""

from __future__ import annotations

import logging
import struct
from pathlib import Path

import pytest
from runtimes.conformance.command import run

from plait_handler.errors import LoadError
from plait_wasmtime.module.code import wasmtime_version

from .components import SOME, component
from .conftest import COMMAND
from .guests import Make, loaded

ADD = '(module (func (export "f") (result i32) (i32.const {})))'


def compiled(directory: Path, text: str, name: str = "a.wat") -> Path:
    """A .cwasm made by the command."""
    (directory / name).write_text(text)
    code, output, error = run([*COMMAND, "--compile", str(directory / name)])
    assert (code, error) == (0, "")
    return Path(output.strip())


def other_version(path: Path) -> None:
    """Rewrites the version in a .cwasm: the first text of its section .wasmtime.engine."""
    content = bytearray(path.read_bytes())
    major = wasmtime_version().partition(".")[0].encode()
    at = content.index(bytes([0, len(major)]) + major)
    content[at + 2 : at + 2 + len(major)] = b"0" * (len(major) - 1) + b"7"
    path.write_bytes(content)


@pytest.mark.parametrize("text", [ADD.format(3), component(SOME, text='{"result": 3}')])
def test_alone(tmp_path: Path, make: Make, text: str) -> None:
    """A .cwasm needs no .wasm beside it; module or component is told from itself. Anybody may read it."""
    path = compiled(tmp_path, text)
    assert (path, path.stat().st_mode & 0o777) == (tmp_path / "a.cwasm", 0o644)
    (tmp_path / "a.wat").unlink()
    assert make(tmp_path).run() == {"result": 3}


def test_beside_its_module(tmp_path: Path, make: Make, caplog: pytest.LogCaptureFixture) -> None:
    """It is used, without a word."""
    compiled(tmp_path, ADD.format(3))
    with caplog.at_level(logging.WARNING):
        assert make(tmp_path).run() == {"result": 3}
    assert caplog.messages == []


def test_of_an_older_module(tmp_path: Path, make: Make, caplog: pytest.LogCaptureFixture) -> None:
    """It is not used, whatever the times of the files say, and the log has a word about it."""
    path = compiled(tmp_path, ADD.format(3))
    (tmp_path / "a.wat").write_text(ADD.format(4))
    path.touch()
    assert make(tmp_path).run() == {"result": 4}
    message = (
        f"{path} was not compiled from a.wat: compile it again: plait-wasmtime --compile {tmp_path}/a.wat"
    )
    assert caplog.messages == [f"{message}; a.wat is compiled now, at each start"]


def test_of_another_wasmtime(tmp_path: Path, make: Make, caplog: pytest.LogCaptureFixture) -> None:
    """Alone it is an error, which names both versions and the command; beside its module it is a warning."""
    path = compiled(tmp_path, ADD.format(3))
    other_version(path)
    message = (
        f"{path}: compiled by wasmtime 07, and this is wasmtime {wasmtime_version()}: compile it again:"
        f" plait-wasmtime --compile {tmp_path}/a.wa"
    )
    assert make(tmp_path).run() == {"result": 3}
    assert caplog.messages == [f"{message}t; a.wat is compiled now, at each start"]
    (tmp_path / "a.wat").unlink()
    with pytest.raises(LoadError) as raised:
        make(tmp_path)
    assert str(raised.value) == f"{message}sm"


@pytest.mark.parametrize("content", [b"", b"\0asm\1\0\0\0", b"\x7fELF"])
def test_files_that_are_none(tmp_path: Path, content: bytes) -> None:
    """Are told."""
    (tmp_path / "a.cwasm").write_bytes(content)
    with pytest.raises(LoadError, match=r"a\.cwasm is not a compiled module: compile it again"):
        loaded(tmp_path, {})


def test_another_program(tmp_path: Path) -> None:
    """An ELF file that is not of wasmtime."""
    head = struct.pack("<16sHHIQQQIHHHHHH", b"\x7fELF\2\1\1", 1, 62, 1, 0, 0, 0, 0, 64, 0, 0, 0, 0, 0)
    (tmp_path / "a.cwasm").write_bytes(head)
    with pytest.raises(LoadError, match="compile it again"):
        loaded(tmp_path, {})


def test_mistakes(tmp_path: Path) -> None:
    """A sentence, exit code 2, and no file."""
    (tmp_path / "bad.wat").write_text("(module (")
    bad, there = tmp_path / "bad.wat", tmp_path / "nowhere" / "x.cwasm"
    (tmp_path / "good.wat").write_text("(module)")
    assert run([*COMMAND, "--compile", str(bad)])[2].startswith(
        f"plait-wasmtime: error: {bad}: expected valid module field"
    )
    assert run([*COMMAND, "--compile", "x.py"]) == (
        2,
        "",
        "plait-wasmtime: error: x.py: what is compiled is a .wasm or a .wat\n",
    )
    assert (
        run([*COMMAND, "--compile", "x.wasm"])[2]
        == "plait-wasmtime: error: x.wasm cannot be read: No such file or directory\n"
    )
    code, _, error = run([*COMMAND, "--compile", str(tmp_path / "good.wat"), "-o", str(there)])
    assert (code, error) == (
        2,
        f"plait-wasmtime: error: {there} cannot be written: No such file or directory\n",
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.wat", "good.wat"]
