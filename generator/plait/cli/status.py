"""`plait status`."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from plait.cli import show
from plait.kustomization import ENVIRONMENT
from plait.matrix import Cell, Matrix, Row, status
from plait.project import Project

_AHEAD = {
    "new": "to come",
    "version": "behind",
    "code": "behind (code)",
    "shape": "behind (shape)",
    "removed": "to go",
    "unknown": "not compared",
}


@click.command("status")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print it."
)
@click.pass_obj
def command(root: Path, form: str) -> int:
    """Show which environment runs which version.

    For an environment that others are promoted to, also what is to come: a version, code, a shape (any
    other change of its objects), a function that is new or gone. An environment that is broken on disk is
    said to be, and hides none of the others; the exit code is then 1.
    """
    project = Project.load(root)
    matrix = status(project)
    if form == "json":
        click.echo(json.dumps({name: _plain(row) for name, row in matrix.rows.items()}, indent=2))
    elif not project.overlays:
        show.talk("functions.yaml has no environments")
    else:
        click.echo("\n".join(_table(project, matrix)))
    for error in matrix.broken.values():
        show.talk(f"error: {error}")
    return int(bool(matrix.broken))


def _plain(row: Row) -> dict[str, dict[str, object] | None]:
    return {name: asdict(cell) if cell else None for name, cell in row.items()}


def _table(project: Project, matrix: Matrix) -> list[str]:
    environments = list(project.overlays)
    heads = ["", *(_head(project, name) for name in environments)]
    rows = [
        [_title(name), *(_cell(name, row[environment]) for environment in environments)]
        for name, row in matrix.rows.items()
    ]
    table = [heads, *rows]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    return ["  ".join(map(str.ljust, row, widths)).rstrip() for row in table]


def _title(name: str) -> str:
    return "Namespace, Broker, secrets" if name == ENVIRONMENT else name


def _head(project: Project, name: str) -> str:
    before = project.flow.environments[name].promotesFrom
    return f"{name} (from {before})" if before else name


def _cell(name: str, cell: Cell | None) -> str:
    if cell is None:
        return "broken"
    if name == ENVIRONMENT:
        return _AHEAD[cell.ahead] if cell.ahead else "current"
    if cell.image is None:
        return _AHEAD[cell.ahead] if cell.ahead else "-"
    version = _short(cell.version) if cell.version else "no version"
    notes = [_AHEAD[cell.ahead]] if cell.ahead else []
    notes += ["follows functions.yaml"] if cell.follows else []
    return f"{version} ({', '.join(notes)})" if notes else version


def _short(version: str) -> str:
    """A digest with its first 12 hex digits, as registries show it."""
    before, found, digest = version.rpartition("sha256:")
    return f"{before}{found}{digest[:12]}" if found else version
