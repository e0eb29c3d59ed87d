"""The command `plait-wasmtime DIR`."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from gunicorn.arbiter import Arbiter

from plait_handler import logs
from plait_handler import settings as server_settings
from plait_handler.errors import HandlerError
from plait_handler.main import fail, serve
from plait_handler.server import App
from plait_handler.server.app import retire
from plait_handler.settings import Settings
from plait_wasmtime import __version__, settings
from plait_wasmtime.module.compiler import compile_file
from plait_wasmtime.module.files import find
from plait_wasmtime.settings import WasmSettings

_PROGRAM = "plait-wasmtime"
_DESCRIPTION = "Serves the WebAssembly module in DIR: events are posted to http://HOST:PORT/."
_EPILOG = (
    "The rest is in the environment: MODULE_PATH, FUNCTION_NAME, PORT, HOST, PLAIT_TIMEOUT, PLAIT_MEMORY,"
    " ...; see docs/runtimes/."
)


def main() -> None:
    """The command."""
    parser = _parser()
    arguments = parser.parse_args()
    if bool(arguments.directory) == bool(arguments.compile):
        parser.error("give either DIR, to serve, or --compile MODULE")
    if arguments.output and not arguments.compile:
        parser.error("-o goes with --compile")
    try:
        if arguments.compile:
            sys.stdout.write(f"{compile_file(arguments.compile, arguments.output)}\n")
            return
        find(arguments.directory, os.environ.get("MODULE_PATH") or None)
        given, own = server_settings.read(os.environ), settings.read(os.environ)
    except HandlerError as error:
        fail(error, 2, _PROGRAM)
    serve(given, lambda: _app(arguments.directory, given, own))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(_PROGRAM, description=_DESCRIPTION, epilog=_EPILOG)
    parser.add_argument("directory", metavar="DIR", type=Path, nargs="?", help="folder of the module")
    parser.add_argument(
        "--compile",
        metavar="MODULE",
        type=Path,
        help="compile a .wasm or .wat to a .cwasm beside it, and end",
    )
    parser.add_argument("-o", "--output", metavar="FILE", type=Path, help="where --compile writes")
    parser.add_argument("--version", action="version", version=f"{_PROGRAM} {__version__}")
    return parser


def _app(directory: Path, given: Settings, own: WasmSettings) -> App:
    """The application, in a worker: wasmtime is imported there only, and not in the process above it."""
    from plait_wasmtime.load import load  # noqa: PLC0415

    logs.configure(given.log_level)
    try:
        return App(load(directory, given, own, retire), given)
    except HandlerError as error:
        fail(error, Arbiter.WORKER_BOOT_ERROR, _PROGRAM)
