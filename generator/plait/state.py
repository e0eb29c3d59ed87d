"""What overlays/ holds beside what follows from functions.yaml: versions, code, snapshots, user entries.

Pure: a mapping of paths to bytes in, a State for each environment out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from plait import kustomization
from plait.document import Files, has_conflict, parsed, recorded, signature
from plait.edits import get
from plait.errors import PlaitError
from plait.kustomization import ENVIRONMENT
from plait.resources import Objects
from plait.spec.image import Image
from plait.yamlio import YamlProblem

KUSTOMIZATION = "kustomization.yaml"
SNAPSHOT = "plait.dev/snapshot"
Parse = Callable[[bytes], Any]


@dataclass(frozen=True)
class Snapshot:
    """A promoted/ folder: a function (or Namespace and Broker) as it was when it was promoted.

    Its kustomization holds a digest of all of it, so that a promotion that was cut short half way, and
    code that was edited by hand, are seen.

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
        broken: why promoted/ cannot be taken for what was promoted, or None.
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
        top, _, below = path.partition("/")
        environment, _, rest = below.partition("/")
        if top == "overlays" and rest:
            folder, slash, file = rest.partition("/")
            place = (folder, file) if slash else ("", rest)
            tree.setdefault(environment, {}).setdefault(place[0], {})[place[1]] = content
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
    try:
        data = load(f"overlays/{environment}/{KUSTOMIZATION}", root) if root is not None else {}
    except PlaitError:
        if held:
            raise
        data = {}  # an overlay of the user's own, in whatever YAML
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
    for key in kustomization.LISTS:
        if not isinstance(data.get(key), list | None):
            raise PlaitError(f"`{key}` is not a list", where=path)
    return data


def _held(path: str, name: str, files: Files, parse: Parse) -> Held | None:
    content = files.get(KUSTOMIZATION)
    if content is None or not kustomization.may_be_plaits(content):
        return None
    data = load(f"{path}/{KUSTOMIZATION}", content)
    if not kustomization.is_plaits(data, name):
        return None
    image = _image(f"{path}/{KUSTOMIZATION}", data, name)
    snapshot, broken = None, None
    if "promoted" in data["resources"]:
        try:
            snapshot = _snapshot(f"{path}/promoted", name, _below(files, "promoted/"), parse)
        except PlaitError as error:
            broken = str(error)
    follows = kustomization.follows(content.decode("utf-8-sig"), name)
    return Held(image, follows, _code(name, data, files), snapshot, broken, data, files)


def _code(name: str, data: Mapping[str, Any], files: Files) -> dict[str, bytes]:
    """The released code: the files in code/ that the generator names; without one, code/ is not plait's."""
    listed = {file.rpartition("=")[2] for file in kustomization.generated(data, name)}
    return {path: content for path, content in _below(files, "code/").items() if f"code/{path}" in listed}


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
            if not isinstance(digest, str | None):
                raise PlaitError(f"images: {name}: digest is a text", where=path)
            return Image(entry.get("newName", name), tag, digest)
    return None


def _snapshot(path: str, name: str, files: Files, parse: Parse) -> Snapshot:
    data = _parsed(path, KUSTOMIZATION, files.get(KUSTOMIZATION), parse)
    objects, signatures = {}, {}
    for resource in data.get("resources") or []:
        stem, content = str(resource).removesuffix(".yaml"), files.get(str(resource), b"")
        objects[stem] = _parsed(path, str(resource), content, parse)
        signatures[stem] = recorded(content) or signature(objects[stem])
    code = _below(files, "code/")
    noted = get(data, "metadata", "annotations", SNAPSHOT)
    if noted not in (None, digest(signatures, code)):
        message = "a promotion was cut short here, or code in it was edited by hand"
        raise PlaitError(message, where=path, hint=_way_back(path))
    return Snapshot(objects, _image(f"{path}/{KUSTOMIZATION}", data, name), code, data.get("namespace"))


def digest(signatures: Mapping[str, str], code: Files) -> str:
    """16 hex digits over a whole snapshot: the first lines of its objects and the bytes of its code."""
    texts = {path: hashlib.sha256(content).hexdigest() for path, content in code.items()}
    return signature([signatures, texts])


def _way_back(folder: str) -> str:
    """What mends promoted/. Of two stages in a row that are both broken, only Git has what was promoted."""
    command = f"git restore --source HEAD --staged --worktree {folder}"
    return f"run plait promote again, or take it from Git: {command}"


def _parsed(folder: str, file: str, content: bytes | None, parse: Parse) -> dict[str, Any]:
    path, hint = f"{folder}/{file}", _way_back(folder)
    if not content:
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
