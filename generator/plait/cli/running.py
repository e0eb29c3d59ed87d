"""What `plait run` does once it knows what to run: serve until Ctrl-C, or carry out a batch of events."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import click

from plait.errors import PlaitError
from plait.local.client import Message
from plait.local.interrupt import Interrupt
from plait.local.routes import Routes, build, manifests
from plait.local.run import batch
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
    options: Options, files: Sequence[Path], mapping: Mapping[str, str], work: Batch | None = None
) -> int:
    """Run the Brokers of Knative's YAML until SIGINT or SIGTERM; the exit code. Raises PlaitError."""
    objects = manifests.read_all(files)
    service = Service(options)
    # Mistakes come before the port is taken.
    planned = build.build(objects, build.Resolver(mapping, service.planned_url))
    if work and len(planned.brokers) != 1:
        raise PlaitError("--send is for one Broker, here are more", hint="use plait send", exit_code=2)
    with Interrupt() as interrupt:
        interrupt.again = _end_now
        await service.start()
        try:
            routes = build.build(objects, build.Resolver(mapping, service.ingress_url))
            service.broker.configure(routes)
            _announce(service, routes, urls=work is None)
            return await attend(service, interrupt, work, _ready)
        finally:
            await service.stop()


def _end_now() -> None:
    os._exit(130)


async def _ready() -> None:
    """Subscribers that plait did not start are taken for ready."""


def _announce(service: Service, routes: Routes, *, urls: bool) -> None:
    for broker in routes.brokers:
        if not broker.declared:
            told = f"no file declares Broker {broker.key}; it gets Knative's defaults"
            click.echo(f"note: {told}", err=True)
    note_open(service)
    if urls:
        print_urls(service)


def note_open(service: Service) -> None:
    """Say what the store holds from before."""
    waiting = sum(service.store.open_counts.values())
    if waiting:
        told = "1 delivery was open, it goes" if waiting == 1 else f"{waiting} deliveries were open, they go"
        click.echo(f"note: {told} on", err=True)


def print_urls(service: Service) -> None:
    """The ingress of each Broker, on standard output, for whoever waits for it."""
    for broker in service.broker.routes.brokers:
        click.echo(service.ingress_url(broker.key))
    sys.stdout.flush()


async def attend(service: Service, interrupt: Interrupt, work: Batch | None, ready: Ready) -> int:
    """Carry out the batch, and unless that is all stay until a signal comes; the exit code.

    Args:
        service: the running broker.
        interrupt: the signals.
        work: the batch, if any.
        ready: waits until the subscribers are.

    Raises:
        PlaitError: an event that is refused, or the time is over.
        click.Abort: a signal came before the batch was done.
    """
    if work:
        lost = await _unless(interrupt, _carry_out(service, work, ready))
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


async def _carry_out(service: Service, work: Batch, ready: Ready) -> list[str]:
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
    lost = await _show(service, numbers, work)
    for line in lost:
        click.echo(line, err=True)
    return lost


async def _show(service: Service, numbers: Sequence[int], work: Batch) -> list[str]:
    from plait.cli import traced

    found = await batch.traces(service, numbers)
    traced.show(found, work.form)
    return [line for trace in found for line in batch.lost(trace)]


def _late(service: Service, work: Batch, *, sent: bool) -> PlaitError:
    hint = "--timeout SECONDS gives it more time"
    if not sent:
        return PlaitError(f"not ready, so nothing was sent, after {work.timeout:g} s", hint=hint)
    count = service.broker.open
    told = f"{count} {'delivery is' if count == 1 else 'deliveries are'} still open after {work.timeout:g} s"
    return PlaitError(told, hint=hint)
