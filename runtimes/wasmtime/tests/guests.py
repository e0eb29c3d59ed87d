"""Modules in this process: loaded as a server loads them, run without one."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from plait_handler.codec import Event, HTTPMessage, from_http
from plait_handler.context import Context
from plait_handler.settings import Settings
from plait_wasmtime import settings
from plait_wasmtime.function import WasmFunction
from plait_wasmtime.load import load

Make = Callable[..., "Loaded"]


def event(data: bytes | None = b"{}", content_type: str = "application/json", **attributes: str) -> Event:
    """An event as it comes in."""
    given = {"specversion": "1.0", "id": "1", "source": "/s", "type": "t", **attributes}
    headers = [(f"ce-{name}".encode(), value.encode()) for name, value in given.items()]
    if data is not None:
        headers.append((b"content-type", content_type.encode()))
    return from_http(HTTPMessage(headers, data or b""))


@dataclass(frozen=True)
class Loaded:
    """A module that was loaded."""

    function: WasmFunction

    def run(self, incoming: Event | None = None, seconds: float = 30.0) -> Any:
        """What it answers to an event."""
        given = event() if incoming is None else incoming
        return self.function.guest.run(given, Context(given.get_id(), time.monotonic() + seconds))

    def with_data(self, data: Any) -> Any:
        """What it answers to an event with this for its data."""
        return self.run(event(json.dumps(data).encode()))


def loaded(directory: Path, variables: Mapping[str, str], **limits: Any) -> Loaded:
    """The module in a folder, with variables of the environment."""

    def never() -> None:
        raise AssertionError

    return Loaded(load(directory, Settings(**limits), settings.read(variables), never))
