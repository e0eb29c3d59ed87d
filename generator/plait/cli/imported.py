"""What `plait import` tells: what is left of manifests, and how the new objects differ."""

from __future__ import annotations

import json
import shlex
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import Any

import click

from plait.cli import show
from plait.cli.traced import printable
from plait.importing import Difference, Imported, Left, Patch, shown
from plait.project import SPEC

_LONGEST = 60
_RISKS = {
    "lost": ("lost", "the manifests have it, the new objects do not"),
    "changed": ("changed", "another value"),
    "added": ("added", "by plait, of its own"),
    "same": ("rewritten", "another form, the same meaning"),
}


def counted(result: Imported) -> str:
    """How much there is."""
    functions = result.data["spec"]["functions"].values()
    subscriptions = sum(len(entry.get("subscribes", ())) for entry in functions)
    return f"{_number(len(functions), 'function')}, {_number(subscriptions, 'subscription')}"


def _number(count: int, word: str) -> str:
    return f"{count} {word}{'s' * (count != 1)}"


def following(target: Path, paths: Sequence[Path], environment: str | None) -> str:
    """The commands that come next, to be pasted: with the folder and the environment that were given."""
    if target.name != SPEC:
        return f"next: move {target} to {SPEC} in a folder of its own; plait -C FOLDER generate"
    folder = target.parent
    at = f"plait -C {shlex.quote(str(folder))}" if folder != Path() else "plait"
    given = f" --env {shlex.quote(environment)}" if environment else ""
    files = shlex.join(map(str, paths))
    again = "THE SAME MANIFESTS | " if Path("-") in paths else ""
    return f"next: {at} generate; {again}{at} import {files} --prove .{given}"


def told(result: Imported, patches: Sequence[Patch], form: str, target: Path | None) -> None:
    """What is kept, left and noted: on standard error, or as JSON on standard output."""
    kept = {one: patch.path for patch in patches for one in patch.left}
    if form == "json":
        click.echo(json.dumps(_whole(result, kept, target), indent=2))
        return
    written = target is not None and target.name == SPEC
    lines = [*_kept(patches, written=written), *_left(result, kept)]
    for line in lines:
        show.talk(printable(line))
    if not written:
        for patch in patches:
            show.talk(f"--- {patch.path}\n{patch.text.rstrip()}")


def _whole(result: Imported, kept: Mapping[Left, str], target: Path | None) -> dict[str, Any]:
    left = [{**asdict(one), "path": shown(one.path), "patch": kept.get(one)} for one in result.left]
    notes = [asdict(note) for note in result.notes]
    functions = [*result.data["spec"]["functions"]]
    return {"file": str(target), "functions": functions, "left": left, "notes": notes}


def _kept(patches: Sequence[Patch], *, written: bool) -> Iterator[str]:
    if patches:
        yield (
            "not in functions.yaml, but kept as patches of yours, which plait generate leaves alone:"
            if written
            else "not in functions.yaml; beside a file of this name these patches would keep it:"
        )
    for patch in patches:
        first = patch.left[0]
        yield f"  {patch.path} ({first.kind} {first.name}, {first.where})"
        yield from (f"    {shown(one.path)}" for one in patch.left)


def _left(result: Imported, kept: Mapping[Left, str]) -> Iterator[str]:
    """What is lost, under its reason."""
    reasons: dict[str, dict[tuple[str, str, str], list[str]]] = {}
    for one in result.left:
        if one not in kept:
            objects = reasons.setdefault(one.reason, {})
            objects.setdefault((one.where, one.kind, one.name), []).append(shown(one.path))
    if reasons:
        yield "not carried over:"
    for reason, objects in reasons.items():
        yield f"  {reason}"
        for (where, kind, name), paths in objects.items():
            fields = ", ".join(filter(None, paths))
            yield f"    {where}: {kind} {name}" + (f": {fields}" if fields else "")
    if result.notes:
        yield "notes:"
    yield from (f"  {note.where}: {note.text}" for note in result.notes)


def differences(found: Sequence[Difference], form: str) -> None:
    """Every difference with its reason on standard output, the count on standard error."""
    unknown = sum(one.reason is None for one in found)
    if form == "json":
        click.echo(json.dumps([asdict(one) for one in found], indent=2))
    else:
        for line in _compared(found):
            click.echo(line)
    reasons = f"{unknown} of them UNEXPLAINED" if unknown else "each with its reason"
    show.talk(
        f"{_number(len(found), 'difference')} ({_classes(found)}), {reasons}" if found else "no difference"
    )


def _classes(found: Sequence[Difference]) -> str:
    """How many there are of each risk."""
    counts = Counter(one.risk for one in found)
    return ", ".join(f"{counts[risk]} {name}" for risk, (name, _) in _RISKS.items())


def _compared(found: Sequence[Difference]) -> Iterator[str]:
    """By risk, object and reason, in the order of the differences."""
    for risk, group in groupby(found, key=lambda one: one.risk):
        name, what = _RISKS[risk]
        yield click.style(f"{name}: {what}", bold=True)
        for (kind, own), mine in groupby(group, key=lambda one: (one.kind, one.name)):
            yield printable(f"  {kind} {own}")
            told_as = sorted(mine, key=lambda one: (one.reason is not None, one.reason or "", one.path))
            for reason, fields in groupby(told_as, key=lambda one: one.reason):
                yield printable(f"    {reason}") if reason else click.style("    UNEXPLAINED", fg="red")
                yield from (printable(f"      {_field(one)}") for one in fields)


def _field(one: Difference) -> str:
    if not one.path:
        return "added" if one.old is None else "removed"
    return f"{one.path}: {_value(one.old)} -> {_value(one.new)}"


def _value(value: Any) -> str:
    if value is None:
        return "(none)"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."
