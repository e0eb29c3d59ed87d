"""What `plait import` tells: what is left of manifests, and how the new objects differ."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import Any

import click

from plait.cli import show
from plait.cli.traced import printable
from plait.importing import Difference, Imported, shown

_LONGEST = 60


def counted(result: Imported) -> str:
    """How much there is."""
    functions = result.data["spec"]["functions"].values()
    subscriptions = sum(len(entry.get("subscribes", ())) for entry in functions)
    return f"{_number(len(functions), 'function')}, {_number(subscriptions, 'subscription')}"


def _number(count: int, word: str) -> str:
    return f"{count} {word}{'s' * (count != 1)}"


def told(result: Imported, form: str, target: Path | None) -> None:
    """What is left and what is noted: on standard error, or as JSON on standard output."""
    if form == "json":
        left = [{**asdict(one), "path": shown(one.path)} for one in result.left]
        notes = [asdict(note) for note in result.notes]
        functions = [*result.data["spec"]["functions"]]
        whole = {"file": str(target), "functions": functions, "left": left, "notes": notes}
        click.echo(json.dumps(whole, indent=2))
        return
    for line in _lines(result):
        show.talk(line)


def _lines(result: Imported) -> Iterator[str]:
    if result.left:
        yield "not carried over:"
    for (where, kind, name, reason), group in groupby(
        result.left, key=lambda one: (one.where, one.kind, one.name, one.reason)
    ):
        fields = ", ".join(shown(one.path) for one in group if one.path)
        yield printable(f"  {where}: {kind} {name}" + (f": {fields}" if fields else ""))
        yield printable(f"    {reason}")
    if result.notes:
        yield "notes:"
    yield from (printable(f"  {note.where}: {note.text}") for note in result.notes)


def differences(found: Sequence[Difference], form: str) -> None:
    """Every difference with its reason on standard output, the count on standard error."""
    unknown = sum(one.reason is None for one in found)
    if form == "json":
        click.echo(json.dumps([asdict(one) for one in found], indent=2))
    else:
        for line in _compared(found):
            click.echo(line)
    told_as = f"{unknown} of them UNEXPLAINED" if unknown else "each with its reason"
    show.talk(f"{_number(len(found), 'difference')}, {told_as}" if found else "no difference")


def _compared(found: Sequence[Difference]) -> Iterator[str]:
    for (kind, name), group in groupby(found, key=lambda one: (one.kind, one.name)):
        mine = sorted(group, key=lambda one: (one.reason is not None, one.reason or ""))
        yield click.style(printable(f"{kind} {name}"), bold=True)
        for reason, fields in groupby(mine, key=lambda one: one.reason):
            yield printable(f"  {reason}") if reason else click.style("  UNEXPLAINED", fg="red")
            yield from (printable(f"    {_field(one)}") for one in fields)


def _field(one: Difference) -> str:
    if not one.path:
        return "added" if one.old is None else "removed"
    return f"{one.path}: {_value(one.old)} -> {_value(one.new)}"


def _value(value: Any) -> str:
    if value is None:
        return "(none)"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."
