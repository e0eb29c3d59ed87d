"""Entry point of `plait`, `kubectl plait` and `kn plait`.

A command's module is imported when the command runs, so that `plait --help` stays quick. Every error
ends here: exit 0 fine, 1 difference or failure, 2 usage or a bad functions.yaml. No traceback reaches
a user; PLAIT_DEBUG=1 shows it.
"""

from __future__ import annotations

import gc
import os
import sys
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path

import click
from click.shell_completion import CompletionItem

from plait import __version__
from plait.errors import PlaitError, SpecError, nearest, short

INTERRUPTED = 130  # as a shell says it: 128 and the number of SIGINT

COMMANDS = {
    "init": "Write a first functions.yaml.",
    "new": "Add a function: its source folder and its entry in functions.yaml.",
    "import": "Write a functions.yaml from Kubernetes manifests.",
    "generate": "Write base/, overlays/ and gitops/ from functions.yaml.",
    "check": "Tell mistakes, warnings, hand edits and drift.",
    "render": "Print an environment's objects, without kustomize.",
    "build": "Build a function's image, on that of its runtime.",
    "release": "Set the versions that an environment runs.",
    "promote": "Carry versions from one environment to the next.",
    "status": "Show which environment runs which version.",
    "diff": "Tell what changes between two revisions, or two environments.",
    "graph": "Draw the flow: who emits which events, and who takes them.",
    "explain": "Tell which Triggers an event reaches, and why not the others.",
    "run": "Run the functions and a Broker like Knative's on this machine.",
    "send": "Send an event to the local broker, or to any URL.",
    "events": "List the events that the local broker has, the newest last.",
    "trace": "Show what became of an event: Triggers, attempts, replies.",
    "replay": "Send an event that was kept once more.",
    "krm": "Be a KRM function of kustomize or kpt.",
    "cmp": "Be a config management plugin of Argo CD.",
    "schema": "Write the JSON Schema of functions.yaml for editors.",
}


class Commands(click.Group):
    """Commands by name, imported on use."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """In the order of use."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command, or None for an unknown name."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"plait.cli.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, with the nearest name for an unknown one."""
        if args and not args[0].startswith("-") and args[0] not in COMMANDS:
            hint = nearest(args[0], COMMANDS)
            raise click.UsageError(f"no such command {short(args[0])}" + (f"; {hint}" if hint else ""), ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The list of commands, without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """The commands, without importing them, and the options."""
        names = [
            CompletionItem(name, help=text) for name, text in COMMANDS.items() if name.startswith(incomplete)
        ]
        return names + click.Command.shell_complete(self, ctx, incomplete)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "-C",
    "directory",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    default=Path(),
    help="Work in this folder: the one of functions.yaml.",
)
@click.version_option(__version__, prog_name="plait")
@click.pass_context
def cli(ctx: click.Context, directory: Path) -> None:
    """Braid functions and triggers: one functions.yaml becomes the repository that Argo CD or Flux syncs."""
    ctx.obj = directory
    if os.environ.get("NO_COLOR"):
        ctx.color = False


def main(args: list[str] | None = None) -> None:
    """Run the command line and end the process."""
    gc.disable()  # a command is short and its data is a tree: nothing to collect but time
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a file name that is not UTF-8 is shown escaped
            stream.reconfigure(errors="backslashreplace")
    sys.exit(run(args))


def krm() -> None:
    """`plait-krm`: kustomize before 5.7 takes a program without arguments."""
    main(["krm"])


def run(args: list[str] | None = None) -> int:
    """Run the command line; its exit code."""
    try:
        code = _run(args)
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError as error:
        return _unwritable(error)
    return code


def _run(args: list[str] | None) -> int:
    """Run it, and tell every error but that of standard output itself."""
    try:
        result = cli.main(args, prog_name=_name(), standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except PlaitError as error:
        return _report(error)
    except (KeyboardInterrupt, click.Abort):
        click.echo("stopped", err=True)
        return INTERRUPTED
    except OSError as error:
        if error.filename is None:
            raise
        return _failed(error, f"{error.filename}: {error.strerror}")
    except Exception as error:  # noqa: BLE001 (the one boundary)
        told = f"{type(error).__name__}: {error}".rstrip(": ")
        return _failed(error, f"{told}\n  hint: this is a bug in plait; PLAIT_DEBUG=1 shows where")
    return result if isinstance(result, int) else 0


def _report(error: PlaitError) -> int:
    """A mistake with its place already reads as an error; a sentence needs the word."""
    text = str(error)
    click.echo(text if isinstance(error, SpecError) else f"error: {text}", err=True)
    return error.exit_code


def _failed(error: Exception, text: str) -> int:
    if os.environ.get("PLAIT_DEBUG"):
        raise error
    click.echo(f"error: {text}", err=True)
    return 1


def _unwritable(error: OSError) -> int:
    """Nobody reads any more (`plait render ENV | head -1`), or what takes the output is full.

    Python flushes once more at its end: whatever is left goes nowhere.
    """
    nowhere = os.open(os.devnull, os.O_WRONLY)
    streams = [sys.stdout]
    if isinstance(error, BrokenPipeError):
        streams.append(sys.stderr)
    else:
        click.echo(f"error: standard output: {error.strerror or error}", err=True)
    for stream in filter(None, streams):
        os.dup2(nowhere, stream.fileno())
    return 1


def _name() -> str:
    """`plait`, `kubectl plait` or `kn plait`, by the name of the script."""
    stem = Path(sys.argv[0]).stem
    return stem.replace("-", " ", 1) if stem in ("kubectl-plait", "kn-plait") else "plait"
