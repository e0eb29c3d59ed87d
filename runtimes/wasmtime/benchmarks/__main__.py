"""`python -m benchmarks`: CPU time of one event by kind of module, from event to reply, without a server.

What the server adds is measured by `python -m benchmarks runtimes` of the project.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from plait_handler.codec import Event, HTTPMessage, from_http
from plait_handler.context import Context
from plait_handler.settings import Settings
from plait_wasmtime.load import load
from plait_wasmtime.settings import read

_EXAMPLES = Path(__file__).parents[3] / "examples" / "wasm"
_HEADERS = [(b"ce-specversion", b"1.0"), (b"ce-id", b"1"), (b"ce-source", b"/s"), (b"ce-type", b"t")]
_EVENTS, _ROUNDS = 2000, 5
_PRICED = {"PLAIT_WASM": '{"args": ["data.price", "data.quantity"]}'}


def main() -> None:
    """Prints a table."""
    json, text = b"application/json", b"text/plain"
    rows = {
        "export with numbers, C, 97 bytes": _runner(
            "c-core", json, b'{"price": 2.5, "quantity": 3}', _PRICED
        ),
        "WASI command, C, 25 kB": _runner("c-command", text, b"three small words", {}),
        "component, C, 1 kB": _runner("c-component", json, b'"hello"', {}),
    }
    print("| module | CPU us/event |")
    print("|---|---|")
    for name, run in rows.items():
        print(f"| {name} | {min(_measured(run) for _ in range(_ROUNDS)):.0f} |")


def _runner(folder: str, content_type: bytes, data: bytes, variables: dict[str, str]) -> Callable[[], object]:
    function = load(_EXAMPLES / folder, Settings(), read(variables), exhausted=lambda: None)
    headers = [*_HEADERS, (b"content-type", content_type)]

    def run() -> object:
        event: Event = from_http(HTTPMessage(headers, data))
        return function.guest.run(event, Context(event.get_id(), time.monotonic() + 30))

    return run


def _measured(run: Callable[[], object]) -> float:
    """Microseconds of CPU time an event."""
    started = time.process_time()
    for _ in range(_EVENTS):
        run()
    return (time.process_time() - started) / _EVENTS * 1e6


if __name__ == "__main__":
    main()
