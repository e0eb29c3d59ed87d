"""The user's adapter.py: `extract_args(event)` and `create_response(event, result)`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from plait_handler.errors import LoadError
from plait_handler.function.loader import import_module

FILE = "adapter.py"


@dataclass(frozen=True, slots=True)
class Adapter:
    """What stands around a core export.

    Attributes:
        extract_args: from an event to the arguments; None where there is none.
        create_response: from an event and the result to the reply; None where there is none.
    """

    extract_args: Callable[[Any], Any] | None = None
    create_response: Callable[[Any, Any], Any] | None = None


def load(directory: Path) -> Adapter:
    """The adapter of a folder, which need not have one.

    Raises:
        LoadError: it cannot be imported, or has neither of the functions.
    """
    path = directory / FILE
    if not path.is_file():
        return Adapter()
    module = import_module(path, "adapter")
    adapter = Adapter(_function(module, "extract_args", path), _function(module, "create_response", path))
    if adapter == Adapter():
        raise LoadError(f"{path} has neither extract_args(event) nor create_response(event, result)")
    return adapter


def _function(module: Any, name: str, path: Path) -> Callable[..., Any] | None:
    found = getattr(module, name, None)
    if found is None or callable(found):
        return found
    raise LoadError(f"{path}: {name} is not a function")
