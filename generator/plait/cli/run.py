"""`plait run`."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from plait.errors import PlaitError
from plait.local.routes import Routes
from plait.local.service import Options, Service

DATA = Path(".plait")
_HINT = "as --map orders=http://127.0.0.1:8081"


@click.command("run")
@click.option(
    "-f",
    "--file",
    "files",
    multiple=True,
    type=click.Path(path_type=Path, allow_dash=True),
    help="Take Brokers and Triggers from this file or folder of Knative YAML; - is standard input.",
)
@click.option(
    "--map",
    "mapping",
    multiple=True,
    metavar="SERVICE=URL",
    help="Where a subscriber that is named by ref runs; also NAMESPACE/SERVICE=URL.",
)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8080, show_default=True, help="0 takes a free one."
)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    help=f"The folder that keeps events; {DATA} without this.",
)
@click.option("--memory", is_flag=True, help="Keep events in memory alone: they are gone when it stops.")
@click.option(
    "--keep",
    type=click.IntRange(1),
    default=10_000,
    show_default=True,
    help="How many delivered events stay.",
)
@click.option(
    "--durable", is_flag=True, help="Flush each commit to the disk itself: outlasts a power cut, is slower."
)
@click.pass_obj
def command(  # noqa: PLR0913 (one argument an option)
    root: Path,
    files: Sequence[Path],
    mapping: Sequence[str],
    port: int,
    host: str,
    data: Path | None,
    memory: bool,  # noqa: FBT001
    keep: int,
    durable: bool,  # noqa: FBT001
) -> None:
    """Run a Broker on this machine that behaves as Knative's.

    It prints the URL of each Broker once it takes events, and runs until Ctrl-C. What it has taken is on
    disk: after a stop or a crash it delivers what was open.
    """
    if not files:
        raise PlaitError(
            "nothing to run", hint="plait run -f FILE_OR_DIR takes Brokers and Triggers", exit_code=2
        )
    if memory and data:
        raise click.UsageError("--memory and --data exclude each other")
    gc.enable()
    folder = None if memory else root / (data or DATA)
    options = Options(host, port, folder, keep=keep, durable=durable)
    asyncio.run(serve(options, files, _mapping(mapping)))


def _mapping(pairs: Sequence[str]) -> Mapping[str, str]:
    found = {}
    for pair in pairs:
        name, equals, url = pair.partition("=")
        if not (name and equals and url.startswith(("http://", "https://"))):
            raise click.UsageError(f"--map {pair}: not SERVICE=URL, {_HINT}")
        found[name] = url
    return found


async def serve(options: Options, files: Sequence[Path], mapping: Mapping[str, str]) -> None:
    """Run the Brokers of these files until SIGINT or SIGTERM. Raises PlaitError."""
    from plait.local.routes import build, manifests

    objects = manifests.read_all(files)
    service = Service(options)
    build.build(
        objects, build.Resolver(mapping, service.planned_url)
    )  # mistakes come before the port is taken
    await service.start()
    try:
        routes = build.build(objects, build.Resolver(mapping, service.ingress_url))
        service.broker.configure(routes)
        _announce(service, routes)
        await _stopped()
    finally:
        await service.stop()


def _announce(service: Service, routes: Routes) -> None:
    for broker in routes.brokers:
        if not broker.declared:
            told = f"no file declares Broker {broker.key}; it gets Knative's defaults"
            click.echo(f"note: {told}", err=True)
    waiting = sum(service.store.open_counts.values())
    if waiting:
        click.echo(f"note: {waiting} deliveries were open, they go on", err=True)
    for broker in routes.brokers:
        click.echo(service.ingress_url(broker.key))
    click.get_text_stream("stdout").flush()


async def _stopped() -> None:
    """Until SIGINT or SIGTERM; a second one ends the process at once."""
    loop, asked = asyncio.get_running_loop(), asyncio.Event()

    def ask() -> None:
        if asked.is_set():
            os._exit(130)
        asked.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ask)
    await asked.wait()
