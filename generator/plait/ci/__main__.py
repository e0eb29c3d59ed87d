"""`python -m plait.ci github|gitlab --about FOLDER FILE`: keep a file's text in a comment."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from plait.ci.comment import github, gitlab, keep
from plait.errors import PlaitError


@click.command()
@click.argument("platform", type=click.Choice(["github", "gitlab"]))
@click.option("--about", default=".", help="The folder of functions.yaml, below the root of the repository.")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def main(platform: str, about: str, file: Path) -> None:
    """Write FILE as a comment on the pull or merge request that this job is for, or update that comment."""
    try:
        thread = github(os.environ) if platform == "github" else gitlab(os.environ)
        if thread is None:
            click.echo(f"no PLAIT_TOKEN, so no comment; {file} has the text", err=True)
            return
        done = keep(thread, file.read_text(encoding="utf-8"), about)
        click.echo(f"comment {done}", err=True)
    except PlaitError as error:
        click.echo(f"error: {error}", err=True)
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()
