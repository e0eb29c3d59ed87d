"""What an import is made of: manifests, what is left of them, and the result."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from operator import attrgetter
from typing import Any

from plait.edits import Object, get
from plait.importing.reasons import REASONS
from plait.kustomization import ENVIRONMENT

Steps = tuple[str, ...]
Key = tuple[str, str, str]
"""Group, kind and name of an object."""


def key_of(item: Object) -> Key:
    """What tells an object from all others of its namespace, in every version of its API."""
    return str(item["apiVersion"]).rpartition("/")[0], item["kind"], item["metadata"]["name"]


def shown(path: Steps) -> str:
    """A path as messages show it: `spec.containers[orders].image`."""
    return "".join(step if step.startswith("[") else f".{step}" for step in path).removeprefix(".")


@dataclass(frozen=True, slots=True)
class Manifest:
    """One Kubernetes object of the files.

    Attributes:
        where: `file:line`.
        data: with apiVersion, kind and metadata.name as texts.
    """

    where: str
    data: Object = field(repr=False)

    @property
    def kind(self) -> str:
        """Its kind."""
        return str(self.data["kind"])

    @property
    def group(self) -> str:
        """Its API group; "" for the core."""
        return str(self.data["apiVersion"]).rpartition("/")[0]

    @property
    def name(self) -> str:
        """Its name."""
        return str(self.data["metadata"]["name"])

    @property
    def namespace(self) -> str | None:
        """Its namespace, where it names one."""
        found = self.data["metadata"].get("namespace")
        return found if isinstance(found, str) else None

    @property
    def place(self) -> tuple[str, str, str, str]:
        """Which object of which file it is."""
        return self.where, *self.key

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes it one object in its namespace."""
        return self.group, self.kind, self.name

    def is_a(self, group: str, kind: str) -> bool:
        """Whether it is of this group and kind."""
        return (self.group, self.kind) == (group, kind)

    def get(self, *path: str | int) -> Any:
        """The value at a path, or None."""
        return get(self.data, *path)

    def with_data(self, data: Object) -> Manifest:
        """The same manifest with other content."""
        return replace(self, data=data)


@dataclass(frozen=True, slots=True)
class Left:
    """What functions.yaml could not take over.

    Attributes:
        where: `file:line` of the object.
        group, kind, name: of the object.
        path: the field; () for the object as a whole.
        rule: which of `reasons.REASONS` it is.
        reason: in words.
    """

    where: str
    group: str
    kind: str
    name: str
    path: Steps
    rule: str
    reason: str

    @property
    def place(self) -> tuple[str, str, str, str]:
        """Which object of which file it is."""
        return self.where, self.group, self.kind, self.name


def by_place(left: Iterable[Left]) -> dict[tuple[str, str, str, str], list[Left]]:
    """What is left of each object, sorted by where that is."""
    place = attrgetter("place")
    return {at: [*group] for at, group in groupby(sorted(left, key=place), key=place)}


@dataclass(frozen=True, slots=True)
class Note:
    """Something of the files that a reader should know, though nothing is lost."""

    where: str
    text: str


@dataclass(frozen=True, slots=True)
class Rewrite:
    """A field whose form changes and whose meaning does not."""

    path: Steps
    old: Any
    new: Any
    reason: str


@dataclass(frozen=True)
class Workload:
    """A Deployment or Knative Service with the objects that belong to it.

    Attributes:
        function: its name in functions.yaml.
        main: the Deployment or Knative Service.
        container: the index of the function's container in it.
        port: what the container listens on.
        labels, annotations: what functions.yaml carries of them.
    """

    function: str
    main: Manifest
    container: int
    port: int
    service: Manifest | None = None
    autoscaler: Manifest | None = None
    budget: Manifest | None = None
    account: Manifest | None = None

    @property
    def knative(self) -> bool:
        """Whether it is a Knative Service."""
        return self.main.kind == "Service"

    def manifests(self) -> list[Manifest]:
        """All of its objects."""
        found = (self.main, self.service, self.autoscaler, self.budget, self.account)
        return [item for item in found if item is not None]


@dataclass(frozen=True)
class Imported:
    """The result.

    Attributes:
        data: functions.yaml as data.
        comments: lines above a key (or list entry) of it, by its path.
        left: what is not in it.
        notes: what else is to be known of the files.
        manifests: the objects of the namespace, in the versions of today.
        rewrites: what that changed, by the object's key.
        workloads: who belongs together.
    """

    data: Object
    comments: Mapping[tuple[str | int, ...], Sequence[str]]
    left: Sequence[Left]
    notes: Sequence[Note]
    manifests: Sequence[Manifest]
    rewrites: Mapping[tuple[str, str, str], Sequence[Rewrite]]
    workloads: Sequence[Workload]


class Report:
    """Collects what is left, what is noted, and the comments of functions.yaml, during one import."""

    def __init__(self) -> None:
        self.left: list[Left] = []
        self._whole: set[tuple[str, str, str, str]] = set()
        self.notes: list[Note] = []
        self.comments: dict[tuple[str | int, ...], list[str]] = {}

    def leave(self, item: Manifest, rule: str, path: Steps = (), **words: Any) -> None:
        """A field of an object, or all of it, is not carried over."""
        told = {"kind": item.kind, "name": item.name, "field": path[-1] if path else "", **words}
        reason = REASONS[rule].format(**told)
        if not path:
            self._whole.add(item.place)
        self.left.append(Left(*item.place, path, rule, reason))

    def has_left(self, item: Manifest) -> bool:
        """Whether the object as a whole is left."""
        return item.place in self._whole

    def sorted(self) -> list[Left]:
        """What is left, in the order of the files."""
        return sorted(self.left, key=lambda one: (_place(one.where), one.kind, one.name, one.path))

    def placed(self, environment: str, owners: Mapping[tuple[str, str, str, str], str]) -> list[Left]:
        """The same, with the overlay's folders in their reasons.

        Args:
            owners: which function an object belongs to, by its place.
        """
        return [_placed(one, environment, owners.get(one.place, ENVIRONMENT)) for one in self.sorted()]

    def note(self, where: str, text: str) -> None:
        """Nothing is lost, and it should be known."""
        self.notes.append(Note(where, text))

    def comment(self, path: tuple[str | int, ...], text: str) -> None:
        """A line above a key of functions.yaml."""
        self.comments.setdefault(path, []).append(text)


def _placed(one: Left, environment: str, folder: str) -> Left:
    reason = one.reason.replace("overlays/ENV/FUNCTION", f"overlays/{environment}/{folder}")
    reason = reason.replace("overlays/ENV", f"overlays/{environment}")
    return replace(one, reason=reason)


def _place(where: str) -> tuple[str, int]:
    file, _, line = where.rpartition(":")
    return file, int(line)
