"""`plait explain`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from plait.cli.options import environments, objects_of
from plait.errors import PlaitError

if TYPE_CHECKING:
    from plait.explain import Explained


@click.command("explain")
@click.argument(
    "event", required=False, type=click.Path(path_type=Path, exists=True, dir_okay=False, allow_dash=True)
)
@click.option("--type", "type_", metavar="TYPE", help="The event's type, in place of a file.")
@click.option("--source", metavar="SOURCE", help="The event's source.")
@click.option("--attribute", "-a", "more", multiple=True, metavar="NAME=TEXT", help="Another attribute.")
@click.option(
    "--env", "environment", metavar="ENV", shell_complete=environments, help="What this environment runs."
)
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print it."
)
@click.pass_context
def command(  # noqa: PLR0913 - one argument an option
    ctx: click.Context,
    event: Path | None,
    *,
    type_: str | None,
    source: str | None,
    more: Sequence[str],
    environment: str | None,
    form: str,
) -> None:
    """Tell which Triggers an event reaches, and why not the others.

    EVENT is a file with an event in the CloudEvents JSON format, or - for standard input. Without it,
    --type and --source say which. Exit code 1 where the event reaches nobody.
    """
    from plait import explain
    from plait.project import Project

    project = Project.load(ctx.obj)
    attributes = {**_given(event), **_options(type_, source, more)}
    if "type" not in attributes:
        raise click.UsageError("name the event: a file, or --type TYPE")
    objects = objects_of(project, environment)
    found = explain.explain(objects, attributes)
    nearest = None if any(one.verdict.matches for one in found) else explain.nearest(objects, attributes)
    for line in _json(found, nearest) if form == "json" else _text(found, nearest):
        click.echo(line)
    if not any(one.verdict.matches for one in found):
        ctx.exit(1)


def _given(path: Path | None) -> dict[str, str]:
    from plait.explain import attributes_of

    if path is None:
        return {}
    with click.open_file(str(path), "rb") as file:
        content = file.read()
    where = "standard input" if str(path) == "-" else str(path)
    try:
        return attributes_of(json.loads(content))
    except (ValueError, RecursionError) as error:
        raise PlaitError(f"not JSON: {error}", where=where, exit_code=2) from None
    except PlaitError as error:
        raise PlaitError(error.message, where=where, hint=error.hint, exit_code=2) from None


def _options(type_: str | None, source: str | None, more: Sequence[str]) -> dict[str, str]:
    given = {name: value for name, value in (("type", type_), ("source", source)) if value is not None}
    for text in more:
        name, equals, value = text.partition("=")
        if not equals or not name.isalnum():
            raise click.UsageError(f"--attribute {text}: not NAME=TEXT")
        given[name.lower()] = value
    return given


def _text(found: Sequence[Explained], nearest: str | None) -> Iterator[str]:
    width = max((len(one.trigger) for one in found), default=0)
    for one in found:
        matches = one.verdict.matches
        sign = click.style("+" if matches else "-", fg="green" if matches else "red")
        told = f"reaches {one.subscriber}" if matches else one.verdict.reason
        yield f"{sign} {one.trigger:{width}}  {told}"
    if not found:
        yield "there is no Trigger"
    elif not any(one.verdict.matches for one in found):
        close = next((one for one in found if one.trigger == nearest), None)
        hint = f"; the nearest is {close.trigger}, which takes {close.wants}" if close else ""
        yield f"it reaches nobody{hint}"


def _json(found: Sequence[Explained], nearest: str | None) -> Iterator[str]:
    triggers = [
        {
            "trigger": one.trigger,
            "subscriber": one.subscriber,
            "matches": one.verdict.matches,
            "attribute": one.verdict.attribute,
            "reason": one.verdict.reason or None,
            "element": one.verdict.path or None,
        }
        for one in found
    ]
    yield json.dumps({"triggers": triggers, "nearest": nearest}, indent=2)
