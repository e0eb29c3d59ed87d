"""One process of a function: started, asked whether it is ready, ended with all that it started."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast

from plait.local.processes.keeper import LAUNCH, Keeper
from plait.local.processes.lines import Line, Lines
from plait.local.processes.plan import HOST, Planned
from plait.local.processes.readiness import READY, ask

# Seconds: between two questions, for the last output of a process that is over.
_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 0.5
_LAST_OUTPUT = 1.0
_OUTPUTS = (1, 2)
_DIRECTORY = "/"  # as in the images: a path that is relative to the code would be wrong there too


@dataclass(frozen=True)
class Tools:
    """What all processes share.

    Attributes:
        keeper: ends them where plait cannot.
        line: takes what they print: the function's name and a line.
        tell: takes what is said of them: a text, the function's name, a level.
        port: a port that is free now.
    """

    keeper: Keeper
    line: Callable[[str, Line], None]
    tell: Callable[[str, str, str], None]
    port: Callable[[], int]


@dataclass(eq=False)
class Child(asyncio.SubprocessProtocol):
    """A process on a port of its own, in a session of its own.

    Attributes:
        ended: set when the process is over.
        answer: what it last answered to the question whether it is ready.
    """

    planned: Planned
    tools: Tools
    port: int
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    answer: str = "nothing"
    _closed: asyncio.Event = field(default_factory=asyncio.Event)
    _lines: dict[int, Lines] = field(default_factory=lambda: {fd: Lines() for fd in _OUTPUTS})
    _transport: asyncio.SubprocessTransport | None = None
    _starting: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        """Where its events go."""
        return f"http://{HOST}:{self.port}"

    async def start(self) -> None:
        """Start it. Raises OSError, ValueError where the system cannot."""
        self._starting = asyncio.create_task(self._start())
        await asyncio.shield(self._starting)  # cancelled half-way it would be nobody's

    async def _start(self) -> None:
        await asyncio.get_running_loop().subprocess_exec(
            lambda: self,
            *LAUNCH,
            *self.planned.command,
            stdin=self.tools.keeper.pipe,
            cwd=_DIRECTORY,
            env={**self.planned.environment, "PORT": str(self.port)},
            start_new_session=True,
        )

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """It runs."""
        self._transport = cast(asyncio.SubprocessTransport, transport)

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        """As asyncio gives it: read at once, always, since a full pipe holds up the function."""
        for line in self._lines[fd].feed(data):
            self.tools.line(self.planned.name, line)

    def pipe_connection_lost(self, fd: int, exc: Exception | None) -> None:  # noqa: ARG002
        """The end of one output."""
        for line in self._lines[fd].end():
            self.tools.line(self.planned.name, line)

    def process_exited(self) -> None:
        """It is over: so is all that it started, which would otherwise be nobody's."""
        self.kill()
        assert self._transport
        self.tools.keeper.forget(self._transport.get_pid())
        self.ended.set()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        """It is over and all that it printed is read."""
        self._closed.set()

    async def ready(self) -> bool:
        """Wait until it is ready (True) or over (False)."""
        tasks = [asyncio.create_task(self._answers()), asyncio.create_task(self.ended.wait())]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
        return not self.ended.is_set()

    async def _answers(self) -> None:
        pause = _FIRST_PAUSE
        while (answer := await ask(HOST, self.port)) != READY:
            self.answer = answer
            await asyncio.sleep(pause)
            pause = min(pause * 1.3, _LONGEST_PAUSE)

    async def finished(self) -> int:
        """Wait until it is over and its output is read; its exit code, below 0 for a signal."""
        await self.ended.wait()
        assert self._transport
        with contextlib.suppress(TimeoutError):  # a process that left the group may hold the pipe
            async with asyncio.timeout(_LAST_OUTPUT):
                await self._closed.wait()
        self._transport.close()
        return self._transport.get_returncode() or 0

    async def stop(self) -> None:
        """SIGTERM, so that it finishes what is in flight; SIGKILL when its time is up."""
        if self._starting:
            with contextlib.suppress(OSError, ValueError):
                await self._starting
        if self._transport is None:
            return
        self._terminate()
        try:
            async with asyncio.timeout(self.planned.grace):
                await self.ended.wait()
        except TimeoutError:
            text = f"killed: it did not end within {self.planned.grace:g} s of SIGTERM"
            self.tools.tell(text, self.planned.name, "warning")
            self.kill()
        await self.finished()

    def _terminate(self) -> None:
        """SIGTERM to the function itself, as in a pod: what it started may be at work for it.

        Not by the transport, which would look for the exit code, and take it from who waits for it.
        """
        if self._transport and not self.ended.is_set():
            with contextlib.suppress(OSError):
                os.kill(self._transport.get_pid(), signal.SIGTERM)

    def kill(self) -> None:
        """SIGKILL to it and all that it started."""
        if self._transport:
            with contextlib.suppress(OSError):
                os.killpg(self._transport.get_pid(), signal.SIGKILL)
