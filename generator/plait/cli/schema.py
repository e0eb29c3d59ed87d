"""`plait schema`."""

from __future__ import annotations

from pathlib import Path

import click

from plait import disk
from plait.cli import show
from plait.spec import schema

PATH = "schemas/functions.v1.json"


@click.command("schema")
@click.option(
    "-o",
    "--output",
    metavar="FILE|-",
    default=PATH,
    show_default=True,
    help="Where to write it; - prints it.",
)
@click.pass_obj
def command(root: Path, output: str) -> None:
    """Write the JSON Schema of functions.yaml for editors.

    They complete and check the file by it. Its first line names the schema:

    \b
    # yaml-language-server: $schema=schemas/functions.v1.json
    """  # noqa: D301 - click reads that character
    text = schema.text()
    if output == "-":
        click.echo(text, nl=False)
        return
    path = disk.place(root, output)
    if path.exists() and disk.read(path) == text.encode():
        show.talk(f"{path} is current")
        return
    disk.write(path, text.encode())
    show.talk(f"wrote {path}")
