"""`plait run`."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

import click
from click.shell_completion import CompletionItem

from plait.errors import PlaitError

if TYPE_CHECKING:
    from plait.local.client import Message

DATA = Path(".plait")
TIMEOUT = 300.0
_HINT = "as --map orders=http://127.0.0.1:8081"


def _environments(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[CompletionItem] | list[str]:
    """Imported when a shell asks: a broker alone does without what reads functions.yaml."""
    from plait.cli.options import environments

    return environments(ctx, param, incomplete)


@click.command("run")
@click.option(
    "--env",
    "environment",
    metavar="ENV",
    shell_complete=_environments,
    help="With what this environment sets.",
)
@click.option(
    "-f",
    "--file",
    "files",
    multiple=True,
    type=click.Path(path_type=Path, allow_dash=True),
    help="A Broker alone: Brokers and Triggers from this file or folder of Knative YAML; - is stdin.",
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
@click.option(
    "--env-file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Values of Secrets and ConfigMaps; .env beside functions.yaml, if not given.",
)
@click.option(
    "--no-reload",
    is_flag=True,
    help="Do not watch files: functions.yaml, .env and the functions' code, or those of -f.",
)
@click.option(
    "--log-format",
    type=click.Choice(["text", "json"]),
    default="text",
    help="How to print what the functions log.",
)
@click.option(
    "--send",
    type=click.Path(path_type=Path, exists=True, dir_okay=False, allow_dash=True),
    help="Send the event, or the list of events, of this file, and print what became of each.",
)
@click.option(
    "--until-idle", is_flag=True, help="End when all of --send is done; exit 1 where some was lost."
)
@click.option(
    "--timeout",
    type=click.FloatRange(0, min_open=True),
    metavar="SECONDS",
    help=f"How long --send may take; {TIMEOUT:g} with --until-idle.",
)
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print the traces."
)
@click.pass_obj
def command(  # noqa: PLR0913 - one argument an option
    root: Path,
    *,
    environment: str | None,
    files: Sequence[Path],
    mapping: Sequence[str],
    port: int,
    host: str,
    data: Path | None,
    memory: bool,
    keep: int,
    durable: bool,
    env_file: Path | None,
    no_reload: bool,
    log_format: Literal["text", "json"],
    send: Path | None,
    until_idle: bool,
    timeout: float | None,
    form: str,
) -> int:
    """Run the functions and a Broker like Knative's on this machine.

    Every function of functions.yaml becomes a process of its runtime, and is replaced when its code is
    saved. With -f it is the Broker alone, for any project. The URL of each Broker goes to standard
    output once it takes events. What was taken is on disk: after a stop or a crash it delivers what was
    open. Ctrl-C ends it.

    --send FILE --until-idle is for scripts. It keeps events in memory, unless --data is given, prints
    what became of those in FILE, and exits 1 where one was dead-lettered or given up.
    """
    if memory and data:
        raise click.UsageError("--memory and --data exclude each other")
    if until_idle and not send:
        raise click.UsageError("--until-idle goes with --send FILE")
    _refuse_mixed(files, env=environment, env_file=env_file)
    gc.enable()
    with _installed():
        from plait.cli import running
        from plait.local.processes.output import Console
        from plait.local.service import Options

    in_memory = memory or (until_idle and not data)
    options = Options(host, port, None if in_memory else root / (data or DATA), keep=keep, durable=durable)
    time_limit = timeout or (TIMEOUT if until_idle else None)
    batch = running.Batch(_messages(send), until_idle, time_limit, form) if send else None
    console = Console(sys.stderr, log_format)
    reload = not (no_reload or until_idle)
    if files:
        return asyncio.run(running.serve(options, files, _mapping(mapping), console, batch, reload=reload))
    if not (root / "functions.yaml").exists():
        hint = "plait init writes one; -f FILE runs the Brokers and Triggers of any project"
        raise PlaitError("no functions.yaml here", hint=hint, exit_code=2)
    with _installed():
        from plait.cli import flowing
        from plait.local.processes.session import Options as Functions

    functions = Functions(root, environment, env_file, reload)
    return asyncio.run(flowing.run(options, functions, _mapping(mapping), console, batch))


def _refuse_mixed(files: Sequence[Path], **given: object) -> None:
    """Options for functions say nothing to a broker alone."""
    if files and (names := [f"--{name.replace('_', '-')}" for name, value in given.items() if value]):
        raise click.UsageError(f"{', '.join(names)}: not with -f, which starts no functions")


@contextlib.contextmanager
def _installed() -> Iterator[None]:
    """Tells what to install where a library of the local broker is missing."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise PlaitError(f"{error.name} is not installed", hint="pip install 'plait[run]'") from None


def _messages(path: Path) -> Sequence[Message]:
    from plait.local.client import read_events

    with click.open_file(str(path), "rb") as file:
        return read_events(file.read(), "standard input" if str(path) == "-" else str(path))


def _mapping(pairs: Sequence[str]) -> Mapping[str, str]:
    found = {}
    for pair in pairs:
        name, equals, url = pair.partition("=")
        if not (name and equals and _is_http(url)):
            raise click.UsageError(f"--map {pair}: not SERVICE=URL, {_HINT}")
        found[name] = url
    return found


def _is_http(url: str) -> bool:
    """Whether it is the URL of a server."""
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
