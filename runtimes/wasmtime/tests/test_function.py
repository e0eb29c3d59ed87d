"""The function in its event loop and its threads."""

from __future__ import annotations

import asyncio
import threading
import time
from pathlib import Path

import pytest

from plait_handler.context import Context
from plait_handler.function.threads import GRACE

from .guests import Loaded, Make, event
from .hostile import ENDLESS, core

ROOT = Path(__file__).parents[3]


async def invoke(loaded: Loaded, seconds: float) -> object:
    """What a server does with one event: the module has `seconds`, and the call a second more."""
    return await asyncio.wait_for(
        loaded.function.invoke(event(), Context("1", time.monotonic() + seconds)), seconds + 1
    )


def test_an_event(make: Make) -> None:
    """Is run in a thread."""
    assert asyncio.run(invoke(make(core("(i32.const 5)", result="(result i32)")), 5)) == {"result": 5}


def test_a_module_that_was_stopped(make: Make) -> None:
    """Waits for the server's own end of its time: it is 504, and not the 500 of a failure."""
    with pytest.raises(TimeoutError):
        asyncio.run(invoke(make(ENDLESS["loop"]), 0.1))


def test_no_exception_is_raised_in_a_thread(make: Make) -> None:
    """It could hit a callback of wasmtime. The module ends by itself, and its thread serves on."""
    guest = make(ENDLESS["stderr for ever"])
    before = {*threading.enumerate()}  # other tests of this process may have left some

    async def cancelled() -> int:
        for _ in range(3):
            running = asyncio.create_task(invoke(guest, 0.3))
            await asyncio.sleep(0.1)
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            await asyncio.sleep(GRACE)
        new = {*threading.enumerate()} - before
        return sum(thread.name.startswith("function-") for thread in new)

    assert asyncio.run(cancelled()) == 1
    assert not guest.function.threads.lost


def test_probes_and_the_end(make: Make) -> None:
    """It is alive and ready from the start; at the end its epochs stop."""
    function = make(core("")).function

    async def life() -> tuple[bool, bool]:
        await function.start()
        answers = await function.is_alive(), await function.is_ready()
        await function.stop()
        return answers

    assert asyncio.run(life()) == (True, True)
    assert function.sandbox.ended.is_set()


def test_the_documents_test() -> None:
    """docs/runtimes/wasm.md shows how a module is tested: as it stands there, it passes."""
    text = (ROOT / "docs" / "runtimes" / "wasm.md").read_text()
    code = text.partition("## Test it")[2].partition("```python\n")[2].partition("```")[0]
    assert "assert function.guest.run" in code
    exec(code.replace('Path("examples', f'Path("{ROOT}/examples'), {})  # noqa: S102 - it is our own
