"""A module's file to code: compiled here, or compiled before (.cwasm)."""

from __future__ import annotations

import logging
import re
import struct
from hashlib import sha256
from pathlib import Path
from typing import Any

import wasmtime
from wasmtime import Engine, Module, WasmtimeError
from wasmtime.component import Component

from plait_handler.errors import LoadError
from plait_wasmtime.module.files import COMPILED, compiled

Code = Module | Component
_MAGIC = b"\0asm"
# The third field of a binary's head: 0 for a core module, 1 for a component (component model, Binary.md).
_LAYER = slice(6, 8)
_ELF = b"\x7fELF"
# e_flags of the ELF file that wasmtime writes: 1 for a module, 2 for a component (wasmtime_environ::obj).
_FLAGS, _OF_COMPONENT = 48, 2
_VERSION = re.compile(r"incompatible version '([^']+)'")
_SEAL = b"plait-wasmtime sha256"
_log = logging.getLogger("plait_wasmtime")


class Incompatible(LoadError):  # noqa: N818 - it is no mistake where the module itself is there too
    """A .cwasm that this wasmtime cannot run."""


def load(engine: Engine, path: Path) -> Code:
    """The code of a module, from the .cwasm beside it where that is of this module and fits.

    Raises:
        LoadError: not a module, or a .cwasm that does not fit and stands alone.
    """
    beside = compiled(path)
    if beside is not None:
        try:
            _check_origin(beside, path)
            return deserialized(engine, beside, path)
        except Incompatible as error:
            _log.warning("%s; %s is compiled now, at each start", error, path.name)
    if path.suffix == COMPILED:
        return deserialized(engine, path)
    return translated(engine, path)


def translated(engine: Engine, path: Path) -> Code:
    """A .wasm or .wat, compiled now.

    Raises:
        LoadError: no module, or one that wasmtime does not take.
    """
    binary = _read(path)
    try:
        if binary[:4] != _MAGIC:
            binary = bytes(wasmtime.wat2wasm(binary.decode("utf-8")))
        return Component(engine, binary) if binary[_LAYER] == b"\1\0" else Module(engine, binary)
    except UnicodeDecodeError:
        raise LoadError(f"{path} is no WebAssembly: neither binary nor text") from None
    except WasmtimeError as error:
        raise LoadError(f"{path}: {_sentence(error)}") from None


def deserialized(engine: Engine, path: Path, source: Path | None = None) -> Code:
    """A .cwasm. It is machine code: whoever can write it can do all that this process can.

    Args:
        engine: to run it.
        path: the file.
        source: what it should be compiled from again, for errors; None: the .wasm beside it.

    Raises:
        LoadError: not a .cwasm.
        Incompatible: one of another wasmtime, another machine, or other options.
    """
    source = source or path.with_suffix(".wasm")
    head = _read(path, 64)
    if head[:4] != _ELF or len(head) < 64:  # noqa: PLR2004 - the size of an ELF header
        raise LoadError(f"{path} is not a compiled module: {_remedy(source)}")
    flags = struct.unpack_from("<I", head, _FLAGS)[0]
    kind: Any = Component if flags & _OF_COMPONENT else Module
    try:
        return kind.deserialize_file(engine, str(path))  # type: ignore[no-any-return]
    except WasmtimeError as error:
        raise Incompatible(f"{path}: {_mismatch(error)}: {_remedy(source)}") from None


def seal(module: bytes) -> bytes:
    """What stands at the end of a .cwasm, after all that wasmtime reads: of which module it is."""
    return _SEAL + sha256(module).digest()


def _check_origin(path: Path, source: Path) -> None:
    """Times of files say little: copying and Git change them."""
    wanted = seal(_read(source))
    start = max(0, path.stat().st_size - len(wanted))
    if _read(path, start=start) != wanted:
        raise Incompatible(f"{path} was not compiled from {source.name}: {_remedy(source)}")


def _mismatch(error: WasmtimeError) -> str:
    text = _sentence(error)
    version = _VERSION.search(text)
    if version is None:
        return text
    return f"compiled by wasmtime {version[1]}, and this is wasmtime {wasmtime_version()}"


def wasmtime_version() -> str:
    """The version of wasmtime that is installed."""
    from importlib.metadata import version  # noqa: PLC0415 - slow, and for errors only

    return version("wasmtime")


def _remedy(source: Path) -> str:
    return f"compile it again: plait-wasmtime --compile {source}"


def _read(path: Path, size: int = -1, start: int = 0) -> bytes:
    try:
        with path.open("rb") as file:
            file.seek(start)
            return file.read(size)
    except OSError as error:
        raise LoadError(f"{path} cannot be read: {error.strerror}") from None


def _sentence(error: WasmtimeError) -> str:
    """wasmtime's own, in one line where it is not a picture of the place in a text."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    if any(line.startswith("-->") for line in lines):
        return str(error).rstrip()
    return ": ".join(line.rstrip(":") for line in lines if line != "Caused by:")
