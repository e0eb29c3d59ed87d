"""A source folder and the settings to a function that serves."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from wasmtime.component import Component

from plait_handler.errors import LoadError
from plait_handler.function.threads import Threads
from plait_handler.settings import Settings
from plait_wasmtime import adapter
from plait_wasmtime.errors import MissingExportError
from plait_wasmtime.function import Absent, Guest, WasmFunction
from plait_wasmtime.guest.command import START, Command, is_command
from plait_wasmtime.guest.component import ComponentFunction
from plait_wasmtime.guest.core import CoreFunction
from plait_wasmtime.guest.engine import Sandbox, new_engine
from plait_wasmtime.guest.program import Host, Program
from plait_wasmtime.module import code, files
from plait_wasmtime.settings import MEBIBYTE, WasmSettings
from plait_wasmtime.wasi.config import wasi

_log = logging.getLogger("plait_wasmtime")
# What an event of PLAIT_MAX_BODY may be in JSON: six bytes for a control character, and attributes on top.
_TEXT_PER_BYTE, _TEXT_OF_ATTRIBUTES = 6, 2 * MEBIBYTE


def load(
    directory: Path, settings: Settings, own: WasmSettings, exhausted: Callable[[], None]
) -> WasmFunction:
    """Loads the module.

    Args:
        directory: the source folder.
        settings: of the server.
        own: of the module.
        exhausted: see `Threads`.

    Raises:
        LoadError: no module, or one that cannot be served, with what it has and what it should have. One
            without the function that is to be called is served: see `Absent`.
        SettingsError: arguments that are no expressions.
    """
    path = files.find(directory, own.module)
    engine = new_engine()
    loaded = code.load(engine, path)
    sandbox = Sandbox(engine, own.memory)
    host = Host(engine, sandbox, wasi(directory, path.name, own.grants), own.grants.clock)
    # No exception is raised in them: see wasi/preview1.py.
    threads = Threads(settings.concurrency, exhausted, raising=False)
    try:
        guest = _guest(host, loaded, settings, own, directory)
    except MissingExportError as error:
        _log.error("%s", error)
        guest = Absent(str(error))
    return WasmFunction(directory.resolve().name or "function", guest, sandbox, threads)


def _guest(host: Host, loaded: code.Code, settings: Settings, own: WasmSettings, directory: Path) -> Guest:
    if isinstance(loaded, Component):
        _check_no_args(own, "component")
        return ComponentFunction(host, loaded, own.function)
    program = Program(host, loaded)
    if own.function in (None, START) and is_command(loaded):
        _check_no_args(own, "WASI command")
        return Command(program, _TEXT_PER_BYTE * settings.max_body + _TEXT_OF_ATTRIBUTES)
    return CoreFunction(program, own.function, own.grants.args, adapter.load(directory))


def _check_no_args(own: WasmSettings, kind: str) -> None:
    if own.grants.args:
        raise LoadError(f"PLAIT_WASM: 'args' are for an export with numbers; a {kind} gets the whole event")
