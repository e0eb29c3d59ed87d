"""Threads for functions that block."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import Any

import pytest

from plait_handler.function import threads
from plait_handler.function.threads import Threads


def never() -> None:
    """Not called."""
    raise AssertionError


def test_results_and_errors() -> None:
    """Come back as they are; what would end the event loop comes back as an error."""

    def failing(error: BaseException) -> None:
        raise error

    async def all_of_it() -> list[Any]:
        threads = Threads(2, never)
        errors = (ValueError("x"), StopIteration("y"), SystemExit(3), KeyboardInterrupt())
        calls = [threads.run(pow, 2, 5), *(threads.run(failing, error) for error in errors)]
        return await asyncio.gather(*calls, return_exceptions=True)

    results = asyncio.run(all_of_it())
    assert [str(result) for result in results] == [
        "32",
        "x",
        "the function raised StopIteration: y",
        "the function raised SystemExit: 3",
        "the function raised KeyboardInterrupt: ",
    ]
    assert isinstance(results[1], ValueError)


def test_quick_functions_share_a_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each thread more costs time, and they need none as long as no job waits for a whole tick."""
    monkeypatch.setattr(threads, "TICK", 300)

    async def names() -> set[str]:
        pool = Threads(100, never)
        found = await asyncio.gather(*(pool.run(lambda: threading.current_thread().name) for _ in range(200)))
        return set(found)

    assert asyncio.run(names()) == {"function-1"}


def test_functions_that_block_get_threads() -> None:
    """As many as wait, up to the limit: all 20 meet at the barrier."""
    barrier = threading.Barrier(20)

    async def meet() -> int:
        threads = Threads(20, never)
        await asyncio.gather(*(threads.run(barrier.wait, 30) for _ in range(20)))
        return len(threads.threads)

    assert asyncio.run(meet()) == 20


def test_no_more_threads_than_the_limit() -> None:
    """The rest wait their turn."""
    together, most, lock = 0, 0, threading.Lock()

    def work() -> None:
        nonlocal together, most
        with lock:
            together += 1
            most = max(most, together)
        time.sleep(0.02)
        with lock:
            together -= 1

    async def run() -> None:
        threads = Threads(3, never)
        await asyncio.gather(*(threads.run(work) for _ in range(12)))

    asyncio.run(run())
    assert most <= 3


def test_a_job_that_nobody_waits_for_is_not_begun() -> None:
    """Cancelled in the queue."""
    begun: list[int] = []
    release = threading.Event()

    async def run() -> None:
        threads = Threads(1, never)
        first = asyncio.create_task(threads.run(release.wait, 30))
        second = asyncio.create_task(threads.run(begun.append, 1))
        await asyncio.sleep(0)
        second.cancel()
        await asyncio.gather(second, return_exceptions=True)
        release.set()
        await first
        await threads.run(begun.append, 2)

    asyncio.run(run())
    assert begun == [2]


def test_a_cancelled_job_is_interrupted_and_its_thread_goes_on() -> None:
    """DeadlineExceeded ends a loop that would never end."""
    stopped = threading.Event()

    def spin() -> None:
        try:
            while True:
                pass
        finally:
            stopped.set()

    async def run() -> Any:
        threads = Threads(1, never)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(threads.run(spin), 0.1)
        return await threads.run(pow, 2, 2)

    assert asyncio.run(run()) == 4
    assert stopped.wait(30)


def test_threads_that_do_not_stop_are_given_up() -> None:
    """Others take their place; when all may be lost, the owner hears of it."""
    release = threading.Event()
    exhausted: list[bool] = []

    def deaf() -> None:
        while not release.wait(30):
            pass

    async def run() -> Any:
        threads = Threads(1, lambda: exhausted.append(True))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(threads.run(deaf), 0.1)
        return await threads.run(pow, 2, 2)

    assert asyncio.run(run()) == 4
    release.set()
    assert exhausted == [True]


def test_nothing_is_raised_in_a_thread_that_must_not_be_interrupted() -> None:
    """With `raising=False` a job whose time is up goes on to its own end."""
    release, over = threading.Event(), threading.Event()

    def careful() -> None:
        while not release.wait(0.01):
            pass
        over.set()

    async def run() -> bool:
        threads = Threads(1, never, raising=False)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(threads.run(careful), 0.1)
        release.set()
        return await asyncio.to_thread(over.wait, 30)

    assert asyncio.run(run())
