"""What overlays/ holds beside what follows from functions.yaml: versions, code, snapshots, user entries.

Pure: a mapping of paths to bytes in, a State for each environment out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from plait import kustomization
from plait.document import Files, has_conflict, parsed
from plait.errors import PlaitError
from plait.kustomization import ENVIRONMENT
from plait.resources import Objects
from plait.spec.image import Image
from plait.yamlio import YamlProblem

KUSTOMIZATION = "kustomization.yaml"
Parse = Callable[[bytes], Any]


@dataclass(frozen=True)
class Snapshot:
    """A promoted/ folder: a function (or Namespace and Broker) as it was when it was promoted.

    Attributes:
        objects: file stem to object, containers with the placeholder image.
        image: the promoted version; None for `_environment`.
        code: path in code/ to bytes, for `packaging: configMap`.
        namespace: for `_environment`, the namespace that was promoted.
    """

    objects: Objects
    image: Image | None = None
    code: Files = field(default_factory=dict)
    namespace: str | None = None


@dataclass(frozen=True)
class Held:
    """One folder of an overlay that is plait's.

    Attributes:
        image: the version in the `images` entry, or None where there is no entry.
        follows: whether that entry follows functions.yaml.
        code: the released code of a following environment.
        snapshot: promoted/, in a gated environment.
        broken: the file of promoted/ that cannot be read, or None.
        data: its kustomization.yaml, parsed.
        files: every file in the folder, relative path to bytes.
    """

    image: Image | None = None
    follows: bool = False
    code: Files = field(default_factory=dict)
    snapshot: Snapshot | None = None
    broken: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    files: Files = field(default_factory=dict)


@dataclass(frozen=True)
class State:
    """One overlay.

    Attributes:
        folders: "_environment" and functions, by name: those that are plait's.
        data: overlays/ENV/kustomization.yaml, parsed; empty where there is none.
    """

    folders: Mapping[str, Held] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)

    def snapshots(self) -> dict[str, Snapshot]:
        """The promoted functions, by name."""
        return {
            name: held.snapshot
            for name, held in self.folders.items()
            if held.snapshot is not None and name != ENVIRONMENT
        }


def split(files: Files) -> dict[str, dict[str, dict[str, bytes]]]:
    """overlays/ENV/FOLDER/REST as {ENV: {FOLDER: {REST: bytes}}}; files of ENV itself under ""."""
    tree: dict[str, dict[str, dict[str, bytes]]] = {}
    for path, content in files.items():
        parts = path.split("/", 3)
        if parts[0] == "overlays" and len(parts) > 2:
            folder, rest = (parts[2], parts[3]) if len(parts) == 4 else ("", parts[2])
            tree.setdefault(parts[1], {}).setdefault(folder, {})[rest] = content
    return tree


def read(environment: str, folders: Mapping[str, Files], parse: Parse = parsed) -> State:
    """The state of one overlay.

    Args:
        environment: its name, for messages.
        folders: its part of `split`.
        parse: how to parse a file of plait's own; a caller that knows a file by heart saves the work.

    Raises:
        PlaitError: a kustomization of the overlay cannot be read.
    """
    held = {}
    for name, files in folders.items():
        if name:
            folder = _held(f"overlays/{environment}/{name}", name, files, parse)
            if folder is not None:
                held[name] = folder
    root = folders.get("", {}).get(KUSTOMIZATION)
    data = load(f"overlays/{environment}/{KUSTOMIZATION}", root) if root is not None else {}
    return State(held, data)


def load(path: str, content: bytes) -> dict[str, Any]:
    """A shared kustomization as data. Raises PlaitError with the line that is wrong."""
    if has_conflict(content):
        hint = "resolve it; where both sides are plait's entries take either and run plait generate"
        raise PlaitError("holds merge conflict markers", where=path, hint=hint)
    try:
        data = kustomization.quick(content.decode()) or parsed(content)
    except YamlProblem as error:
        at = f"{path}:{error.problem.line}:{error.problem.column}"
        raise PlaitError(error.problem.message, where=at, hint=error.problem.hint) from None
    except UnicodeDecodeError:
        raise PlaitError("not UTF-8", where=path) from None
    if data is None or data == []:
        return {}
    if not isinstance(data, dict):
        raise PlaitError("not a single mapping", where=path, hint="a kustomization holds one YAML document")
    return data


def _held(path: str, name: str, files: Files, parse: Parse) -> Held | None:
    content = files.get(KUSTOMIZATION)
    data = load(f"{path}/{KUSTOMIZATION}", content) if content is not None else {}
    if not kustomization.is_plaits(data, name):
        return None
    assert content is not None
    image = _image(f"{path}/{KUSTOMIZATION}", data, name)
    snapshot, broken = None, None
    if any(rest.startswith("promoted/") for rest in files):
        try:
            snapshot = _snapshot(f"{path}/promoted", name, _below(files, "promoted/"), parse)
        except PlaitError as error:
            broken = str(error)
    follows = kustomization.follows(content.decode(), name)
    return Held(image, follows, _below(files, "code/"), snapshot, broken, data, files)


def _below(files: Files, folder: str) -> dict[str, bytes]:
    return {path.removeprefix(folder): content for path, content in files.items() if path.startswith(folder)}


def _image(path: str, data: Mapping[str, Any], name: str) -> Image | None:
    """The version in the `images` entry of a function."""
    for entry in data.get("images") or []:
        if isinstance(entry, dict) and entry.get("name") == name:
            tag, digest = entry.get("newTag"), entry.get("digest")
            if not isinstance(entry.get("newName", name), str) or not isinstance(tag, str | None):
                raise PlaitError(
                    f"images: {name}: newName and newTag are texts", where=path, hint="put them in quotes"
                )
            return Image(entry.get("newName", name), tag, digest)
    return None


def _snapshot(path: str, name: str, files: Files, parse: Parse) -> Snapshot:
    data = _parsed(f"{path}/{KUSTOMIZATION}", files.get(KUSTOMIZATION), parse)
    objects = {}
    for resource in data.get("resources") or []:
        stem = str(resource).removesuffix(".yaml")
        objects[stem] = _parsed(f"{path}/{resource}", files.get(str(resource)), parse)
    image = _image(f"{path}/{KUSTOMIZATION}", data, name)
    return Snapshot(objects, image, _below(files, "code/"), data.get("namespace"))


def _parsed(path: str, content: bytes | None, parse: Parse) -> dict[str, Any]:
    hint = "run plait promote again, or take the file from Git"
    if content is None:
        raise PlaitError("missing from a promotion that was cut short", where=path, hint=hint)
    if has_conflict(content):
        raise PlaitError("holds merge conflict markers", where=path, hint=hint)
    try:
        data = parse(content)
    except (YamlProblem, UnicodeDecodeError):
        raise PlaitError("cannot be read", where=path, hint=hint) from None
    if not isinstance(data, dict):
        raise PlaitError("is not what plait wrote there", where=path, hint=hint)
    return data
