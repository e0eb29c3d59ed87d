"""A functions.yaml that really runs, small programs in the place of runtimes, and looks into /proc."""

from __future__ import annotations

import asyncio
import functools
import io
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, ParamSpec

from plait import emit
from plait.local.processes.output import Console
from plait.local.processes.plan import Plan, Planned
from plait.local.processes.supervisor import Supervisor

PATIENCE = 60.0
P = ParamSpec("P")

# A server that is ready at once and ends on SIGTERM, in the fewest milliseconds that Python starts in.
SERVER = """
import os, socket, signal
signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
server = socket.create_server(("127.0.0.1", int(os.environ["PORT"])))
{setup}
while True:
    connection, _ = server.accept()
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 {status} x\\r\\nContent-Length: 0\\r\\n\\r\\n")
    connection.close()
"""
ECHO = "def handle(event):\n    print('event', event.get_id())\n    return None\n"


def coroutine(test: Callable[P, Awaitable[None]]) -> Callable[P, None]:
    """A test that is a coroutine, in a loop of its own, for PATIENCE seconds at the most."""

    @functools.wraps(test)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        async def limited() -> None:
            async with asyncio.timeout(PATIENCE):
                await test(*args, **kwargs)

        asyncio.run(limited())

    return run


async def eventually(condition: Callable[[], object]) -> None:
    """Wait until it holds; the test's own time limit ends it."""
    while not condition():  # noqa: ASYNC110 - of another process, mostly
        await asyncio.sleep(0.02)


class Screen(Console):
    """A console whose text can be looked at."""

    def __init__(self, **options: Any) -> None:
        self.stream = io.StringIO()
        super().__init__(self.stream, **options)

    @property
    def text(self) -> str:
        """All of it."""
        return self.stream.getvalue()

    def has(self, *parts: str) -> Callable[[], bool]:
        """Whether the texts are on it, for `eventually`."""
        return lambda: all(part in self.text for part in parts)


def program(folder: Path, name: str, code: str = "", *, setup: str = "", status: int = 200) -> Planned:
    """A function that is a small program: `code`, or SERVER with a setup and a readiness."""
    home = folder / name
    home.mkdir(exist_ok=True)
    script = home / "program.py"
    script.write_text(code or SERVER.format(setup=setup, status=status))
    return Planned(name, (sys.executable, "-I", "-S", str(script)), home, {}, frozenset(), 10)


def planned(*functions: Planned) -> Plan:
    """A plan of them."""
    return Plan({function.name: function for function in functions})


@asynccontextmanager
async def supervised(*functions: Planned, **options: Any) -> AsyncIterator[tuple[Supervisor, Screen]]:
    """A supervisor that runs them."""
    screen = Screen()
    async with Supervisor(screen, **options) as supervisor:
        supervisor.apply(planned(*functions))
        yield supervisor, screen


def spec(functions: Mapping[str, Mapping[str, Any]], **body: Any) -> str:
    """The text of a functions.yaml; `runtime: python`, source and image where a function does not say."""
    own = {"image": "registry.example.com/demo/x:1"}
    full = {
        name: {"runtime": "python", "source": f"functions/{name}", **own, **function}
        for name, function in functions.items()
    }
    head = {"apiVersion": "plait.dev/v1", "kind": "Functions", "metadata": {"name": "shop"}}
    return emit.document({**head, "spec": {"namespace": "shop", "functions": full, **body}})


def write(root: Path, functions: Mapping[str, Mapping[str, Any]], code: str = ECHO, **body: Any) -> Path:
    """A project: functions.yaml, and function.py of each function where there is none."""
    (root / "functions.yaml").write_text(spec(functions, **body))
    for name in functions:
        folder = root / "functions" / name
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / "function.py").exists():
            (folder / "function.py").write_text(code)
    return root


def marked(mark: str) -> list[int]:
    """The processes that have this text in their environment, zombies apart (theirs is empty)."""
    return [int(entry.parent.name) for entry in Path("/proc").glob("[0-9]*/environ") if mark in _read(entry)]


def _read(path: Path) -> str:
    try:
        return path.read_text(errors="replace")
    except OSError:  # it has just ended, or is another user's
        return ""


async def post(url: str, **attributes: str) -> int:
    """Post an event; the status of the answer."""
    host, _, port = url.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    event = {"specversion": "1.0", "id": "1", "source": "/s", "type": "t", **attributes}
    lines = [f"ce-{name}: {value}" for name, value in event.items()]
    head = ["POST / HTTP/1.1", "host: localhost", "content-length: 0", "connection: close", *lines]
    writer.write("\r\n".join([*head, "", ""]).encode())
    status = int((await reader.read()).split()[1])
    writer.close()
    return status
