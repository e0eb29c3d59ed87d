"""Versions: release sets them in a following environment, promote carries them to a gated one.

Both decide a new State of one overlay; the same layout and the same comparison as for generate then
write it. Both refuse a tree that generate would change: a promotion's diff is the whole truth.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from plait.document import has_conflict
from plait.errors import PlaitError, nearest
from plait.kustomization import ENVIRONMENT
from plait.overlay import Overlay, Unit, first_image, shared_snapshot
from plait.project import Project
from plait.spec.environment import Environment
from plait.spec.image import Image
from plait.state import Held, Snapshot, State
from plait.tree import refuse

MOST_PATHS = 10


def release(
    project: Project, environment: str, versions: Mapping[str, Image | None], *, follow: bool
) -> Project:
    """Pin functions of a following environment to versions, or let them follow functions.yaml.

    Args:
        versions: function to image; None means the version that functions.yaml names. Code of
            `packaging: configMap` is taken from the source folder as it is now; None then leaves the
            runtime's image as it is.
        follow: let them follow from now on.

    Raises:
        PlaitError: no such environment or function, the environment is gated, the tree is not current.
    """
    spec = project.environment(environment)
    if spec.promotesFrom:
        hint = _stages(project, environment)
        raise PlaitError(f"{environment} is gated: versions arrive there by promotion alone", hint=hint)
    require_current(project, _rewritten(environment, list(versions)))
    state = project.states.get(environment, State())
    folders = dict(state.folders)
    for name, image in versions.items():
        if name not in project.flow.functions:
            raise _no_function(name, project.flow.functions)
        function = project.flow.functions[name]
        code = project.read_source(name, function) if function.packaging == "configMap" else {}
        held = folders.get(name, Held())
        kept = held.image if code and not follow and _same_runtime(project, spec, name, held) else None
        version = image or kept or first_image(project.flow, name)
        folders[name] = replace(held, image=version, follows=follow, code=code, snapshot=None)
    return project.deciding(environment, replace(state, folders=folders))


def promote(
    project: Project, source: str, target: str, names: Sequence[str], *, environment: bool
) -> Project:
    """Copy what `source` runs into `target`: shape, code and version, removals too.

    Args:
        names: the functions; empty means all of both.
        environment: whether Namespace and Broker go along.

    Raises:
        PlaitError: the wrong stage, an unknown function, a function without a version, a dead letter
            sink that would be missing, a tree that is not current.
    """
    _check_stage(project, source, target)
    state = project.states.get(target, State())
    broken = [name for name, held in state.folders.items() if held.broken]
    whole = _without(project, target, broken)
    folders = dict(state.folders)
    here = snapshots(whole, source)
    chosen = sorted({*names}) or sorted({*here, *state.snapshots(), *broken} - {ENVIRONMENT})
    if not here and not names and state.snapshots():
        hint = f"to take functions out of {target}, name them: plait promote {source} {target} FUNCTION..."
        raise PlaitError(f"{source} runs no function; all of {target}'s would go", hint=hint)
    require_current(whole, _rewritten(target, [*chosen, *broken, *[ENVIRONMENT] * environment]))
    for name in chosen:
        if name in here:
            _check_version(name, source, here[name])
            folders[name] = Held(snapshot=here[name])
        elif name in folders and name != ENVIRONMENT:
            del folders[name]
        else:
            raise _no_function(name, {**here, **state.snapshots()})
    if environment or ENVIRONMENT in broken:
        folders[ENVIRONMENT] = Held(snapshot=shared(whole, source))
    decided = project.deciding(target, replace(state, folders=folders))
    _check_sinks(decided, target)
    return decided


def _same_runtime(project: Project, environment: Environment, name: str, held: Held) -> bool:
    """Whether new code fits the image that runs: after a change of `runtime` it does not."""
    named = first_image(project.flow, name).at(environment.registry)
    return held.image is not None and held.image.repository == named.repository


def _stages(project: Project, environment: str) -> str:
    """How a version comes to a gated environment, from the first stage on."""
    path = [environment]
    while (before := project.flow.environments[path[0]].promotesFrom) is not None:
        path.insert(0, before)
    steps = [f"plait promote {first} {second}" for first, second in pairwise(path)]
    return f"release in {path[0]}, then {', then '.join(steps)}"


def _rewritten(environment: str, names: Sequence[str]) -> tuple[str, ...]:
    """What a release or a promotion writes anyway: a run that was cut short there is mended by the next."""
    root = f"overlays/{environment}"
    return (f"{root}/kustomization.yaml", *(f"{root}/{name}/" for name in names))


def _check_sinks(decided: Project, target: str) -> None:
    if missing := missing_sinks(decided, target):
        listed = "\n".join(f"  {line}" for line in missing)
        hint = "promote that function too, or first; --environment carries the Broker along"
        raise PlaitError(f"{target} would lack a dead letter sink:\n{listed}", hint=hint)


def _without(project: Project, target: str, broken: Sequence[str]) -> Project:
    """The project as if the promotions that cannot be read had never been: this one replaces them."""
    if not broken:
        return project
    lost = tuple(f"overlays/{target}/{name}/" for name in broken)
    files = {path: content for path, content in project.scan.files.items() if not path.startswith(lost)}
    return replace(project, scan=replace(project.scan, files=files))


def require_current(project: Project, ignored: tuple[str, ...] = ()) -> None:
    """Refuse a tree that generate would change, except below the ignored folders. Raises PlaitError."""
    changes = project.changes()
    refuse(changes)
    paths = [path for path in sorted([*changes.writes, *changes.deletes]) if not path.startswith(ignored)]
    if paths:
        shown = "\n".join(f"  {path}" for path in paths[:MOST_PATHS]) + "\n  ..." * (len(paths) > MOST_PATHS)
        hint = "run plait generate first"
        raise PlaitError(f"these files are not what functions.yaml says:\n{shown}", hint=hint)


def snapshots(project: Project, environment: str) -> dict[str, Snapshot]:
    """What an environment runs, as a promotion takes it, by function."""
    overlay = project.overlays[environment]
    return {
        name: unit.snapshot or _taken(project, overlay, unit)
        for name, unit in overlay.units.items()
        if name != ENVIRONMENT
    }


def shared(project: Project, environment: str) -> Snapshot:
    """The Namespace and Broker of an environment, as a promotion takes them."""
    unit = project.overlays[environment].units[ENVIRONMENT]
    return unit.snapshot or shared_snapshot(project.flow, project.base[ENVIRONMENT])


def _taken(project: Project, overlay: Overlay, unit: Unit) -> Snapshot:
    """base/ with this environment's version. Its own registry is not what the next stage pulls from."""
    assert unit.image is not None
    image = unit.image
    if overlay.environment.registry:
        named = first_image(project.flow, unit.folder)
        if image.repository.endswith(named.at("x").repository.removeprefix("x")):
            image = replace(image, repository=named.repository)
    return Snapshot(unit.before, image, unit.code or {})


def _check_version(name: str, source: str, snapshot: Snapshot) -> None:
    if any(map(has_conflict, snapshot.code.values())):
        where = f"overlays/{source}/{name}/code"
        raise PlaitError("holds merge conflict markers", where=where, hint=f"plait release {source} {name}")
    if snapshot.image is not None and snapshot.image.version is None:
        hint = f"plait release {source} {name}={snapshot.image.repository}:VERSION"
        raise PlaitError(
            f"{name} was never released in {source}: its image has neither tag nor digest", hint=hint
        )


def _check_stage(project: Project, source: str, target: str) -> None:
    project.environment(source)
    before = project.environment(target).promotesFrom
    if before is None:
        hint = f"set promotesFrom: {source} in spec.environments.{target}"
        if project.environment(source).promotesFrom == target:
            hint = f"did you mean: plait promote {target} {source}"
        raise PlaitError(f"{target} is not gated: it follows functions.yaml", hint=hint)
    if before != source:
        hint = f"plait promote {before} {target}"
        raise PlaitError(
            f"{target} takes its versions from {before}, not from {source}: a stage would be skipped",
            hint=hint,
        )


def missing_sinks(project: Project, environment: str) -> list[str]:
    """What an environment's Triggers and Broker name and it lacks, in words: sinks and Brokers."""
    overlay = project.overlays[environment]
    functions = set(project.flow.functions)
    functions |= {name for state in project.states.values() for name in state.folders}
    running = overlay.running()
    there = {(item["apiVersion"], item["kind"], item["metadata"]["name"]) for item in running}
    brokers = {name for _, kind, name in there if kind == "Broker"}
    found = []
    for item in running:
        who = f"{item['kind']} {item['metadata']['name']}"
        for version, sink in _sinks(item):
            if sink in functions and (version, "Service", sink) not in there:
                as_what = "" if sink not in overlay.units else f" as a Service of {version}"
                found.append(f"{who} sends dead letters to {sink}, which {environment} lacks{as_what}")
        broker = item["spec"]["broker"] if item["kind"] == "Trigger" else None
        if broker and brokers and broker not in brokers:
            found.append(f"{who} takes events from Broker {broker}, which {environment} lacks")
    return found


def _sinks(item: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """API version and name of each Service of this namespace that takes dead letters."""
    if item["kind"] in ("Broker", "Trigger"):
        reference = item.get("spec", {}).get("delivery", {}).get("deadLetterSink", {}).get("ref", {})
        if reference.get("kind") == "Service" and "namespace" not in reference:
            yield reference["apiVersion"], reference["name"]


def _no_function(name: str, known: Mapping[str, Any]) -> PlaitError:
    return PlaitError(f"no function named {name!r}", hint=nearest(name, known), exit_code=2)
