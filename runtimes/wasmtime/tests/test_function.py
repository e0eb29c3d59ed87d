"""The function in its event loop and its threads."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest
from runtimes.conformance.wire import eventually

from plait_handler.context import Context
from plait_handler.function import threads

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


def test_no_exception_is_raised_in_a_thread(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """It could hit a callback of wasmtime. The module ends by itself, and its thread serves on."""
    monkeypatch.setattr(threads, "GRACE", 300)  # how soon it ends is not what is tested
    guest = make(ENDLESS["stderr for ever"])
    pool = guest.function.threads

    async def cancelled() -> None:
        for _ in range(3):
            running = asyncio.create_task(invoke(guest, 0.3))
            await asyncio.to_thread(eventually, lambda: any(thread.job for thread in pool.threads))
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            await asyncio.to_thread(eventually, lambda: not any(thread.job for thread in pool.threads))

    asyncio.run(cancelled())
    assert [(thread.name, thread.is_alive()) for thread in pool.threads] == [("function-1", True)]
    assert not pool.lost


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
