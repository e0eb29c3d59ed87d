"""`plait check`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from plait.checking import check
from plait.cli import report

_FORMATS = {"text": report.text, "json": report.as_json, "sarif": report.sarif, "github": report.github}


@click.command("check")
@click.option(
    "--format", "form", type=click.Choice(list(_FORMATS)), default="text", help="How to tell the findings."
)
@click.option(
    "--against",
    metavar="REVISION",
    default="HEAD",
    show_default=True,
    help="The revision that immutable fields are compared with.",
)
@click.option("--strict", is_flag=True, help="Exit 1 on warnings too.")
@click.pass_obj
def command(root: Path, form: str, against: str, *, strict: bool) -> int:
    """Tell mistakes, warnings, hand edits and drift.

    Exit code: 0 when all is well (with warnings too, unless --strict), 1 for a difference, 2 for a bad
    functions.yaml. Paths are as seen from the current folder.
    """
    findings, code = check(root, against)
    findings = [replace(finding, path=(root / finding.path).as_posix()) for finding in findings]
    output = _FORMATS[form](findings)
    if output:
        click.echo(output)
    if form == "text":
        click.echo(report.conclusion(findings), err=True)
    return max(code, int(bool(strict and findings)))
