"""One repository, loaded: functions.yaml, what is on disk, and what should be there.

The commands' common ground: `Project.load`, then `changes` to compare, `write` to apply.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from plait import code, disk, document, gitops, layout, state, tree
from plait.contracts import reading
from plait.disk import Scan
from plait.document import Files, Tree
from plait.errors import PlaitError, nearest
from plait.flow import Flow
from plait.kustomization import ENVIRONMENT, Entries, foreign
from plait.overlay import Overlay
from plait.resources import Objects
from plait.spec.environment import Environment
from plait.spec.function import Function
from plait.spec.load import MAX_BYTES, Source, load, unknown_file
from plait.state import State
from plait.tree import Changes

SPEC = "functions.yaml"


@dataclass(frozen=True)
class Project:
    """A functions.yaml and the tree that belongs to it.

    Attributes:
        root: the folder of functions.yaml; sources are below it.
        output: where base/ and overlays/ are; usually `root` too.
        source: the loaded file.
        scan: what is on disk below `output`.
        decided: states that a release or a promotion changes, by environment.
    """

    root: Path
    output: Path
    source: Source
    scan: Scan
    decided: Mapping[str, State] = field(default_factory=dict)

    @classmethod
    def load(cls, root: Path, output: Path | None = None) -> Project:
        """Read functions.yaml and the tree.

        Raises:
            SpecError: functions.yaml has mistakes.
            PlaitError: there is no functions.yaml, or a file cannot be read.
        """
        source = load_spec(root)
        return cls(root, output or root, source, disk.scan(output or root))

    @cached_property
    def flow(self) -> Flow:
        """The event graph. Raises PlaitError where the schema of an event cannot be read."""
        body = self.source.spec.spec
        return Flow(self.source.spec, reading.texts(self.root, body) if body.events else {})

    def environment(self, name: str) -> Environment:
        """An environment of functions.yaml. Raises PlaitError, exit code 2, for an unknown name."""
        known = self.flow.environments
        if name not in known:
            hint = nearest(name, known) or f"functions.yaml has {', '.join(known) or 'none'}"
            raise PlaitError(f"no environment named {name!r}", hint=hint, exit_code=2)
        return known[name]

    @cached_property
    def base(self) -> Mapping[str, Objects]:
        """The objects of base/."""
        return layout.base_objects(self.flow)

    @cached_property
    def base_tree(self) -> Tree:
        """The files of base/."""
        return layout.base_tree(self.base)

    @cached_property
    def states(self) -> Mapping[str, State]:
        """The state of every overlay on disk, of environments that functions.yaml has lost too."""
        parse = _known_by_heart(self.base_tree)
        split = state.split(self.scan.files)
        found = {name: state.read(name, folders, parse) for name, folders in split.items()}
        return {
            name: held
            for name, held in found.items()
            if ENVIRONMENT in held.folders or name in self.flow.environments
        }

    def read_source(self, name: str, function: Function) -> Files:
        """A function's code, as a ConfigMap can hold it. Raises PlaitError."""
        assert function.source is not None
        files = disk.files_below(self.root, function.source, code.MAX_BYTES)
        return code.check(name, function, files)

    @cached_property
    def overlays(self) -> Mapping[str, Overlay]:
        """Every environment; a broken one raises PlaitError when it is asked for."""
        return layout.Overlays(self.flow, self.base, {**self.states, **self.decided}, self.read_source)

    @cached_property
    def tree(self) -> Tree:
        """Every file that should be there."""
        files = dict(self.base_tree)
        for name, overlay in self.overlays.items():
            files |= layout.overlay_tree(overlay, self.states.get(name, State()))
        self._check_mode()
        return files | gitops.tree(self.flow, self.overlays)

    def _check_mode(self) -> None:
        """Synced folder by folder, what the user added to the overlay as a whole would not be applied."""
        settings = self.flow.body.gitops
        if settings is None or settings.mode == "environment":
            return
        for name, overlay in self.overlays.items():
            held = self.states.get(name, State())
            users = foreign(held.data, Entries("", "", list(overlay.units), gone=frozenset(held.folders)))
            if users:
                message = f"mode: function would leave out what you added there: {', '.join(users)}"
                hint = "set spec.gitops.mode: environment, or move these into the folders of the functions"
                raise PlaitError(message, where=f"overlays/{name}/kustomization.yaml", hint=hint)

    def deciding(self, environment: str, state: State) -> Project:
        """The same project, as if the overlay held another state."""
        return replace(self, decided={environment: state})

    def changes(self) -> Changes:
        """What generate would do."""
        return tree.plan(self.tree, self.scan.files, self.states)

    def changes_of(self, environment: str) -> Changes:
        """What generate would do to base/ and one overlay, whatever the others hold."""
        state = self.states.get(environment, State())
        wanted = {**self.base_tree, **layout.overlay_tree(self.overlays[environment], state)}
        tops = ("base/", f"overlays/{environment}/")
        have = {path: content for path, content in self.scan.files.items() if path.startswith(tops)}
        return tree.plan(wanted, have, {environment: state})

    def write(self, changes: Changes, progress: disk.Progress | None = None) -> None:
        """Apply the changes below `output`. Raises PlaitError."""
        disk.apply(self.output, changes, self.scan.leftovers, progress)


def load_spec(root: Path) -> Source:
    """Read functions.yaml alone. Raises SpecError, PlaitError."""
    path = root / SPEC
    if not path.exists():
        raise unknown_file(str(path) if root != Path() else SPEC)
    return load(disk.read(path, MAX_BYTES), str(path) if root != Path() else SPEC)


def _known_by_heart(files: Tree) -> Callable[[bytes], Any]:
    """A parser that knows the files of base/: a snapshot that equals them needs no parsing."""
    known: dict[bytes, Any] = {}

    def parse(content: bytes) -> Any:
        if not known:
            known.update(
                {file.content: file.data for file in files.values() if isinstance(file, document.Owned)}
            )
        found = known.get(content)
        return document.parsed(content) if found is None else found

    return parse
