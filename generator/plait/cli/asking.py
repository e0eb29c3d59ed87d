"""Options of the commands that talk to a running `plait run`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])

HOST = "127.0.0.1"
PORT = 8080


def options(command: Command) -> Command:
    """--port, --host and --format."""
    for option in (_FORMAT, _HOST, _PORT):
        command = option(command)
    return command


_PORT = click.option(
    "--port", type=click.IntRange(1, 65535), default=PORT, show_default=True, help="Where plait run listens."
)
_HOST = click.option("--host", default=HOST, show_default=True, help="The address that it listens on.")
_FORMAT = click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print it."
)
