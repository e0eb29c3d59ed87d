"""Processes that start, end, hang, flood and hold on, under one supervisor."""

from __future__ import annotations

import asyncio
import itertools
import os
import signal
import socket
from dataclasses import replace
from pathlib import Path

from plait.local.processes.backoff import Backoff
from plait.local.processes.plan import Plan
from plait.local.processes.ports import Ports
from tests.local.processes.support import coroutine, eventually, marked, planned, program, supervised


@coroutine
async def test_started_and_ready(tmp_path: Path) -> None:
    """Each is on a port of its own, `urls` and on_change say where, and stop leaves none."""
    changes: list[dict[str, str]] = []
    functions = [program(tmp_path, name, setup="print('hello', flush=True)") for name in ("a", "b")]
    async with supervised(*functions, on_change=lambda urls: changes.append(dict(urls))) as (
        supervisor,
        screen,
    ):
        assert supervisor.waiting == ["a", "b"]
        await supervisor.ready()
        assert changes[-1] == supervisor.urls
        assert sorted(supervisor.urls) == ["a", "b"]
        assert len(set(supervisor.urls.values())) == 2
        await eventually(screen.has("a     | hello", "b     | hello"))
    assert changes[-1] == {}


@coroutine
async def test_the_order_of_the_end(tmp_path: Path) -> None:
    """The last one is asked first."""
    async with supervised(*(program(tmp_path, name) for name in "abc")) as (supervisor, screen):
        await supervisor.ready()
    assert screen.text.splitlines()[-3:] == ["c     | stops", "b     | stops", "a     | stops"]


@coroutine
async def test_killed(tmp_path: Path) -> None:
    """A function that dies has no URL, is told, and comes back on another port."""
    setup = f"open({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid()))"
    gone: list[bool] = []
    async with supervised(
        program(tmp_path, "a", setup=setup), on_change=lambda urls: gone.append(not urls)
    ) as (
        supervisor,
        screen,
    ):
        await supervisor.ready()
        os.kill(int((tmp_path / "pid").read_text()), signal.SIGKILL)
        await eventually(lambda: gone[-1:] == [False] and True in gone)
        await supervisor.ready()
        assert screen.has("a     | ended by SIGKILL", "a     | starts again in 0.5 s")()


@coroutine
async def test_a_crash_loop(tmp_path: Path) -> None:
    """Each pause is twice the one before; the other functions do not notice."""
    crashing = program(tmp_path, "a", "raise SystemExit('no database')")
    async with supervised(crashing, program(tmp_path, "b")) as (supervisor, screen):
        await eventually(screen.has("a     | no database", "ended with exit code 1"))
        await eventually(screen.has("starts again in 0.5 s", "starts again in 1 s"))
        assert supervisor.waiting == ["a"]
        assert list(supervisor.urls) == ["b"]


@coroutine
async def test_mended_in_a_crash_loop(tmp_path: Path) -> None:
    """New code does not wait for the pause to end."""
    function = program(tmp_path, "a", "raise SystemExit(1)")
    async with supervised(function) as (supervisor, screen):
        await eventually(screen.has("starts again in 1 s"))
        program(tmp_path, "a")
        supervisor.restart("a")
        await supervisor.ready()
    assert "the one before goes on" not in screen.text


def test_pauses() -> None:
    """They grow to 30 s, and begin anew after a process that stood for 10 s."""
    backoff = Backoff()
    assert [backoff.after(0) for _ in range(9)] == [0.5, 1, 2, 4, 8, 16, 30, 30, 30]
    assert [backoff.after(seconds) for seconds in (9.9, 10, 3)] == [30, 0.5, 1]


@coroutine
async def test_a_command_that_is_not_there(tmp_path: Path) -> None:
    """Is told, and tried again like any other end."""
    missing = replace(program(tmp_path, "a"), command=(str(tmp_path / "missing"),))
    unfit = replace(program(tmp_path, "c"), environment={"A": "\0"})
    async with supervised(missing, unfit) as (_, screen):
        await eventually(screen.has(f"plait: {tmp_path}/missing: No such file or directory"))
        await eventually(screen.has("c     | cannot be started: embedded null byte"))


@coroutine
async def test_a_port_that_is_taken(tmp_path: Path) -> None:
    """The function ends, and starts again on another."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        first: int = taken.getsockname()[1]
        ports = itertools.chain([first], iter(Ports(), None))
        async with supervised(program(tmp_path, "a"), port=lambda: next(ports)) as (supervisor, screen):
            await supervisor.ready()
            assert f":{first}" not in supervisor.urls["a"]
            assert "Address already in use" in screen.text


def test_ports() -> None:
    """No port is given twice, however many are asked for before one is in use."""
    ports = Ports()
    assert len({ports() for _ in range(1000)}) == 1000


@coroutine
async def test_never_ready(tmp_path: Path) -> None:
    """It has no URL, waiting for it ends when the caller says so, and it is stopped like any other."""
    async with supervised(program(tmp_path, "a", status=503)) as (supervisor, screen):
        try:
            async with asyncio.timeout(1):
                await supervisor.ready()
        except TimeoutError:
            pass
        assert (supervisor.waiting, supervisor.urls) == (["a"], {})
    assert "killed" not in screen.text


@coroutine
async def test_much_output(tmp_path: Path) -> None:
    """10 MB on both outputs hold up neither the function nor plait; a line of 1 MB is cut."""
    flood = "import sys, threading"
    for stream in ("stdout", "stderr"):
        flood += (
            f"\nthreading.Thread(target=lambda: sys.{stream}.write(('x' * 99 + chr(10)) * 50000)).start()"
        )
    flood += "\nfor t in threading.enumerate()[1:]: t.join()\nprint('y' * 1000000)\nprint('done', flush=True)"
    async with supervised(program(tmp_path, "a", setup=flood)) as (supervisor, screen):
        await supervisor.ready()
        await eventually(screen.has("a     | done"))
        lines = screen.text.splitlines()
        assert lines.count(f"a     | {'x' * 99}") == 100_000
        assert [line[-15:] for line in lines if "yyy" in line] == ["... 996000 more"]


@coroutine
async def test_grandchildren(tmp_path: Path) -> None:
    """What a function starts ends with it, when it is stopped and when it crashes."""
    mark = f"MARK-{tmp_path}"
    setup = "import subprocess\nsubprocess.Popen(['sleep', '1000'])"
    functions = [
        program(tmp_path, "stopped", setup=setup),
        program(tmp_path, "crashed", f"{setup}\nimport time\ntime.sleep(0.5)\nraise SystemExit(1)"),
    ]
    marks = [replace(item, environment={"PATH": os.environ["PATH"], "MARK": mark}) for item in functions]
    async with supervised(*marks) as (_, screen):
        await eventually(screen.has("stopped | ready", "crashed | ended with exit code 1"))
        await eventually(lambda: len(marked(mark)) <= 3)
    assert marked(mark) == []


@coroutine
async def test_one_that_does_not_want_to_end(tmp_path: Path) -> None:
    """SIGKILL comes when its time is up; a second request to end, at once."""
    stubborn = program(tmp_path, "a", setup="signal.signal(signal.SIGTERM, signal.SIG_IGN)")
    async with supervised(replace(stubborn, grace=0.3)) as (supervisor, screen):
        await supervisor.ready()
    assert "a     | killed: it did not end within 0.3 s of SIGTERM" in screen.text
    async with supervised(replace(stubborn, grace=1000)) as (supervisor, screen):
        await supervisor.ready()
        asyncio.get_running_loop().call_later(0.2, supervisor.kill)
    assert "killed" not in screen.text


@coroutine
async def test_another_plan(tmp_path: Path) -> None:
    """What is new starts, what is gone stops, what is changed is replaced, what is the same is not touched."""
    same, changed, gone, new = (program(tmp_path, name) for name in ("same", "changed", "gone", "new"))
    async with supervised(same, changed, gone) as (supervisor, screen):
        await supervisor.ready()
        before = supervisor.urls
        other = replace(changed, environment={"A": "1"})
        plan = planned(same, other, new)
        supervisor.apply(Plan(plan.processes, {"elsewhere": "http://127.0.0.1:1"}))
        assert supervisor.urls["changed"] == before["changed"]
        await eventually(lambda: supervisor.urls["changed"] != before["changed"] and "new" in supervisor.urls)
        assert supervisor.urls["same"] == before["same"]
        assert sorted(supervisor.urls) == ["changed", "elsewhere", "new", "same"]
        assert "gone    | stops" in screen.text
        assert "same    | stops" not in screen.text


@coroutine
async def test_a_new_one_that_does_not_start(tmp_path: Path) -> None:
    """The one before goes on, and the next that starts takes over."""
    function = program(tmp_path, "a")
    script = tmp_path / "a/program.py"
    good = script.read_text()
    async with supervised(function) as (supervisor, screen):
        await supervisor.ready()
        before = supervisor.urls
        script.write_text("raise SystemExit(7)")
        supervisor.restart("a")
        await eventually(
            screen.has("ended with exit code 7", "the new one does not start; the one before goes on")
        )
        assert supervisor.urls == before
        assert "starts again" not in screen.text
        script.write_text(good)
        supervisor.restart("a")
        await eventually(lambda: supervisor.urls != before and supervisor.urls)


@coroutine
async def test_changes_in_a_row(tmp_path: Path) -> None:
    """Each takes the place of the one that was still starting; one process is left."""
    mark = f"MARK-{tmp_path}"
    function = replace(program(tmp_path, "a"), environment={"MARK": mark})
    async with supervised(function) as (supervisor, _):
        await supervisor.ready()
        before = supervisor.urls
        for pause in (0, 0.01, 0.05, 0):
            supervisor.restart("a")
            await asyncio.sleep(pause)
        await eventually(lambda: supervisor.urls != before and len(marked(mark)) == 1)
    assert marked(mark) == []


@coroutine
async def test_ended_while_it_starts(tmp_path: Path) -> None:
    """At whatever moment the end comes, no process is left and nothing hangs."""
    mark = f"MARK-{tmp_path}"
    function = replace(program(tmp_path, "a"), environment={"MARK": mark})
    for steps in range(12):
        async with supervised(function):
            for _ in range(steps):
                await asyncio.sleep(0.002 * steps)
        assert marked(mark) == []
