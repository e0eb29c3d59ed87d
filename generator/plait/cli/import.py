"""`plait import`."""  # noqa: N999 - a command's module has the command's name

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path

import click

from plait import disk, importing, render, scaffold
from plait.cli import imported, show
from plait.errors import PlaitError
from plait.importing import Imported, Settings
from plait.project import SPEC, Project
from plait.state import State

PLATFORMS = ["kubernetes", "minikube", "openshift"]


@click.command("import")
@click.argument(
    "paths",
    nargs=-1,
    required=True,
    metavar="FILE_OR_DIR...",
    type=click.Path(path_type=Path, allow_dash=True),
)
@click.option("-o", "--output", metavar="FILE|-", help="Where to write it, if another; - prints it.")
@click.option("--force", is_flag=True, help="Overwrite the file that is there.")
@click.option("--namespace", metavar="NAME", help="The namespace, where the files hold several or none.")
@click.option(
    "--env", "environment", metavar="ENV", help="The environment to write (production), or to prove."
)
@click.option("--platform", type=click.Choice(PLATFORMS), help="What it runs on; kubernetes, if not given.")
@click.option("--prove", metavar="DIR", help="Compare the files with what the functions.yaml in DIR builds.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to tell the result."
)
@click.pass_obj
def command(  # noqa: PLR0913 - one argument an option
    root: Path,
    *,
    paths: Sequence[Path],
    output: str | None,
    force: bool,
    namespace: str | None,
    environment: str | None,
    platform: str | None,
    prove: str | None,
    form: str,
) -> int:
    """Write a functions.yaml from Kubernetes manifests.

    Reads files, folders and, as -, standard input: Deployments, Knative Services and what belongs to them,
    Brokers and Triggers of any version. Each workload becomes a function. What functions.yaml cannot hold
    is listed on standard error with its reason; nothing of it is changed or removed.

    --prove DIR compares instead, object by object, what the manifests held and what the functions.yaml in
    DIR builds for --env, and gives the reason for each difference. Exit code 1 where one is UNEXPLAINED.
    Where DIR has no functions.yaml yet, it is imported first.
    """
    if prove is not None and output:
        raise click.UsageError("--prove DIR and --output exclude each other: it is DIR/functions.yaml")
    if output == "-" and form == "json":
        raise click.UsageError("--format json and --output - both want standard output")
    for path in paths:
        if str(path) != "-" and not path.exists():
            raise PlaitError("no such file or folder", where=str(path), exit_code=2)
    settings = Settings(namespace, environment or "production", platform or "kubernetes")
    if prove is None:
        target = None if output == "-" else root / (output or SPEC)
        _write(target, paths, settings, form, force=force)
        if target and form == "text":
            files = shlex.join(map(str, paths))
            show.talk(f"next: plait generate; plait import {files} --prove {shlex.quote(str(target.parent))}")
        return 0
    if not (root / prove / SPEC).exists():
        _write(root / prove / SPEC, paths, settings, "text", force=False)
    return _prove(root / prove, paths, namespace, environment, form)


def _read(paths: Sequence[Path], settings: Settings) -> Imported:
    items, notes = importing.read_all(paths)
    return importing.imported(items, notes, settings)


def _write(target: Path | None, paths: Sequence[Path], settings: Settings, form: str, *, force: bool) -> None:
    """Import into a file, or (None) onto standard output."""
    if target and not force and target.exists():
        hint = "--force overwrites it, -o FILE writes another, --prove DIR compares with it"
        raise PlaitError("is there already; nothing was overwritten", where=str(target), hint=hint)
    result = _read(paths, settings)
    text = importing.text(result)
    scaffold.check(text)
    if target is None:
        click.echo(text, nl=False)
    else:
        disk.write(target, text.encode())
        show.talk(f"wrote {target}: {imported.counted(result)}")
    imported.told(result, form, target)


def _prove(
    folder: Path, paths: Sequence[Path], namespace: str | None, environment: str | None, form: str
) -> int:
    project = Project.load(folder)
    name = _environment(project, environment)
    overlay = project.overlays[name]
    for path in paths:
        if str(path) != "-" and not path.exists():
            raise PlaitError("no such file or folder", where=str(path), exit_code=2)
    settings = Settings(namespace or overlay.namespace, name, overlay.environment.platform)
    result = _read(paths, settings)
    show.stale(project, name)
    try:
        render.refuse_foreign(overlay, project.states.get(name, State()))
    except PlaitError:
        show.talk(f"overlays/{name} holds entries of yours, which are not applied here")
    found = importing.prove(result, render.objects(overlay), overlay.environment.platform)
    imported.differences(found, form)
    return int(any(one.reason is None for one in found))


def _environment(project: Project, wanted: str | None) -> str:
    """The wanted one, else the first that follows functions.yaml."""
    if wanted is not None:
        project.environment(wanted)
        return wanted
    for name, environment in project.flow.environments.items():
        if environment.promotesFrom is None:
            return name
    raise PlaitError(
        "has no environment to compare with", where=SPEC, hint="add one, or give --env", exit_code=2
    )
