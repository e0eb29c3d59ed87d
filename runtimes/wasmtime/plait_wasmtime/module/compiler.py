"""`plait-wasmtime --compile`: a module to machine code, once, when an image is built."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from pathlib import Path

from plait_handler.errors import LoadError
from plait_wasmtime.module.files import COMPILED, SUFFIXES

_TRIPLES = {"x86_64": "x86_64-unknown-linux-gnu", "aarch64": "aarch64-unknown-linux-gnu"}


def compile_file(source: Path, target: Path | None) -> Path:
    """Compiles a .wasm or .wat, and writes the .cwasm whole or not at all.

    The code is for any machine of this architecture, not for this processor: a node may be older.

    Args:
        source: the module.
        target: the file to write; None: beside the module.

    Returns:
        The file that was written.

    Raises:
        LoadError: no module, or a file that cannot be written.
    """
    from plait_wasmtime.guest.engine import new_engine  # noqa: PLC0415 - wasmtime takes a while to import
    from plait_wasmtime.module.code import seal, translated  # noqa: PLC0415

    if source.suffix not in SUFFIXES or source.suffix == COMPILED:
        raise LoadError(f"{source}: what is compiled is a .wasm or a .wat")
    code = translated(new_engine(_triple()), source)
    written = target or source.with_suffix(COMPILED)
    try:
        _write(written, bytes(code.serialize()) + seal(source.read_bytes()))
    except OSError as error:
        raise LoadError(f"{written} cannot be written: {error.strerror}") from None
    return written


def _triple() -> str | None:
    """None: for this processor. wasmtime ends the process at a triple that it does not know."""
    return _TRIPLES.get(platform.machine()) if sys.platform == "linux" else None


def _write(path: Path, content: bytes) -> None:
    number, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(number, "wb") as file:
            file.write(content)
        temporary.chmod(0o644)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
