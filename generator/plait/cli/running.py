"""What `plait run` does once it knows what to run: serve until Ctrl-C, or carry out a batch of events."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import click

from plait.errors import PlaitError
from plait.local.client import Message
from plait.local.delivery.failed import Failed
from plait.local.interrupt import Interrupt
from plait.local.processes.output import Console
from plait.local.routes import Trigger
from plait.local.run import batch
from plait.local.run.alone import Alone
from plait.local.service import Options, Service

T = TypeVar("T")
Ready = Callable[[], Awaitable[None]]


@dataclass(frozen=True)
class Batch:
    """Events to send, and how.

    Attributes:
        messages: the events.
        until_idle: whether that is all.
        timeout: seconds that it may take, or None.
        form: `text` or `json`, of what is printed.
    """

    messages: Sequence[Message]
    until_idle: bool
    timeout: float | None
    form: str


async def serve(
    options: Options,
    files: Sequence[Path],
    mapping: Mapping[str, str],
    console: Console,
    work: Batch | None = None,
    *,
    reload: bool = False,
) -> int:
    """Run the Brokers of Knative's YAML until SIGINT or SIGTERM, or until the batch is done; the exit code.

    Args:
        options: of the broker.
        files: of the YAML; `-` is standard input.
        mapping: where subscribers are.
        console: takes what is said.
        work: events to send first.
        reload: whether to watch the files.

    Raises:
        PlaitError: mistakes in the files, and those of `attend`.
    """
    alone, service = Alone(files, mapping, console), Service(options)
    planned = alone.routes(service.planned_url)  # mistakes come before the port is taken
    if work and len(planned.brokers) != 1:
        raise PlaitError("--send is for one Broker, here are more", hint="use plait send", exit_code=2)
    with Interrupt() as interrupt:
        interrupt.again = _end_now
        await service.start()
        try:
            tell_failures(service, console, lambda trigger: trigger.key, work)
            alone.apply(service)
            async with alone.followed(service) if reload else contextlib.nullcontext():
                note_open(service, console)
                if work is None:
                    print_urls(service)
                return await attend(service, interrupt, console, work, _ready)
        finally:
            await service.stop()


def _end_now() -> None:
    os._exit(130)


async def _ready() -> None:
    """Subscribers that plait did not start are taken for ready."""


def tell_failures(
    service: Service, console: Console, named: Callable[[Trigger], str], work: Batch | None
) -> None:
    """Say of each attempt that failed when the next one comes, or that there is none.

    Args:
        service: the broker.
        console: takes the lines.
        named: under which name a Trigger's are shown.
        work: the batch, if any; where it is all, what was lost is told at its end.
    """
    at_the_end = work is not None and work.until_idle

    def tell(failed: Failed) -> None:
        if failed.waits or not at_the_end:
            console.tell(str(failed), named(failed.trigger), "error" if failed.lost else "warning")

    service.broker.on_failed = tell


def note_open(service: Service, console: Console) -> None:
    """Say what the store holds from before."""
    waiting = sum(service.store.open_counts.values())
    if waiting:
        told = "1 delivery was open, it goes" if waiting == 1 else f"{waiting} deliveries were open, they go"
        console.tell(f"note: {told} on")


def print_urls(service: Service) -> None:
    """The ingress of each Broker, on standard output, for whoever waits for it."""
    for broker in service.broker.routes.brokers:
        click.echo(service.ingress_url(broker.key))
    sys.stdout.flush()


async def attend(
    service: Service, interrupt: Interrupt, console: Console, work: Batch | None, ready: Ready
) -> int:
    """Carry out the batch, and unless that is all stay until a signal comes; the exit code.

    Args:
        service: the running broker.
        interrupt: the signals.
        console: takes what is said.
        work: the batch, if any.
        ready: waits until the subscribers are.

    Raises:
        PlaitError: an event that is refused, or the time is over.
        click.Abort: a signal came before the batch was done.
    """
    if work:
        lost = await _unless(interrupt, _carry_out(service, console, work, ready))
        if work.until_idle:
            return 1 if lost else 0
    await interrupt.came.wait()
    return 0


async def _unless(interrupt: Interrupt, work: Coroutine[None, None, T]) -> T:
    """The result of the work; click.Abort where a signal comes first."""
    doing, stopping = asyncio.ensure_future(work), asyncio.ensure_future(interrupt.came.wait())
    try:
        await asyncio.wait([doing, stopping], return_when=asyncio.FIRST_COMPLETED)
        if not doing.done():
            raise click.Abort
        return doing.result()
    finally:
        doing.cancel()
        stopping.cancel()
        await asyncio.gather(doing, stopping, return_exceptions=True)


async def _carry_out(service: Service, console: Console, work: Batch, ready: Ready) -> list[str]:
    """Send the events, print what became of them; what was lost, which is told too."""
    numbers: list[int] = []
    try:
        async with asyncio.timeout(work.timeout):
            await ready()
            for message in work.messages:
                key = service.broker.routes.brokers[0].key
                numbers.append(await batch.send(service, key, message))
            await service.broker.idle()
    except TimeoutError:
        await _show(service, numbers, work)
        raise _late(service, work, sent=bool(numbers)) from None
    found = await _show(service, numbers, work)
    for trace in found:
        if told := batch.unreached(service.broker.routes.brokers[0], trace):
            console.tell(told, level="warning")
    lost = [line for trace in found for line in batch.lost(trace)]
    for line in lost if work.until_idle else ():  # else each was told when it came to that
        console.tell(line, level="error")
    return lost


async def _show(service: Service, numbers: Sequence[int], work: Batch) -> Sequence[batch.Json]:
    from plait.cli import traced

    found = await batch.traces(service, numbers)
    traced.show(found, work.form)
    return found


def _late(service: Service, work: Batch, *, sent: bool) -> PlaitError:
    hint = "--timeout SECONDS gives it more time"
    if not sent:
        return PlaitError(f"not ready, so nothing was sent, after {work.timeout:g} s", hint=hint)
    count = service.broker.open
    told = f"{count} {'delivery is' if count == 1 else 'deliveries are'} still open after {work.timeout:g} s"
    return PlaitError(told, hint=hint)
