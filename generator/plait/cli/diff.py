"""`plait diff`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

import click

from plait import markdown
from plait.diff import Difference, between

_SIGNS = {"added": ("+", "green"), "changed": ("~", "yellow"), "removed": ("-", "red")}


@click.command("diff")
@click.argument("span", metavar="FROM..TO")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    help="markdown: for a pull request.",
)
@click.pass_obj
def command(root: Path, span: str, form: str) -> None:
    """Tell what changes between two revisions, or two environments.

    FROM and TO are revisions of git, or names of environments. FROM alone is compared with the files as
    they are. For each environment: what the change means for events, functions and dead letters, and the
    objects that are added, changed and removed. What functions emit stands in functions.yaml alone: it is
    told between revisions, for environments that follow functions.yaml.
    """
    click.echo(_FORMATS[form](between(root, span)))


def _text(differences: Sequence[Difference]) -> str:
    return "\n\n".join("\n".join(_lines(one)) for one in differences)


def _lines(one: Difference) -> Iterator[str]:
    yield click.style(one.name, bold=True)
    if one.note:
        yield f"  note: {one.note}"
    if not one:
        yield "  no difference"
    yield from (f"  {sentence}" for sentence in one.sentences)
    if one.sentences and one.objects:
        yield ""
    for change in one.objects:
        sign, colour = _SIGNS[change.action]
        fields = f"  {', '.join(change.fields)}" if change.fields else ""
        yield click.style(f"  {sign} {change.kind} {change.name}", fg=colour) + fields


def _json(differences: Sequence[Difference]) -> str:
    return json.dumps({one.name: _plain(one) for one in differences}, indent=2)


def _plain(one: Difference) -> dict[str, object]:
    return {"meaning": one.sentences, "objects": [asdict(change) for change in one.objects], "note": one.note}


def _markdown(differences: Sequence[Difference]) -> str:
    return "\n\n".join("\n".join(_section(one)) for one in differences)


def _section(one: Difference) -> Iterator[str]:
    yield f"### {one.name}"
    if one.note:
        yield from ("", f"_{markdown.plain(one.note)}_")
    yield ""
    if one.sentences:
        yield from (*markdown.bullets(one.sentences), "")
    yield from markdown.objects(one.name, one.objects)


_FORMATS: dict[str, Callable[[Sequence[Difference]], str]] = {
    "text": _text,
    "json": _json,
    "markdown": _markdown,
}
