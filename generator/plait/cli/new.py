"""`plait new`."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import click

from plait import disk, scaffold
from plait.cli import show
from plait.errors import PlaitError
from plait.project import SPEC, load_spec

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
        path, spec = disk.place(root, SPEC), load_spec(root).spec
        if name in spec.spec.functions:
            raise PlaitError(f"there is a function {name!r} already", where=SPEC, hint="choose another name")
        entry = scaffold.function_entry(spec.metadata.name, runtime, name, image)
        changed = scaffold.with_function(disk.read(root / SPEC).decode(), name, entry)
        scaffold.check(changed)
        with _source(root, runtime, name):
            disk.write(path, changed.encode())
    show.talk(f"added {name} to {root / SPEC}; next: its events, then plait generate")


@contextlib.contextmanager
def _source(root: Path, runtime: str, name: str) -> Iterator[None]:
    """Write the source folder, and take it back where functions.yaml cannot be written after it."""
    template = scaffold.TEMPLATES.get(runtime)
    if template is None:
        yield
        return
    path = disk.place(root, f"functions/{name}/{template.file}")
    disk.create(path, template.text.format(name=name).encode())
    try:
        yield
    except BaseException:
        path.unlink()
        with contextlib.suppress(OSError):  # a folder that holds more stays
            path.parent.rmdir()
            path.parent.parent.rmdir()
        raise
    show.talk(f"wrote {path}")
