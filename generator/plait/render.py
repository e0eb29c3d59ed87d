"""An overlay's objects without kustomize: what a build of overlays/ENV gives, object for object.

Source of the rules: kustomize 5.8's namespace, image and hash transformers and its legacy order,
held against real builds by tests/test_parity.py.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from plait import kustomization
from plait.edits import Object, get, in_container, is_local, merge, pod_spec, put
from plait.errors import PlaitError
from plait.kustomization import Entries
from plait.layout import generators
from plait.overlay import Overlay, Unit, code_key, code_name
from plait.state import State

# kustomize's order of kinds (api/builtins, LegacyOrderTransformer); kinds not listed come after these.
# Only kinds that plait writes.
_FIRST = ("Namespace", "ServiceAccount", "ConfigMap", "Service", "Deployment", "PodDisruptionBudget")
_BASE64_LINE = 70
_GO_ESCAPES = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}
_HASH_LETTERS = str.maketrans({"0": "g", "1": "h", "3": "k", "a": "m", "e": "t"})


def objects(overlay: Overlay) -> list[Object]:
    """Every object of the environment, in kustomize's order."""
    return [item for item in everything(overlay) if not is_local(item)]


def everything(overlay: Overlay) -> list[Object]:
    """The same with what Git alone holds: the contracts of each function."""
    maps = {code_name(unit): code for unit in overlay.units.values() if (code := _code_map(overlay, unit))}
    hashed = {name: code["metadata"]["name"] for name, code in maps.items()}
    found = [item for unit in overlay.units.values() for item in _unit(unit, hashed)]
    return sorted((_in_namespace(item, overlay.namespace) for item in [*found, *maps.values()]), key=_order)


def _order(item: Object) -> tuple[int, str, str]:
    kind = item["kind"]
    rank = _FIRST.index(kind) if kind in _FIRST else len(_FIRST)
    group, _, version = item["apiVersion"].rpartition("/")
    return rank, f"{group or '~G'}_{version}_{kind}", item["metadata"]["name"]


def _unit(unit: Unit, hashed: Mapping[str, str]) -> Iterator[Object]:
    for item in filter(None, unit.after.values()):
        built = _with_image(item, unit)
        yield _renamed(built, hashed) if hashed else built


def _in_namespace(item: Object, namespace: str) -> Object:
    name = {"name": namespace} if item["kind"] == "Namespace" else {"namespace": namespace}
    changed: Object = merge(item, ("metadata",), name)
    return changed


def _with_image(item: Object, unit: Unit) -> Object:
    if unit.image is None:
        return item
    image = str(unit.image)
    return in_container(
        item, lambda block: {**block, "image": image} if block["image"] == unit.folder else block
    )


def _renamed(item: Object, hashed: Mapping[str, str]) -> Object:
    """The object with each reference to a generated ConfigMap by its hashed name, whoever generated it."""
    path = pod_spec(item)
    if path:
        return put(item, path, _references(get(item, *path), hashed))  # type: ignore[no-any-return]
    config = get(item, "spec", "config")
    if item["kind"] == "Broker" and config and config["kind"] == "ConfigMap" and config["name"] in hashed:
        return put(item, ("spec", "config", "name"), hashed[config["name"]])  # type: ignore[no-any-return]
    return item


def _references(value: Any, hashed: Mapping[str, str]) -> Any:
    if isinstance(value, list):
        return [_references(entry, hashed) for entry in value]
    if not isinstance(value, dict):
        return value
    found = {key: _references(entry, hashed) for key, entry in value.items()}
    for key in ("configMap", "configMapKeyRef"):
        if key in found and found[key].get("name") in hashed:
            found[key] = {**found[key], "name": hashed[found[key]["name"]]}
    return found


def _code_map(overlay: Overlay, unit: Unit) -> Object | None:
    if unit.code is None:
        return None
    entry = generators(overlay, unit)[0]
    text: dict[str, str] = {}
    binary: dict[str, str] = {}
    for path, content in sorted(unit.code.items()):
        try:
            text[code_key(path)] = content.decode()
        except UnicodeDecodeError:
            binary[code_key(path)] = _base64(content)
    data = {key: value for key, value in (("data", text), ("binaryData", binary)) if value}
    metadata = {"name": f"{entry['name']}-{hash_suffix(text, binary)}", **entry["options"]}
    return {"apiVersion": "v1", "kind": "ConfigMap", **data, "metadata": metadata}


def _base64(content: bytes) -> str:
    """As kustomize writes it: lines of 70 characters (kyaml/yaml/datamap.go)."""
    text = base64.b64encode(content).decode()
    lines = [text[at : at + _BASE64_LINE] for at in range(0, len(text), _BASE64_LINE)]
    return "".join(f"{line}\n" for line in lines) if len(text) >= _BASE64_LINE else text


def hash_suffix(text: dict[str, str], binary: dict[str, str]) -> str:
    """The hash that kustomize puts behind a ConfigMap's name: 10 letters of the SHA-256 of its JSON.

    Source: kustomize's api/hasher, which means to hash the name too and always finds an empty one. The
    JSON is Go's, which escapes a few characters more than Python's.
    """
    content: dict[str, Any] = {"kind": "ConfigMap", "name": "", "data": text or ""}
    if binary:
        content["binaryData"] = binary
    encoded = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    encoded = encoded.translate(_GO_ESCAPES)
    return hashlib.sha256(encoded.encode()).hexdigest()[:10].translate(_HASH_LETTERS)


def refuse_foreign(overlay: Overlay, state: State) -> None:
    """Stop where the user added to the overlay: kustomize would print something else.

    Raises:
        PlaitError: with each entry.
    """
    root = f"overlays/{overlay.name}"
    mine = Entries("", "", list(overlay.units), gone=frozenset(state.folders))
    found = [f"{root}/kustomization.yaml: {entry}" for entry in kustomization.foreign(state.data, mine)]
    for name, held in state.folders.items():
        users = kustomization.foreign(held.data, Entries(name, "", []))
        found += [f"{root}/{name}/kustomization.yaml: {entry}" for entry in users]
    if found:
        listed = "\n".join(f"  {entry}" for entry in found)
        hint = f"kustomize build {root} (or kubectl kustomize {root}) applies them"
        raise PlaitError(
            f"this overlay holds entries of yours, which render does not apply:\n{listed}", hint=hint
        )
