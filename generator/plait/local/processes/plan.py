"""functions.yaml -> Plan: which processes run, with which command and environment. Pure but for look-ups."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from plait import disk
from plait.errors import Problem, SpecError
from plait.flow import Flow
from plait.local.processes.variables import Reference, Resolved, Values, of_pod, resolve
from plait.project import Project
from plait.resources.pod import DEFAULT_TIMEOUT, GRACE
from plait.spec.environment import Environment
from plait.spec.function import Function
from plait.spec.load import Source

COMMANDS = {"python": "plait-handler", "node": "plait-node", "wasm": "plait-wasmtime"}
HOST = "127.0.0.1"
Find = Callable[[str], str | None]


@dataclass(frozen=True)
class Planned:
    """One function as a process. Two that are equal need no restart.

    Attributes:
        name: the function's.
        command: program and arguments.
        folder: the source folder.
        environment: all of its variables but PORT.
        secrets: values in it that are shown nowhere.
        grace: seconds from SIGTERM to SIGKILL, as the pod has them.
    """

    name: str
    command: tuple[str, ...]
    folder: Path
    environment: Mapping[str, str] = field(repr=False)
    secrets: frozenset[str] = field(repr=False)
    grace: float


@dataclass(frozen=True)
class Plan:
    """Every function of a functions.yaml.

    Attributes:
        processes: the functions that plait starts, in the order of the file.
        urls: the functions that run elsewhere (`container.url`).
        notes: functions that are nowhere, so that no event reaches them.
    """

    processes: Mapping[str, Planned] = field(default_factory=dict)
    urls: Mapping[str, str] = field(default_factory=dict)
    notes: Sequence[Problem] = ()


def find_command(name: str) -> str | None:
    """The path of a command: beside this Python, else on PATH; None where it is not installed."""
    return shutil.which(name, path=str(Path(sys.executable).parent)) or shutil.which(name)


def plan(
    source: Source,
    root: Path,
    environment: str | None,
    values: Values,
    find: Find = find_command,
    elsewhere: Collection[str] = (),
) -> Plan:
    """What runs for a functions.yaml.

    Args:
        source: the loaded file.
        root: its folder; sources are below it.
        environment: whose overrides apply, or None for the functions as they stand.
        values: where references to Secrets and ConfigMaps are looked up.
        find: name of a command to its path, or None where it is not installed.
        elsewhere: functions that plait need not start, and of which nothing is to be said.

    Raises:
        SpecError: all that keeps a function from starting, each at its line: a value that is nowhere, a
            source folder that is not there, a runtime that is not installed. Exit code 2.
        PlaitError: no such environment.
    """
    project = Project(root, root, source, disk.Scan())
    settings = project.environment(environment) if environment else None
    planner = _Planner(source, project.flow, root.resolve(), settings, environment, values, find, elsewhere)
    found = {name: planner.process(name) for name in project.flow.functions if planner.starts(name)}
    if planner.problems:
        raise SpecError(source.path, planner.problems)
    containers = {name: item.container for name, item in project.flow.functions.items() if item.container}
    urls = {name: container.url for name, container in containers.items() if container.url}
    return Plan({name: item for name, item in found.items() if item}, urls, planner.notes)


@dataclass
class _Planner:
    source: Source
    flow: Flow
    root: Path
    environment: Environment | None
    environment_name: str | None
    values: Values
    find: Find
    elsewhere: Collection[str]
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)

    def starts(self, name: str) -> bool:
        """Whether plait starts it; a note where nobody does."""
        function = self.flow.functions[name]
        if function.runtime == "container":
            if not (function.container and function.container.url):
                hint = "start it yourself and set container: {url: http://127.0.0.1:9000/}"
                self._note(name, f"{name} has no container.url: no event reaches it", hint)
            return False
        if function.source is None:
            self._note(
                name, f"{name} has no `source`: plait run cannot start it", "name the folder of its code"
            )
        return function.source is not None

    def process(self, name: str) -> Planned | None:
        """The function's process; None, and problems, where it cannot be."""
        function = self.flow.functions[name]
        assert function.source is not None
        folder = self.root / function.source
        if not folder.is_dir():
            at = ("spec", "functions", name, "source")
            hint = "plait new writes a first function"
            self.problems.append(self.source.problem(at, f"no such folder: {function.source}", hint))
        resolved = resolve(of_pod(self.flow, name, self.environment), self.values, folder)
        self.problems += self._missing(name, resolved)
        command = self._command(name, function)
        return _planned(name, function, (command, str(folder)), resolved, self.values) if command else None

    def _command(self, name: str, function: Function) -> str | None:
        command = COMMANDS[function.runtime]
        path = self.find(command)
        if path is None:
            message = f"{command}, the runtime of {name}, is not installed"
            at = ("spec", "functions", name, "runtime")
            self.problems.append(self.source.problem(at, message, "pip install 'plait[run]'"))
        return path

    def _missing(self, name: str, resolved: Resolved) -> Iterator[Problem]:
        for key, reference in resolved.missing.items():
            what = f"{key} of {name} is in the {reference.kind} {reference.name}, key {reference.key}"
            specific, plain = reference.names(key)
            hint = f"set {specific} or {plain} in .env beside functions.yaml, or in the shell"
            message = f"{what}: no value for it here"
            yield self.source.problem(self._place(name, key, reference), message, hint)

    def _place(self, name: str, key: str, reference: Reference) -> tuple[str, ...]:
        """The variable in functions.yaml: in the environment, where that names it."""
        override = self.environment.functions.get(name) if self.environment else None
        kind = "secret" if reference.kind == "Secret" else "configMap"
        if override and key in override.env and self.environment_name:
            return ("spec", "environments", self.environment_name, "functions", name, "env", key, kind)
        return ("spec", "functions", name, "env", key, kind)

    def _note(self, name: str, message: str, hint: str) -> None:
        if name in self.elsewhere:
            return
        self.notes.append(self.source.problem(("spec", "functions", name, "runtime"), message, hint))


def _planned(
    name: str, function: Function, command: tuple[str, ...], resolved: Resolved, values: Values
) -> Planned:
    own = {**values.inherited(), **resolved.variables, "HOST": HOST}
    grace = (function.timeout or DEFAULT_TIMEOUT) + GRACE
    return Planned(name, command, Path(command[-1]), own, resolved.secrets, grace)
