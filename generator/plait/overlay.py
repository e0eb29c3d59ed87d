"""What one environment runs: for each folder of its overlay the objects before and after its changes.

`units` is where generate and render meet: generate writes the difference as patches, render takes the
result. A following environment starts from base/ (that is, from the Flow); a gated one from promoted/.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from plait.document import Files
from plait.edits import Object, get, in_container, pod_spec, put
from plait.errors import PlaitError, nearest
from plait.flow import Flow
from plait.kustomization import ENVIRONMENT, generated
from plait.platforms import Adjusted, adjusted
from plait.resources import Objects
from plait.resources.pod import code_map
from plait.spec.environment import Environment
from plait.spec.function import Function
from plait.spec.image import Image
from plait.state import Held, Snapshot, State

ReadSource = Callable[[str, Function], Files]
NO_STATE = State()


@dataclass(frozen=True)
class Unit:
    """One folder of an overlay.

    Attributes:
        folder: "_environment" or the function.
        source: the resource it builds on: base/... or promoted.
        before: the objects there, by file stem.
        after: the objects as the environment runs them; None where it does without.
        image: what the placeholder image stands for; None for `_environment`.
        follows: whether the version follows functions.yaml.
        code: path to bytes, for `packaging: configMap`.
        snapshot: what promoted/ holds, in a gated environment.
    """

    folder: str
    source: str
    before: Objects
    after: Adjusted
    image: Image | None = None
    follows: bool = False
    code: Files | None = None
    snapshot: Snapshot | None = None


@dataclass(frozen=True)
class Overlay:
    """One environment: its name, its namespace and its folders, `_environment` first."""

    name: str
    environment: Environment
    namespace: str
    units: Mapping[str, Unit]

    def running(self) -> list[Object]:
        """The objects of all folders as this environment has them, before images and namespace are set."""
        return [item for unit in self.units.values() for item in unit.after.values() if item is not None]


def build(
    flow: Flow, base: Mapping[str, Objects], name: str, state: State, read_source: ReadSource
) -> Overlay:
    """The overlay of an environment.

    Args:
        base: the objects of base/: of `_environment` and of every function.
        state: what overlays/NAME holds now.
        read_source: a function's code, for a first or a following version.

    Raises:
        PlaitError: an override of a gated environment names a function that is nowhere; a snapshot
            is broken; code cannot be read.
    """
    environment = flow.environments[name]
    if environment.promotesFrom:
        return _gated(flow, base, name, state)
    units = {ENVIRONMENT: _shared(flow, base[ENVIRONMENT], environment)}
    for function in sorted(flow.functions):
        held = state.folders.get(function, Held())
        units[function] = _following(flow, base[function], environment, function, held, read_source)
    return Overlay(name, environment, environment.namespace or flow.body.namespace.name, units)


def _shared(flow: Flow, before: Objects, environment: Environment) -> Unit:
    return Unit(ENVIRONMENT, "../../../base", before, adjusted(before, flow, environment, None))


def _following(
    flow: Flow, before: Objects, environment: Environment, name: str, held: Held, read_source: ReadSource
) -> Unit:
    function = flow.functions[name]
    in_git = function.packaging == "configMap"
    image, code = _released(held)
    switched = in_git != bool(held.snapshot.code if held.snapshot else generated(held.data, name))
    if held.follows or image is None or switched or (in_git and not code):
        image, code = first_image(flow, name), read_source(name, function) if in_git else {}
    files = code if in_git else None
    after = _with_code_paths(adjusted(before, flow, environment, name), files)
    registry = environment.registry
    moved = _in_registry(image, first_image(flow, name), registry) if registry else image
    return Unit(name, f"../../../base/{name}", before, after, moved, follows=held.follows, code=files)


def _released(held: Held) -> tuple[Image | None, Files]:
    """The version that a folder runs; where the environment was gated until now, the promoted one."""
    return (held.snapshot.image, held.snapshot.code) if held.snapshot else (held.image, held.code)


def _in_registry(image: Image, named: Image, registry: str) -> Image:
    """The version as this registry has it, whichever registry the environment had before."""
    path = named.at("x").repository.removeprefix("x")
    moved = replace(image, repository=named.at(registry).repository)
    return moved if image.repository.endswith(path) else image.at(registry)


def first_image(flow: Flow, name: str) -> Image:
    """The version that functions.yaml names: the function's image, else the shared runtime's."""
    function = flow.functions[name]
    text = function.image or getattr(flow.body.runtimes, function.runtime)
    return Image.parse(text)


def _gated(flow: Flow, base: Mapping[str, Objects], name: str, state: State) -> Overlay:
    environment = flow.environments[name]
    _check_overrides(flow, name, environment, state)
    for held in state.folders.values():
        if held.broken:
            raise PlaitError(held.broken)
    seed = state.folders.get(ENVIRONMENT, Held()).snapshot or shared_snapshot(flow, base[ENVIRONMENT])
    units = {ENVIRONMENT: _promoted(flow, environment, ENVIRONMENT, seed)}
    for function, held in sorted(state.folders.items()):
        snapshot = held.snapshot or _first_snapshot(base, function, held)
        if snapshot and function != ENVIRONMENT:
            units[function] = _promoted(flow, environment, function, snapshot)
    namespace = environment.namespace or seed.namespace or flow.body.namespace.name
    return Overlay(name, environment, namespace, units)


def _first_snapshot(base: Mapping[str, Objects], name: str, held: Held) -> Snapshot | None:
    """An environment that followed functions.yaml until now keeps what it runs when it becomes gated."""
    return Snapshot(base[name], held.image, held.code) if held.image and name in base else None


def shared_snapshot(flow: Flow, objects: Objects) -> Snapshot:
    """The Namespace and Broker of base/, as a promotion takes them."""
    return Snapshot(objects, namespace=flow.body.namespace.name)


def _check_overrides(flow: Flow, name: str, environment: Environment, state: State) -> None:
    for function in environment.functions:
        if function not in flow.functions and function not in state.folders:
            known = [*flow.functions, *state.snapshots()]
            where = f"functions.yaml: spec.environments.{name}.functions"
            raise PlaitError(
                f"no function named {function!r}", where=where, hint=nearest(function, known), exit_code=2
            )


def _promoted(flow: Flow, environment: Environment, name: str, snapshot: Snapshot) -> Unit:
    function = None if name == ENVIRONMENT else name
    after = adjusted(snapshot.objects, flow, environment, function)
    image = snapshot.image
    if image and image.at(environment.registry) != image:
        moved = str(image.at(environment.registry))
        after = {
            stem: item and in_container(item, lambda block: {**block, "image": moved})
            for stem, item in after.items()
        }
    code = snapshot.code or None
    after = _with_code_paths(after, code)
    return Unit(name, "promoted", snapshot.objects, after, image, code=code, snapshot=snapshot)


def _with_code_paths(objects: Adjusted, code: Files | None) -> Adjusted:
    """Code in subfolders: the volume says which key of the ConfigMap is which path."""
    if code is None or not any("/" in path for path in code):
        return objects
    items = [{"key": code_key(path), "path": path} for path in sorted(code)]
    return {stem: item and _mounted(item, items) for stem, item in objects.items()}


def _mounted(item: Object, items: list[dict[str, str]]) -> Object:
    path = pod_spec(item)
    if path is None:
        return item
    volumes = get(item, *path, "volumes") or []
    mounted = [
        put(volume, ("configMap", "items"), items) if volume["name"] == "code" else volume
        for volume in volumes
    ]
    changed: Object = put(item, (*path, "volumes"), mounted)
    return changed


def code_key(path: str) -> str:
    """The ConfigMap key of a code file: `lib/util.py` is `lib__util.py`."""
    return path.replace("/", "__")


def code_labels(overlay: Overlay, unit: Unit) -> dict[str, str]:
    """The labels of a function's code ConfigMap: those of its workload."""
    for item in unit.after.values():
        if item is not None and pod_spec(item) is not None:
            labels: dict[str, str] = item["metadata"]["labels"]
            return {**labels, **overlay.environment.labels}
    return dict(overlay.environment.labels)


def code_name(unit: Unit) -> str:
    """The ConfigMap's name before the hash."""
    return code_map(unit.folder)
