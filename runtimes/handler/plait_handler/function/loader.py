"""Finds the function in a folder: `function.py`, and `handle` in it."""

from __future__ import annotations

import importlib.util
import inspect
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Any

from plait_handler.errors import LoadError
from plait_handler.function.python import PythonFunction, invoker
from plait_handler.function.threads import Threads
from plait_handler.hooks import Kind, marked

FILE = "function.py"
_MODULE = "function"
_PROBES = 4


def find(directory: Path) -> Path:
    """The file of the function in a folder.

    Raises:
        LoadError: no such folder, or no function.py in it.
    """
    if not directory.is_dir():
        raise LoadError(f"{directory} is not a folder")
    path = directory / FILE
    if not path.is_file():
        raise LoadError(f"{directory} has no {FILE}: write one with `def handle(event):` in it")
    return path


def load(directory: Path, *, concurrency: int, exhausted: Callable[[], None]) -> PythonFunction:
    """Imports the function. Its folder comes first on the import path, so that it finds its neighbours.

    Args:
        directory: the folder.
        concurrency: most threads for a function that is not `async def`.
        exhausted: see `Threads`.

    Raises:
        LoadError: no function.py, one that cannot be imported, or no `handle` that takes an event.
    """
    path = find(directory)
    module = import_module(path)
    handle = getattr(module, "handle", None)
    if not callable(handle):
        raise LoadError(
            f"{path} has no function `handle`: write `def handle(event):` or `async def handle(event):`"
        )
    threads = Threads(concurrency, exhausted)
    values = vars(module).values()
    return PythonFunction(
        name=directory.resolve().name or _MODULE,
        invoke=invoker(handle, takes_context=takes_context(handle, path), threads=threads),
        probing=Threads(_PROBES, exhausted),
        on_start=marked(values, Kind.START),
        on_stop=marked(values, Kind.STOP),
        liveness=marked(values, Kind.LIVENESS),
        readiness=marked(values, Kind.READINESS),
    )


def import_module(path: Path, name: str = _MODULE) -> ModuleType:
    """The module of a user's file.

    Raises:
        LoadError: it raised; with the traceback from the user's file on.
    """
    folder = str(path.parent.resolve())
    if sys.path[:1] != [folder]:
        sys.path.insert(0, folder)
    spec = importlib.util.spec_from_file_location(name, path.resolve())
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        sys.modules.pop(name, None)
        text = "".join(traceback.format_exception(type(error), error, _from(error.__traceback__, folder)))
        raise LoadError(f"{path} cannot be imported: {_sentence(error)}", text) from error
    return module


def _sentence(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


def _from(trace: TracebackType | None, folder: str) -> TracebackType | None:
    """The part of a traceback that begins in the user's folder: how it came there is ours."""
    while trace is not None and not trace.tb_frame.f_code.co_filename.startswith(folder):
        trace = trace.tb_next
    return trace


def takes_context(handle: Callable[..., Any], path: Path) -> bool:
    """Whether `handle` takes (event, context), not only (event).

    Raises:
        LoadError: it takes neither.
    """
    try:
        signature = inspect.signature(handle)
    except (TypeError, ValueError):
        return False  # built in: it has no signature to look at
    for arguments in (2, 1):
        try:
            signature.bind(*range(arguments))
        except TypeError:
            continue
        return arguments == 2  # noqa: PLR2004
    raise LoadError(f"{path}: handle{signature} cannot be called: it must take (event) or (event, context)")
