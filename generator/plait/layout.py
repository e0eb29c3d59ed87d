"""The whole tree: Flow and state -> every file that plait owns or shares.

base/ holds the objects and no environment; overlays/ENV holds versions and differences. Nothing here
reads or writes a disk.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from plait import overlay, patch, resources
from plait.document import Owned, Raw, Shared, Tree, recorded
from plait.edits import Object
from plait.flow import Flow
from plait.kustomization import API_VERSION, ENVIRONMENT, KIND, Entries
from plait.name_references import CONFIGURATION
from plait.overlay import Overlay, ReadSource, Unit, code_key, code_labels, code_name
from plait.resources import Objects
from plait.resources.meta import SUBSTITUTE
from plait.spec.image import Image
from plait.state import KUSTOMIZATION, SNAPSHOT, Snapshot, State, digest

NAME_REFERENCES = "name-references"


def base_objects(flow: Flow) -> dict[str, Objects]:
    """The objects of base/: of `_environment` and of every function."""
    shared = {ENVIRONMENT: resources.of_environment(flow)}
    return shared | {name: resources.of_function(flow, name) for name in sorted(flow.functions)}


@dataclass(frozen=True, eq=False)
class Overlays(Mapping[str, Overlay]):
    """The environments of a functions.yaml, by name, in its order.

    Each is built when it is asked for, once: one that is broken on disk (`overlay.build` raises PlaitError)
    does not stand in the way of the others.
    """

    flow: Flow
    base: Mapping[str, Objects]
    states: Mapping[str, State]
    read_source: ReadSource
    _built: dict[str, Overlay] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Overlay:
        """Raises KeyError for an unknown name, PlaitError as `overlay.build`."""
        if name not in self._built:
            state = self.states.get(name, overlay.NO_STATE)
            self._built[name] = overlay.build(self.flow, self.base, name, state, self.read_source)
        return self._built[name]

    def __contains__(self, name: object) -> bool:
        """Without building it."""
        return name in self.flow.environments

    def __iter__(self) -> Iterator[str]:
        return iter(self.flow.environments)

    def __len__(self) -> int:
        return len(self.flow.environments)


def overlays(
    flow: Flow, base: Mapping[str, Objects], states: Mapping[str, State], read_source: ReadSource
) -> dict[str, Overlay]:
    """Every environment of functions.yaml, by name, built. Raises PlaitError as `overlay.build`."""
    return dict(Overlays(flow, base, states, read_source))


def tree(
    base: Mapping[str, Objects], environments: Mapping[str, Overlay], states: Mapping[str, State]
) -> Tree:
    """Every file: base/ first, then the overlays."""
    files = base_tree(base)
    for name, environment in environments.items():
        files |= overlay_tree(environment, states.get(name, overlay.NO_STATE))
    return files


def base_tree(base: Mapping[str, Objects]) -> Tree:
    """base/: never lists functions, sets no namespace."""
    files: Tree = {}
    for name, objects in base.items():
        folder = "base" if name == ENVIRONMENT else f"base/{name}"
        reference = NAME_REFERENCES if name == ENVIRONMENT else f"../{NAME_REFERENCES}"
        files[f"{folder}/{KUSTOMIZATION}"] = Owned(_kustomization(objects, reference))
        files |= {f"{folder}/{stem}.yaml": Owned(item) for stem, item in objects.items()}
    component = {
        "apiVersion": "kustomize.config.k8s.io/v1alpha1",
        "kind": "Component",
        "configurations": ["configuration.yaml"],
    }
    files[f"base/{NAME_REFERENCES}/{KUSTOMIZATION}"] = Owned(component)
    files[f"base/{NAME_REFERENCES}/configuration.yaml"] = Owned(CONFIGURATION)
    return files


def _kustomization(objects: Objects, reference: str, **more: Any) -> dict[str, Any]:
    head = {"apiVersion": API_VERSION, "kind": KIND, **more}
    listed = {"resources": [f"{stem}.yaml" for stem in objects]} if objects else {}
    return {**head, **listed, "components": [reference]}


def overlay_tree(environment: Overlay, state: State) -> Tree:
    """overlays/ENV: the list of its folders, and each folder."""
    root = f"overlays/{environment.name}"
    gone = frozenset(state.folders) - set(environment.units)
    names = list(environment.units)
    files: Tree = {f"{root}/{KUSTOMIZATION}": Shared(Entries("", environment.namespace, names, gone=gone))}
    for name, unit in environment.units.items():
        files |= _folder(f"{root}/{name}", environment, unit)
    return files


def _folder(root: str, environment: Overlay, unit: Unit) -> Tree:
    files: Tree = {}
    if unit.snapshot:
        files |= snapshot_tree(f"{root}/promoted", unit.folder, unit.snapshot)
    elif unit.code is not None:
        files |= {f"{root}/code/{path}": Raw(content) for path, content in unit.code.items()}
    listed = []
    for stem, item in unit.before.items():
        difference = patch.between(item, unit.after[stem])
        if difference is not None:
            files[f"{root}/plait-{stem}.yaml"] = Owned(difference)
            listed.append(_patch_entry(f"plait-{stem}.yaml", item, unit))
    entries = Entries(
        unit.folder,
        environment.namespace,
        [unit.source],
        [] if unit.snapshot or unit.image is None else [image_entry(unit.folder, unit.image)],
        generators(environment, unit),
        listed,
        unit.follows,
    )
    files[f"{root}/{KUSTOMIZATION}"] = Shared(entries)
    return files


def _patch_entry(path: str, item: Object, unit: Unit) -> dict[str, Any]:
    """A merge patch names its object itself, but not one that has a namespace already, as in promoted/."""
    in_namespace = unit.snapshot is not None and unit.snapshot.namespace is not None
    if not (patch.is_custom(item) or in_namespace):
        return {"path": path}
    group, _, version = item["apiVersion"].rpartition("/")
    target = {"group": group, "version": version, "kind": item["kind"], "name": item["metadata"]["name"]}
    return {"path": path, "target": {key: value for key, value in target.items() if value}}


def image_entry(name: str, image: Image) -> dict[str, str]:
    """The `images` entry for a function's placeholder."""
    entry = {"name": name, "newName": image.repository, "newTag": image.tag, "digest": image.digest}
    return {key: value for key, value in entry.items() if value is not None}


def generators(environment: Overlay, unit: Unit) -> Sequence[dict[str, Any]]:
    """The generator of the code's ConfigMap; its hash in the name rolls the pods."""
    if unit.code is None:
        return []
    folder = "promoted/code" if unit.snapshot else "code"
    files = []
    for path in sorted(unit.code):
        key, name = code_key(path), path.rpartition("/")[2]
        files.append(f"{folder}/{path}" if key == name else f"{key}={folder}/{path}")
    options: dict[str, Any] = {"labels": code_labels(environment, unit)}
    if any(b"${" in content for content in unit.code.values()):
        options["annotations"] = {SUBSTITUTE: "disabled"}
    return [{"name": code_name(unit), "files": files, "options": options}]


def snapshot_tree(root: str, name: str, snapshot: Snapshot) -> Tree:
    """A promoted/ folder, whole."""
    objects = {stem: Owned(item) for stem, item in snapshot.objects.items()}
    signatures = {stem: recorded(file.content) or "" for stem, file in objects.items()}
    metadata = {"annotations": {SNAPSHOT: digest(signatures, snapshot.code)}}
    data = _kustomization(snapshot.objects, f"../../../../base/{NAME_REFERENCES}", metadata=metadata)
    if snapshot.namespace:
        data["namespace"] = snapshot.namespace
    if snapshot.image:
        data["images"] = [image_entry(name, snapshot.image)]
    files: Tree = {f"{root}/{stem}.yaml": file for stem, file in objects.items()}
    files |= {f"{root}/code/{path}": Raw(content) for path, content in snapshot.code.items()}
    return {**files, f"{root}/{KUSTOMIZATION}": Owned(data)}
