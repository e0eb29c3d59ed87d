"""`plait krm`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from plait.cli import show


@click.command("krm")
@click.pass_context
def command(ctx: click.Context) -> None:
    """Be a KRM function of kustomize or kpt.

    A ResourceList in, a ResourceList out.

    \b
    The functionConfig has apiVersion plait.dev/v1 and is one of
      kind: Render     spec: {environment: ENV, functions: PATH or inline}
      kind: Check      the same; tells mistakes, warnings and missing objects
      kind: Functions  a functions.yaml, with annotation plait.dev/environment

    Without an overlay beside functions.yaml it renders first versions, and
    refuses a gated environment.
    """  # noqa: D301 - click reads that character
    from plait.doors import krm

    root: Path = ctx.obj
    answer = krm.answer(sys.stdin.buffer.read().decode("utf-8-sig"), root)
    click.echo(answer.text, nl=False)
    for result in answer.results:
        show.talk(result.text())
    if answer.failed:
        ctx.exit(1)
