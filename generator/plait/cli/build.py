"""`plait build`."""

from __future__ import annotations

import json
import os
import shlex
from pathlib import Path

import click

from plait import images
from plait.cli import show
from plait.cli.options import environments, functions_of
from plait.disk import Scan
from plait.errors import PlaitError
from plait.images import Build
from plait.project import Project, load_spec
from plait.spec.image import Image

_EPOCH = "SOURCE_DATE_EPOCH"


class _Reference(click.ParamType[Image]):
    """An image by tag or digest."""

    name = "image"

    def convert(self, value: Image | str, param: click.Parameter | None, ctx: click.Context | None) -> Image:
        """As click asks for it."""
        if isinstance(value, Image):
            return value
        try:
            image = Image.parse(value)
        except ValueError as error:
            self.fail(f"{value!r} is not an image reference: {error}", param, ctx)
        if image.version is None:
            self.fail(f"{value!r} has neither tag nor digest; write HOST/PATH@sha256:...", param, ctx)
        return image


@click.command("build")
@click.argument("function", shell_complete=functions_of)
@click.argument("options", nargs=-1, type=click.UNPROCESSED, metavar="[-- TOOL_OPTION...]")
@click.option("--tag", help="Its tag, in place of the one in functions.yaml.")
@click.option(
    "--env",
    "environment",
    metavar="ENV",
    shell_complete=environments,
    help="Name it for the registry of this environment.",
)
@click.option(
    "--from",
    "runtime",
    type=_Reference(),
    help="The runtime's image, in place of the one in spec.runtimes.",
)
@click.option(
    "--builder",
    type=_Reference(),
    help="An image with pip or npm, for requirements.txt or package.json.",
)
@click.option(
    "--with",
    "tool",
    type=click.Choice(images.TOOLS),
    help="What builds it; the first of these that is there, if not given.",
)
@click.option("--push", is_flag=True, help="Push it, too.")
@click.option("--dry-run", is_flag=True, help="Print the command and build nothing.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print the result."
)
@click.pass_obj
def command(  # noqa: PLR0913, PLR0917 (one an option)
    root: Path,
    function: str,
    options: tuple[str, ...],
    tag: str | None,
    environment: str | None,
    runtime: Image | None,
    builder: Image | None,
    tool: str | None,
    *,
    push: bool,
    dry_run: bool,
    form: str,
) -> None:
    """Build a function's image, on that of its runtime.

    The image is called what functions.yaml calls it. Its name goes to standard output; the command that
    builds it, and all that buildah, podman or docker say, to standard error. What follows -- is given to
    the tool as it is: plait build orders -- --platform linux/arm64
    """
    if options and not options[0].startswith("-"):
        raise click.UsageError(f"one function at a time; {options[0]!r} is no option of a build tool")
    build = _planned(root, function, tag, environment, runtime, builder)
    tool = tool if tool and dry_run else images.find(tool)
    commands = [images.build_command(build, tool, _epoch(), options)]
    commands += [images.push_command(build.image, tool)] if push else []
    if not dry_run:
        for each in commands:
            images.run(each, lambda text: show.talk(f"$ {text}"))
    _print(build, commands, form, dry_run=dry_run)


def _planned(
    root: Path, name: str, tag: str | None, env: str | None, runtime: Image | None, builder: Image | None
) -> Build:
    """What is to be built, and what a user should know of it first."""
    project = Project(root, root, load_spec(root), Scan())
    body = project.source.spec.spec
    function = images.function_of(body, name)
    image = images.image_of(name, function, tag, project.environment(env) if env else None)
    source = images.look(root, name, function)
    runtime = images.runtime_of(body, function, runtime)
    build = images.plan(name, function, image, source, runtime, builder)
    if source.stray:
        show.talk(f"{source.folder} has no .dockerignore: {', '.join(source.stray)} will be in the image")
    for base in filter(None, [runtime, builder if source.installs else None]):
        if base.digest is None:
            show.talk(f"{base} is a tag, which may move: with its digest (@sha256:...) it can be built again")
    return build


def _epoch() -> str:
    """The time that the image bears (reproducible-builds.org: SOURCE_DATE_EPOCH), else 1970."""
    text = os.environ.get(_EPOCH) or "0"
    if not (text.isascii() and text.isdigit()):
        hint = "as `git log -1 --format=%ct` prints it"
        raise PlaitError(f"{text} is not a number of seconds", where=_EPOCH, hint=hint, exit_code=2)
    return text


def _print(build: Build, commands: list[list[str]], form: str, *, dry_run: bool) -> None:
    if form == "json":
        data = {"image": str(build.image), "built": not dry_run, "commands": commands}
        click.echo(json.dumps(data, indent=2))
    elif dry_run:
        for each in commands:
            click.echo(shlex.join(each))
    else:
        click.echo(build.image)
