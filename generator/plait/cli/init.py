"""`plait init`."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Mapping
from pathlib import Path

import click

from plait import disk, scaffold
from plait.ci.workflows import KINDS
from plait.cli import pipeline, show
from plait.cli.schema import PATH as SCHEMA
from plait.errors import PlaitError
from plait.project import SPEC
from plait.spec import schema

RUNTIMES = ["python", "node", "wasm", "none"]
PLATFORMS = ["kubernetes", "openshift"]


@click.command("init")
@click.argument("folder", required=False, metavar="[DIR]", type=click.Path(path_type=Path, file_okay=False))
@click.option("--name", help="The application's name; the folder's, if not given.")
@click.option("--namespace", help="The namespace of the functions; the name, if not given.")
@click.option("--runtime", type=click.Choice(RUNTIMES), help="Write a first function for this runtime.")
@click.option("--platform", type=click.Choice(PLATFORMS), help="What production runs on.")
@click.option("--ci", type=click.Choice(KINDS), help="Write a workflow for pull requests, too.")
@click.pass_obj
def command(  # noqa: PLR0913, PLR0917 - one argument an option
    root: Path,
    folder: Path | None,
    name: str | None,
    namespace: str | None,
    runtime: str | None,
    platform: str | None,
    ci: str | None,
) -> None:
    """Write a first functions.yaml.

    With it come a first function, the schema for editors, .gitattributes and .gitignore. On a terminal it
    asks for what is not given. It never overwrites a file. With --ci, and a functions.yaml there, it writes
    the workflow alone.
    """
    target = root / folder if folder else root
    if (target / SPEC).exists() and ci:
        pipeline.write(target, ci)
        return
    if (target / SPEC).exists():
        raise PlaitError(
            "is there already; nothing was overwritten",
            where=str(target / SPEC),
            hint="plait new adds a function",
        )
    called = target.resolve().name
    proposed = scaffold.name_from(called)
    chosen = name or _ask("Name of the application", proposed)
    namespace = namespace or _ask("Namespace of the functions", chosen)
    runtime = runtime or _ask("Runtime of the first function", "python", RUNTIMES)
    platform = platform or _ask("What production runs on", "kubernetes", PLATFORMS)
    _write(target, _files(chosen, namespace, runtime, platform))
    if name is None and chosen == proposed != called:
        show.talk(f"the application is called {chosen}, after the folder {called}: metadata.name says so")
    if ci:
        pipeline.write(target, ci)
    where = f" -C {shlex.quote(str(target))}" if target != Path() else ""
    show.talk(f"next: plait{where} generate")


def _write(target: Path, files: Mapping[str, str]) -> None:
    """Every file that is not there yet; none where one of them would go through a link."""
    places = {path: disk.place(target, path) for path in files if not (target / path).exists()}
    for path, text in files.items():
        if path not in places:
            show.talk(f"{target / path} is there already and stays")
            continue
        disk.create(places[path], text.encode())
        show.talk(f"wrote {target / path}")


def _files(name: str, namespace: str, runtime: str, platform: str) -> dict[str, str]:
    """Every file; functions.yaml last, so that a run that is cut short can be repeated."""
    files = {
        ".gitattributes": scaffold.GITATTRIBUTES,
        ".gitignore": scaffold.GITIGNORE,
        SCHEMA: schema.text(),
    }
    entry = None
    if runtime != "none":
        template = scaffold.TEMPLATES[runtime]
        entry = ("hello", scaffold.function_entry(name, runtime, "hello", None))
        files[f"functions/hello/{template.file}"] = template.text.format(name="hello")
    spec = scaffold.first_spec(name, namespace, platform, entry)
    scaffold.check(spec)
    return {**files, SPEC: spec}


def _ask(question: str, default: str, choices: list[str] | None = None) -> str:
    """The default where nobody can answer."""
    if not sys.stdin.isatty():
        return default
    kind = click.Choice(choices) if choices else str
    try:
        answer: str = click.prompt(question, default=default, type=kind, err=True)
    except click.Abort:
        show.talk("")  # what follows starts on a line of its own
        raise
    return answer
