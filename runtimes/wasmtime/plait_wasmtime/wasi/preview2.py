"""WASI preview 2, for components: wasmtime's own, but for the time where that is not granted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

from wasmtime import Engine, WasmtimeError
from wasmtime.component import Component, Linker, Record

from plait_wasmtime.wasi.clocks import REALTIME, RESOLUTION, StillClock

_NANOSECONDS = 1_000_000_000


def define(engine: Engine, linker: Linker, component: Component, *, clock: bool) -> None:
    """Puts WASI into a linker.

    Args:
        engine: of both.
        linker: for the component.
        component: whose imports say which version of WASI's clocks it wants.
        clock: whether the real time is granted. If not, the time stands still, and to wait for it is a trap.
    """
    linker.add_wasip2()
    if clock:
        return
    linker.allow_shadowing = True
    for name in component.type.imports(engine):
        interface = name.partition("@")[0]
        for function, value in _STILL.get(interface, {}).items():
            _define(linker, name, function, value)


def _define(linker: Linker, interface: str, name: str, function: Callable[..., Any]) -> None:
    with linker.root() as root, root.add_instance(interface) as instance:
        instance.add_func(name, function)


def _wall(nanoseconds: int) -> Callable[..., Record]:
    """A function that gives the record wasi:clocks/wall-clock.datetime."""
    datetime = Record()
    vars(datetime).update(seconds=nanoseconds // _NANOSECONDS, nanoseconds=nanoseconds % _NANOSECONDS)
    return lambda _: datetime


def _refuse(*_: Any) -> NoReturn:
    raise WasmtimeError("to wait for a time is not granted: set `clock: true` in functions.yaml")


_NOW = StillClock().now(REALTIME)
_STILL: dict[str, dict[str, Callable[..., Any]]] = {
    "wasi:clocks/wall-clock": {"now": _wall(_NOW), "resolution": _wall(RESOLUTION)},
    "wasi:clocks/monotonic-clock": {
        "now": lambda _: _NOW,
        "resolution": lambda _: RESOLUTION,
        "subscribe-instant": _refuse,
        "subscribe-duration": _refuse,
    },
}
