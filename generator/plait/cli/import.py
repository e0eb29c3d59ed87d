"""`plait import`."""  # noqa: N999 - a command's module has the command's name

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from plait import disk, importing, render, scaffold
from plait.cli import imported, show
from plait.errors import PlaitError
from plait.importing import Imported, Patch, Settings
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
    Brokers and Triggers of any version. Each workload becomes a function. Fields that functions.yaml does
    not have become patches in overlays/ENV, which generate leaves alone; what is left is listed on standard
    error with its reason. No manifest is changed or removed.

    --prove DIR compares instead, object by object, what the manifests held and what the functions.yaml in
    DIR and those patches build for --env: what is lost first, then what changed, then what plait adds, each
    with its reason. Exit code 1 where one is UNEXPLAINED.
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
        target = None if output == "-" else disk.place(root, output or SPEC)
        _write(target, paths, settings, form, force=force)
        if target and form == "text":
            show.talk(imported.following(target, paths, environment))
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
    patches = importing.patches(result, text)
    if target is None:
        click.echo(text, nl=False)
    else:
        if target.name == SPEC:
            _keep(target.parent, patches, text, force=force)
        disk.write(target, text.encode())
        show.talk(f"wrote {target}: {imported.counted(result)}")
    imported.told(result, patches, form, target)


def _keep(folder: Path, patches: Sequence[Patch], text: str, *, force: bool) -> None:
    """Write the patches beside functions.yaml; those of a former import stay, unless forced."""
    have = disk.scan(folder).files
    changes = importing.changes(patches, text, have)
    for name in [*changes.deletes, *(one.path for one in patches if one.path in changes.writes)]:
        if name in have and not force:
            hint = "--force overwrites it; --prove DIR compares with it"
            raise PlaitError("is there already; nothing was overwritten", where=str(folder / name), hint=hint)
    if changes:
        disk.apply(folder, changes, [])


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
    _foreign(project, name)
    patched, unknown = importing.with_patches(overlay, project.scan.files)
    for patch in unknown:
        show.talk(f"{patch} is no patch that plait can apply: it is not applied here")
    own = importing.own.objects(name, project.scan.files)
    found = importing.prove(result, render.objects(patched), overlay.environment.platform, own)
    imported.differences(found, form)
    return int(any(one.reason is None for one in found))


def _foreign(project: Project, name: str) -> None:
    """Say it where the overlay holds more of the user's than the patches of an import."""
    overlay, state = project.overlays[name], project.states.get(name, State())
    try:
        render.refuse_foreign(overlay, importing.own.without(name, state, project.scan.files))
    except PlaitError:
        show.talk(f"overlays/{name} holds entries of yours, which are not applied here")


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
