"""What the suite consists of, for the table and the docs: without running it."""

from __future__ import annotations

import importlib
import inspect
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from .model import groups

# Tests of more than one request, each module a group.
MODULES = (
    "test_codec",
    "test_connections",
    "test_crowds",
    "test_workers",
    "test_log",
    "test_start",
    "test_end",
)


@dataclass(frozen=True)
class Item:
    """One case.

    Attributes:
        name: of it.
        about: more, or empty.
        not_for: by runtime, why it is not for it.
        times: that it runs for each runtime: with as many parameters.
        together: it is for all runtimes at once.
    """

    name: str
    about: str
    not_for: dict[str, str]
    times: int = 1
    together: bool = False


@dataclass(frozen=True)
class Listed:
    """One group: its title, what holds for all of it, and its cases."""

    title: str
    about: str
    items: list[Item]

    def count(self, runtime: str) -> int:
        """How many tests it has for a runtime."""
        return sum(item.times for item in self.items if runtime not in item.not_for)


def listing() -> list[Listed]:
    """All groups."""
    data = [
        Listed(group.group, group.about, [Item(case.name, case.about, case.not_for) for case in group.cases])
        for group in groups()
    ]
    return [*data, *(_module(name) for name in MODULES)]


def title_and_about(module: Any) -> tuple[str, str]:
    """Of a module of tests: its docstring, which is `title: about`."""
    title, _, about = (inspect.getdoc(module) or "").rstrip(".").partition(": ")
    return title, about[:1].upper() + about[1:] + "." if about else ""


def _module(name: str) -> Listed:
    module = importlib.import_module(f".tests.{name}", __package__)
    return Listed(*title_and_about(module), [_item(name, function) for name, function in _tests(module)])


def _tests(module: Any) -> Iterator[tuple[str, Callable[..., Any]]]:
    """In their order in the file."""
    return ((name, found) for name, found in vars(module).items() if name.startswith("test_"))


def _item(name: str, function: Callable[..., Any]) -> Item:
    marks = getattr(function, "pytestmark", [])
    not_for = {
        name: reason for mark in marks if mark.name == "not_for" for name, reason in mark.kwargs.items()
    }
    times = math.prod(len(mark.args[1]) for mark in marks if mark.name == "parametrize")
    parameters = inspect.signature(inspect.unwrap(function)).parameters
    together = not {"runtime", "start"} & set(parameters)
    words = name.removeprefix("test_").replace("_", " ")
    return Item(words, inspect.getdoc(function) or "", not_for, times, together)
