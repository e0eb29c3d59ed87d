"""`plait release`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import click

from plait import disk, promote
from plait.cli import show
from plait.cli.options import environments, functions_of
from plait.errors import PlaitError, short
from plait.project import Project
from plait.spec.image import Image


@click.command("release")
@click.argument("environment", shell_complete=environments)
@click.argument(
    "functions",
    nargs=-1,
    required=True,
    metavar="FUNCTION[=IMAGE[@DIGEST]]...",
    shell_complete=functions_of,
)
@click.option("--follow", is_flag=True, help="Let the functions follow functions.yaml from now on.")
@click.option("--resolve", is_flag=True, help="Ask the registry for the digest of each tag, and pin that.")
@click.option("--dry-run", is_flag=True, help="Show the difference and write nothing.")
@click.pass_obj
def command(
    root: Path, environment: str, functions: tuple[str, ...], *, follow: bool, resolve: bool, dry_run: bool
) -> None:
    """Set the versions that an environment runs.

    Each function stays at its version until the next release.
    FUNCTION alone takes the version that functions.yaml names. Code of `packaging: configMap` is taken
    as it is now; FUNCTION alone then leaves the runtime's image as it is. `-` reads
    {"FUNCTION": "IMAGE", ...} from standard input (null for FUNCTION alone).
    --resolve logs in to the registry as docker and podman do, by their files of credentials.
    """
    versions = _read_stdin() if functions == ("-",) else _parse_all(functions)
    if follow and any(versions.values()):
        raise click.UsageError("--follow takes FUNCTION without an image: the version is functions.yaml's")
    if follow and resolve:
        raise click.UsageError("--resolve pins a digest, and --follow pins nothing: choose one")
    with disk.locked(root, show.waiting):
        project = Project.load(root)
        decided = promote.release(project, environment, versions, follow=follow)
        if resolve:
            digests = _resolved(decided, environment, versions)
            decided = promote.release(project, environment, digests, follow=False)
        show.carry_out(decided, dry_run=dry_run)
        if not dry_run:
            _tell(project, decided, environment, versions)


def _tell(project: Project, decided: Project, environment: str, names: Iterable[str]) -> None:
    """Which versions change: one that goes back is seen."""
    for name in names:
        was, now = (_version(one, environment, name) for one in (project, decided))
        if was != now:
            show.talk(f"{name} {was} -> {now}")


def _version(project: Project, environment: str, name: str) -> str:
    unit = project.overlays[environment].units.get(name)
    return (unit.image.version if unit and unit.image else None) or "no version"


def _resolved(decided: Project, environment: str, names: Iterable[str]) -> dict[str, Image]:
    """What the environment would run, each tag with its digest: of the registry it pulls from."""
    from plait import registry

    images = {}
    for name in names:
        image = decided.overlays[environment].units[name].image
        assert image is not None
        images[name] = registry.resolve(image)
        show.talk(f"{name}: {images[name]}")
    return images


def _parse_all(arguments: Sequence[str]) -> dict[str, Image | None]:
    versions = [_parse(argument) for argument in arguments]
    names = [name for name, _ in versions]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise click.UsageError(f"named twice: {', '.join(twice)}")
    return dict(versions)


def _parse(argument: str) -> tuple[str, Image | None]:
    name, equals, text = argument.partition("=")
    return name, _image(name, text) if equals else None


def _image(name: str, text: str) -> Image:
    try:
        image = Image.parse(text)
    except ValueError as error:
        raise PlaitError(
            f"{short(text)} is not an image reference: {error}", where=name, exit_code=2
        ) from None
    if image.version is None:
        hint = f"write the whole reference: {name}=HOST/PATH:TAG, or HOST/PATH@sha256:..."
        raise PlaitError(f"{short(text)} has neither tag nor digest", where=name, hint=hint, exit_code=2)
    return image


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """A function named twice is a mistake, as on the command line."""
    names = [name for name, _ in pairs]
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"{name!r} stands there twice")
    return dict(pairs)


def _read_stdin() -> dict[str, Image | None]:
    try:
        data = json.load(sys.stdin, object_pairs_hook=_unique)
    except (ValueError, RecursionError) as error:
        raise PlaitError(f"not JSON: {error}", where="standard input", exit_code=2) from None
    texts = isinstance(data, dict) and all(value is None or isinstance(value, str) for value in data.values())
    if not texts or not data:
        hint = 'as {"orders": "registry.example.com/demo/orders:1.2.0"}'
        raise PlaitError(
            "not a mapping of functions to images", where="standard input", hint=hint, exit_code=2
        )
    return {name: None if text is None else _image(name, text) for name, text in data.items()}
