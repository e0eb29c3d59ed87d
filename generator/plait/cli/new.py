"""`plait new`."""

from __future__ import annotations

from pathlib import Path

import click

from plait import disk, scaffold
from plait.cli import show
from plait.errors import PlaitError
from plait.project import SPEC, load_spec
from plait.spec.load import MAX_BYTES, decode, load

RUNTIMES = [*scaffold.TEMPLATES, "container"]


@click.command("new")
@click.argument("runtime", type=click.Choice(RUNTIMES))
@click.argument("name")
@click.option("--image", help="Its image; a place holder at registry.example.com, if not given.")
@click.pass_obj
def command(root: Path, runtime: str, name: str, image: str | None) -> None:
    """Add a function: its source folder and its entry in functions.yaml.

    The entry goes behind the last function; every other line stays as it is. Never overwrites a file.
    """
    with disk.locked(root, show.waiting):
        spec = load_spec(root).spec
        if name in spec.spec.functions:
            raise PlaitError(f"there is a function {name!r} already", where=SPEC, hint="choose another name")
        entry = scaffold.function_entry(spec.metadata.name, runtime, name, image)
        text = decode(disk.read(root / SPEC, MAX_BYTES), SPEC)
        changed = scaffold.with_function(text, name, entry)
        load(changed.encode(), SPEC)
        template = scaffold.TEMPLATES.get(runtime)
        if template:
            path = root / "functions" / name / template.file
            disk.create(path, template.text.format(name=name).encode())
            show.talk(f"wrote {path}")
        disk.write(root / SPEC, changed.encode())
    show.talk(f"added {name} to {root / SPEC}; next: its events, then plait generate")
