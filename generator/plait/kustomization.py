"""The kustomizations under overlays/: shared with the user, entry by entry.

plait's entries are: the resource that names base/, promoted/ or a folder of this overlay; `namespace`;
the image and the code generator named after the function; patches called plait-*.yaml. Everything
else, comments and order too, is the user's and stays byte for byte (`surgery`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from plait import emit
from plait.resources.pod import code_map
from plait.surgery import Text

API_VERSION, KIND = "kustomize.config.k8s.io/v1beta1", "Kustomization"
ENVIRONMENT = "_environment"
FOLLOWS = "follows functions.yaml"
_LISTS = {
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
        data = {"apiVersion": API_VERSION, "kind": KIND, "namespace": self.namespace}
        lists = {key: list(getattr(self, name)) for key, name in _LISTS.items() if getattr(self, name)}
        text = emit.document({**data, **lists})
        return _marked(text, self.folder) if self.follows else text

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
            return entry in self.resources or entry in self.gone
        base = "../../../base" if self.folder == ENVIRONMENT else f"../../../base/{self.folder}"
        return entry in (base, "promoted")


def is_plaits(data: Any, folder: str) -> bool:
    """Whether a kustomization in a folder of an overlay holds plait's resource."""
    entries = data.get("resources") if isinstance(data, dict) else None
    base = "../../../base" if folder == ENVIRONMENT else f"../../../base/{folder}"
    return isinstance(entries, list) and (base in entries or "promoted" in entries)


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
    """
    text = Text(content)
    if text.data is None:
        return content + wanted.text()
    if text.data.get("namespace") != wanted.namespace:
        text.set_scalar("namespace", wanted.namespace, after="kind")
    for key, name in _LISTS.items():
        entries = getattr(wanted, name)
        mine = [entry for entry in text.entries(key) if wanted.owns(key, entry)]
        if mine != [dict(entry) if isinstance(entry, Mapping) else entry for entry in entries]:
            text.set_entries(key, lambda entry, key=key: wanted.owns(key, entry), entries, _KEYS.get(key))
    result = text.result()
    return _follow(result, wanted)


def _follow(text: str, wanted: Entries) -> str:
    if not wanted.images or follows(text, wanted.folder) == wanted.follows:
        return text
    if wanted.follows:
        return _marked(text, wanted.folder)
    return _marker(wanted.folder).sub(lambda match: match[1], text)


def _marked(text: str, name: str) -> str:
    line = re.compile(rf"^([ \t]*(?:- +)?name:[ \t]*['\"]?{re.escape(name)}['\"]?)[ \t]*$", re.MULTILINE)
    return line.sub(lambda match: f"{match[1]} # {FOLLOWS}", text, count=1)


@lru_cache(maxsize=16384)
def _marker(name: str) -> re.Pattern[str]:
    return re.compile(
        rf"^([ \t]*(?:- +)?name:[ \t]*['\"]?{re.escape(name)}['\"]?)[ \t]+# {FOLLOWS}[ \t]*$", re.MULTILINE
    )


def follows(text: str, name: str) -> bool:
    """Whether the image entry of `name` carries the comment that lets it follow functions.yaml."""
    return f"# {FOLLOWS}" in text and _marker(name).search(text) is not None


def foreign(data: Mapping[str, Any], mine: Entries) -> list[str]:
    """What the user added, in words: `patches: my-patch.yaml`, `namePrefix`."""
    found = [key for key in data if key not in ("apiVersion", "kind", "metadata", "namespace", *_LISTS)]
    for key in _LISTS:
        for entry in data.get(key) or []:
            if not mine.owns(key, entry):
                found.append(f"{key}: {_label(entry)}")
    return found


def _label(entry: Any) -> str:
    if isinstance(entry, dict):
        first = entry.get("path") or entry.get("name") or next(iter(entry), "")
        return str(first)
    return str(entry)
