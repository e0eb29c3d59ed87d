"""`plait run` with functions.yaml: functions and broker together, and what is said of them."""

from __future__ import annotations

import asyncio
import contextlib
import shlex
from collections.abc import AsyncIterator, Awaitable, Iterator, Mapping
from functools import partial

from plait.cli.running import Batch, attend, note_open, print_urls, tell_failures
from plait.errors import PlaitError
from plait.flow import Flow
from plait.local.gostd import userinfo
from plait.local.interrupt import Interrupt
from plait.local.processes.output import Console
from plait.local.processes.session import Options as Functions
from plait.local.processes.supervisor import Supervisor
from plait.local.routes import Trigger
from plait.local.run.contracts import watched
from plait.local.run.session import Running, session
from plait.local.service import Options

_PATIENCE = 10.0  # seconds; then the URLs are told, though not every function is ready
_PORT = 8080


async def run(
    options: Options,
    functions: Functions,
    mapping: Mapping[str, str],
    console: Console,
    work: Batch | None = None,
) -> int:
    """Run a functions.yaml until SIGINT or SIGTERM, or until the batch is done; the exit code.

    Args:
        options: of the broker.
        functions: of the processes.
        mapping: where else subscribers are.
        console: takes what is said.
        work: events to send first.

    Raises:
        PlaitError: as `session` and `attend`.
    """
    with Interrupt() as interrupt:
        async with session(options, functions, mapping, console) as running:
            interrupt.again = running.supervisor.kill
            note_open(running.service, console)
            tell_failures(running.service, console, partial(_function, running), work)
            async with _checked(running, functions, console), _announced(running, console, work):
                try:
                    ready = partial(_ready, running, work)
                    return await attend(running.service, interrupt, console, work, ready)
                except PlaitError:  # the batch is over: nobody waits for what is in flight
                    running.supervisor.kill()
                    raise


def _function(running: Running, trigger: Trigger) -> str:
    """Whose Trigger it is."""
    flow = running.wiring.flow
    owners = {item.name: name for name, items in flow.triggers.items() for item in items} if flow else {}
    return owners.get(trigger.name, trigger.name)


def _checked(
    running: Running, functions: Functions, console: Console
) -> contextlib.AbstractAsyncContextManager[None]:
    """Events are held against their contracts."""
    tell = partial(console.tell, level="warning")
    return watched(running.service, functions.root, lambda: running.wiring.flow, tell)


def _ready(running: Running, work: Batch | None) -> Awaitable[None]:
    only = work is not None and work.until_idle
    return _started(running.supervisor) if only else running.supervisor.ready()


async def _started(supervisor: Supervisor) -> None:
    """All are ready. Raises PlaitError where one did not start: nobody is there to mend it."""
    if missing := await supervisor.started():
        raise PlaitError(f"{', '.join(missing)} did not start", hint="what it printed is above")


@contextlib.asynccontextmanager
async def _announced(running: Running, console: Console, work: Batch | None) -> AsyncIterator[None]:
    """Say what runs where, once it does; nothing where only the batch counts."""
    if work and work.until_idle:
        yield
        return
    task = asyncio.create_task(_announce(running, console, urls=work is None))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _announce(running: Running, console: Console, *, urls: bool) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_PATIENCE):
            await running.supervisor.started()
    rows = list(_rows(running))
    width = max(len(name) for name, _ in rows)
    console.tell("\n".join(f"{name:{width}}  {text}" for name, text in rows))
    if urls:
        print_urls(running.service)


def _rows(running: Running) -> Iterator[tuple[str, str]]:
    service, flow = running.service, running.wiring.flow
    for broker in service.broker.routes.brokers:
        yield "broker", service.ingress_url(broker.key)
    yield "page", f"{service.url}/_plait/"
    for name in running.supervisor.waiting:
        yield name, "is not ready; its events wait"
    for name, url in running.supervisor.urls.items():
        yield name, userinfo.without(url)
    if flow and (example := example_event(flow)):
        port = [] if service.port == _PORT else ["--port", str(service.port)]
        yield "try", shlex.join(["plait", "send", *port, *example])


def example_event(flow: Flow) -> list[str]:
    """The arguments of `plait send` for an event that the flow waits for; [] where that cannot be told.

    One that comes from outside (`spec.external`) before one that a function waits for.
    """
    exact = [
        element["exact"]
        for triggers in flow.triggers.values()
        for trigger in triggers
        for element in trigger.filters[:1]
        if "exact" in element
    ]
    known = [{"type": item.type, "source": item.source} for item in flow.body.external]
    for attributes in (*known, *exact):
        if attributes.get("type"):
            return list(_arguments(attributes))
    return []


def _arguments(attributes: Mapping[str, str | None]) -> Iterator[str]:
    for name, text in attributes.items():
        if text is not None:
            own = name in ("type", "source", "subject", "id")
            yield from (f"--{name}", text) if own else ("-a", f"{name}={text}")
    yield from ("--data", '{"hello": "world"}')
