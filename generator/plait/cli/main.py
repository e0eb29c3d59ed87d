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
from pathlib import Path

import click

from plait import __version__
from plait.errors import PlaitError, nearest

COMMANDS = {
    "init": "Write a first functions.yaml.",
    "new": "Add a function: its source folder and its entry in functions.yaml.",
    "generate": "Write base/ and overlays/ from functions.yaml.",
    "check": "Tell mistakes, warnings, hand edits and drift.",
    "render": "Print an environment's objects, without kustomize.",
    "release": "Set the versions that an environment runs.",
    "promote": "Carry versions from one environment to the next.",
    "status": "Show which environment runs which version.",
    "schema": "Write the JSON Schema of functions.yaml for editors.",
}


class Commands(click.Group):
    """Commands by name, imported on use."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order of use."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
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
            raise click.UsageError(f"no such command {args[0]!r}" + (f"; {hint}" if hint else ""), ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


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
    if "NO_COLOR" in os.environ and os.environ["NO_COLOR"]:
        ctx.color = False


def main(args: list[str] | None = None) -> None:
    """Run the command line and end the process."""
    sys.exit(run(args))


def run(args: list[str] | None = None) -> int:
    """Run the command line; its exit code."""
    gc.disable()  # a command is short and its data is a tree: nothing to collect but time
    try:
        result = cli.main(args, prog_name=_name(), standalone_mode=False)
        sys.stdout.flush()
        return result if isinstance(result, int) else 0
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except PlaitError as error:
        return _report(error)
    except (KeyboardInterrupt, click.Abort):
        click.echo("stopped", err=True)
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:  # noqa: BLE001 (the one boundary)
        return _bug(error)


def _report(error: PlaitError) -> int:
    text = str(error)
    click.echo(text if error.exit_code == 2 and "\n    " in text else f"error: {text}", err=True)
    return error.exit_code


def _bug(error: Exception) -> int:
    if os.environ.get("PLAIT_DEBUG"):
        raise error
    click.echo(f"error: {type(error).__name__}: {error}\n  hint: this is a bug in plait; PLAIT_DEBUG=1 shows where", err=True)
    return 1


def _name() -> str:
    """`plait`, `kubectl plait` or `kn plait`, by the name of the script."""
    stem = Path(sys.argv[0]).stem
    return stem.replace("-", " ", 1) if stem in ("kubectl-plait", "kn-plait") else "plait"
