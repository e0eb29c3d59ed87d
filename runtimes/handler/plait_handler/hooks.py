"""Decorators for what a function's module does besides handling events.

A decorator only marks; the loader looks for the marks. So a module may be imported anywhere, by a test too.
"""

from __future__ import annotations

import enum
import inspect
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

_MARK = "__plait_hook__"
Hook = Callable[[], Any]
F = TypeVar("F", bound=Hook)


class Kind(enum.Enum):
    """When a hook is called."""

    START = "on_start"
    STOP = "on_stop"
    LIVENESS = "liveness"
    READINESS = "readiness"


def on_start(function: F) -> F:
    """Called once in each worker process, before its first event. Where it raises, no server starts."""
    return _marked(function, Kind.START)


def on_stop(function: F) -> F:
    """Called once in each worker process, after its last event."""
    return _marked(function, Kind.STOP)


def liveness(function: F) -> F:
    """Asked by `/health/liveness`: False, or an exception, is 503, and Kubernetes restarts the container."""
    return _marked(function, Kind.LIVENESS)


def readiness(function: F) -> F:
    """Asked by `/health/readiness`: False, or an exception, is 503, and no events are sent meanwhile."""
    return _marked(function, Kind.READINESS)


def _marked(function: F, kind: Kind) -> F:
    setattr(function, _MARK, kind)
    return function


def marked(values: Iterable[Any], kind: Kind) -> tuple[Hook, ...]:
    """The hooks of one kind among a module's values, each once, in their order."""
    # Static: a lazy proxy of some library must not wake up for this.
    found = (value for value in values if inspect.getattr_static(value, _MARK, None) is kind)
    return tuple({id(hook): hook for hook in found}.values())
