"""The kustomizations under overlays/: shared with the user, entry by entry.

plait's entries are: the resource that names base/, promoted/ or a folder of this overlay; `namespace`;
the image and the code generator named after the function; patches called plait-*.yaml. Everything
else, comments and order too, is the user's and stays byte for byte (`surgery`).
"""

from __future__ import annotations

import contextlib
import json
import posixpath
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from plait import emit
from plait.errors import PlaitError
from plait.resources.pod import code_map
from plait.surgery import Text
from plait.yamlio import YamlProblem

API_VERSION, KIND = "kustomize.config.k8s.io/v1beta1", "Kustomization"
ENVIRONMENT = "_environment"
FOLLOWS = "follows functions.yaml"
_MARKER = re.compile(rf" *# {re.escape(FOLLOWS)}$")
LISTS = {
    "resources": "resources",
    "images": "images",
    "configMapGenerator": "generators",
    "patches": "patches",
}
_KEYS = {"images": "name", "configMapGenerator": "name", "patches": "path"}


@dataclass(frozen=True)
class Entries:
    """plait's entries of one kustomization.

    Attributes:
        folder: "" for overlays/ENV itself, "_environment", or the function.
        follows: whether the image entry follows functions.yaml instead of being pinned.
        gone: for overlays/ENV: folders that were plait's and are no more.
    """

    folder: str
    namespace: str
    resources: Sequence[str]
    images: Sequence[Mapping[str, str]] = ()
    generators: Sequence[Mapping[str, Any]] = ()
    patches: Sequence[Mapping[str, Any]] = ()
    follows: bool = False
    gone: frozenset[str] = field(default=frozenset())

    def text(self) -> str:
        """The file where there is none yet."""
        text = emit.document({"apiVersion": API_VERSION, "kind": KIND, **self.data()})
        return _follow(text, self) if self.follows else text

    def data(self) -> dict[str, Any]:
        """The entries as kustomize reads them."""
        lists = {key: list(getattr(self, name)) for key, name in LISTS.items() if getattr(self, name)}
        return {"namespace": self.namespace, **lists}

    def owns(self, key: str, entry: Any) -> bool:
        """Whether an entry of the list `key` is plait's."""
        if key == "resources":
            return self._owns_resource(entry)
        name = entry.get(_KEYS[key]) if isinstance(entry, dict) else None
        if key == "patches":
            return isinstance(name, str) and name.startswith("plait-")
        return name == (self.folder if key == "images" else code_map(self.folder))

    def _owns_resource(self, entry: Any) -> bool:
        if not self.folder:
            return isinstance(entry, str) and (entry in self.resources or entry in self.gone)
        base = "../../../base" if self.folder == ENVIRONMENT else f"../../../base/{self.folder}"
        return isinstance(entry, str) and posixpath.normpath(entry) in (base, "promoted")


def may_be_plaits(content: bytes) -> bool:
    """Whether it is worth reading: a user's own kustomization may be more than plait can parse."""
    return b"base" in content or b"promoted" in content


def generated(data: Mapping[str, Any], folder: str) -> list[str]:
    """The files of the code generator of a function, where there is one: `[KEY=]PATH`."""
    for entry in data.get("configMapGenerator") or []:
        if isinstance(entry, dict) and entry.get("name") == code_map(folder):
            return [str(file) for file in entry.get("files") or []]
    return []


def is_plaits(data: Any, folder: str) -> bool:
    """Whether a kustomization in a folder of an overlay holds plait's resource."""
    entries = data.get("resources") if isinstance(data, dict) else None
    base = "../../../base" if folder == ENVIRONMENT else f"../../../base/{folder}"
    if not isinstance(entries, list):
        return False
    return any(
        isinstance(entry, str) and posixpath.normpath(entry) in (base, "promoted") for entry in entries
    )


_FRESH = re.compile(
    r"apiVersion: kustomize\.config\.k8s\.io/v1beta1\nkind: Kustomization\n"
    r"namespace: (?P<namespace>\S+)\nresources:\n- (?P<resource>\S+)\n"
    rf"(?:images:\n- name: (?P<name>\S+)(?: # {FOLLOWS})?\n(?P<fields>(?:  \w+: \S+\n)+))?"
    r"(?:patches:\n(?P<patches>(?:- path: plait-\S+\n)+))?"
)


def quick(content: str) -> dict[str, Any] | None:
    """A kustomization of a function that holds plait's plain entries alone, as data; None for any other.

    A parser's answer at a twentieth of its time, for thousands of folders (benchmarks/).
    """
    match = _FRESH.fullmatch(content)
    if match is None:
        return None
    data: dict[str, Any] = {"namespace": match["namespace"], "resources": [match["resource"]]}
    if match["name"]:
        fields = (line.strip().split(": ", 1) for line in match["fields"].splitlines())
        data["images"] = [{"name": match["name"], **dict(fields)}]
    if match["patches"]:
        data["patches"] = [{"path": line[len("- path: ") :]} for line in match["patches"].splitlines()]
    return _unquoted(data)


def _unquoted(data: dict[str, Any]) -> dict[str, Any] | None:
    """The texts without quotes; None where one is not written as plait would write it."""
    for entry in [data, *data.get("images", []), *data.get("patches", [])]:
        for key, written in entry.items():
            if isinstance(written, str):
                entry[key] = written[1:-1] if written.startswith('"') else written
                if emit.text(entry[key]) != written:
                    return None
    return data if emit.text(data["resources"][0]) == data["resources"][0] else None


def merged(content: str, wanted: Entries) -> str:
    """The file with plait's entries as wanted and everything else as it is.

    Raises:
        YamlProblem: the file is not YAML that plait can read.
        PlaitError: it is written in a way that plait cannot edit.
    """
    text = Text(content)
    if text.data is None:
        gap = "" if not content or content.endswith("\n") else "\n"
        return content + gap + wanted.text()
    if text.data.get("namespace") != wanted.namespace:
        text.set_scalar("namespace", wanted.namespace, after="kind")
    for key, name in LISTS.items():
        entries = getattr(wanted, name)
        mine = _mine(text.data, key, wanted)
        if mine != [*entries] and _sorted(mine) != _sorted(entries):
            text.set_entries(key, partial(wanted.owns, key), entries, _KEYS.get(key))
    result = _follow(text.result(), wanted)
    if result != content:
        _verify(text.data, result, wanted)
    return result


def _mine(data: Mapping[str, Any], key: str, wanted: Entries) -> list[Any]:
    return [entry for entry in data.get(key) or [] if wanted.owns(key, entry)]


def _verify(before: Mapping[str, Any], result: str, wanted: Entries) -> None:
    """Hold the edited text against what was wanted: a file written in an unusual way must not be spoilt."""
    with contextlib.suppress(YamlProblem, PlaitError):
        data = Text(result).data or {}
        mine = all(_sorted(_mine(data, key, wanted)) == _sorted(getattr(wanted, LISTS[key])) for key in LISTS)
        if (
            mine
            and data.get("namespace") == wanted.namespace
            and _theirs(data, wanted) == _theirs(before, wanted)
        ):
            return
    entries = emit.document(wanted.data()).rstrip("\n").replace("\n", "\n    ")
    hint = f"write these entries there yourself:\n    {entries}"
    raise PlaitError("plait cannot edit this file without harm to what is yours", hint=hint)


def _sorted(entries: Sequence[Any]) -> list[str]:
    return sorted(json.dumps(entry, sort_keys=True) for entry in entries)


def _theirs(data: Mapping[str, Any], wanted: Entries) -> dict[str, Any]:
    """What is the user's: order counts, an empty list does not."""
    lists = {key: [entry for entry in data.get(key) or [] if not wanted.owns(key, entry)] for key in LISTS}
    return {
        key: value
        for key, value in {**data, **lists}.items()
        if key != "namespace" and value not in ([], None)
    }


def _follow(text: str, wanted: Entries) -> str:
    """Write or delete the comment that lets the image entry follow functions.yaml."""
    if not wanted.images or follows(text, wanted.folder) == wanted.follows:
        return text
    edited = Text(text)
    comment = edited.comment("images", "name", wanted.folder)
    changed = f"{comment} # {FOLLOWS}" if wanted.follows else _MARKER.sub("", comment)
    edited.set_comment("images", "name", wanted.folder, changed.strip())
    return edited.result()


def follows(text: str, name: str) -> bool:
    """Whether the image entry of `name` carries the comment that lets it follow functions.yaml."""
    return FOLLOWS in text and _MARKER.search(Text(text).comment("images", "name", name)) is not None


def foreign(data: Mapping[str, Any], mine: Entries) -> list[str]:
    """What the user added, in words: `patches: my-patch.yaml`, `namePrefix`."""
    found = [key for key in data if key not in ("apiVersion", "kind", "metadata", "namespace", *LISTS)]
    for key in LISTS:
        found += [f"{key}: {_label(entry)}" for entry in data.get(key) or [] if not mine.owns(key, entry)]
    return found


def _label(entry: Any) -> str:
    if isinstance(entry, dict):
        first = entry.get("path") or entry.get("name") or next(iter(entry), "")
        return str(first)
    return str(entry)
