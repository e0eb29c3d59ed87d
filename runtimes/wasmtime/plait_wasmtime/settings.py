"""What the environment says about the module, besides plait_handler's own settings."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from plait_handler.errors import SettingsError

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Grants:
    """PLAIT_WASM: `wasm` of functions.yaml without the module and the function.

    Attributes:
        args: numbers, and expressions over the event.
        env: variables that the module sees.
        directories: folders that it may read: path in the module to path in the source folder.
        clock: whether it may ask the time.
    """

    args: tuple[int | float | str, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    directories: Mapping[str, str] = field(default_factory=dict)
    clock: bool = False


@dataclass(frozen=True, slots=True)
class WasmSettings:
    """The settings of a module.

    Attributes:
        memory: PLAIT_MEMORY, bytes of memory of one instance.
        module: MODULE_PATH, or None: the one module in the folder.
        function: FUNCTION_NAME, the export to call, or None: see `guest`.
        grants: PLAIT_WASM.
    """

    memory: int = 128 * MEBIBYTE
    module: str | None = None
    function: str | None = None
    grants: Grants = field(default_factory=Grants)


def read(environ: Mapping[str, str]) -> WasmSettings:
    """The settings that the variables give; an empty variable is as one that is not set.

    Raises:
        SettingsError: a value that cannot be; the message names the variable.
    """
    return WasmSettings(
        memory=_bytes(environ, "PLAIT_MEMORY", WasmSettings().memory),
        module=environ.get("MODULE_PATH") or None,
        function=environ.get("FUNCTION_NAME") or None,
        grants=_grants(environ.get("PLAIT_WASM") or "{}"),
    )


def _bytes(environ: Mapping[str, str], name: str, default: int) -> int:
    text = environ.get(name)
    if not text:
        return default
    if not (text.isascii() and text.isdigit()) or int(text) == 0:
        raise SettingsError(f"{name}={text}: must be a whole number of bytes above 0, such as 134217728")
    return int(text)


def _grants(text: str) -> Grants:
    try:
        given = json.loads(text)
    except ValueError as error:
        raise SettingsError(f"PLAIT_WASM={text}: is not JSON: {error}") from None
    if not isinstance(given, dict):
        raise SettingsError(f'PLAIT_WASM={text}: must be an object, such as {{"args": ["data.a", 2]}}')
    for name, value in given.items():
        if name not in _CHECKS:
            raise SettingsError(f"PLAIT_WASM: unknown {name!r}; known are {', '.join(_CHECKS)}")
        problem = _CHECKS[name](value)
        if problem:
            raise SettingsError(f"PLAIT_WASM: {name!r} {problem}")
    return Grants(**{**given, "args": tuple(given.get("args", ()))})


def _check_args(value: Any) -> str:
    fine = isinstance(value, list) and all(
        isinstance(each, int | float | str) and not isinstance(each, bool) for each in value
    )
    return "" if fine else "must be a list of numbers and expressions"


def _check_texts(value: Any) -> str:
    fine = isinstance(value, dict) and all(isinstance(each, str) for each in value.values())
    return "" if fine else "must be an object of texts"


def _check_directories(value: Any) -> str:
    problem = _check_texts(value)
    if problem:
        return problem
    for path in map(PurePosixPath, value.values()):
        if path.is_absolute() or ".." in path.parts:
            return f"has {str(path)!r}: must be a path inside the source folder"
    return ""


def _check_clock(value: Any) -> str:
    return "" if isinstance(value, bool) else "must be true or false"


_CHECKS: Mapping[str, Callable[[Any], str]] = {
    "args": _check_args,
    "env": _check_texts,
    "directories": _check_directories,
    "clock": _check_clock,
}
