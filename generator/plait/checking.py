"""Everything that `plait check` looks at, as one list of findings.

Mistakes of functions.yaml come alone: without a spec there is nothing to compare. Then warnings about
the flow, files of plait's edited by hand, drift, and what an environment would lack.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from plait import disk, promote, state
from plait.contracts.checking import mistakes
from plait.errors import PlaitError, Problem, SpecError
from plait.findings import Placed, allowed, layers, of_flow, of_history, of_overlays
from plait.flow import Flow
from plait.project import SPEC, Project, load_spec
from plait.spec.load import Source
from plait.tree import Changes

Level = Literal["error", "warning"]


@dataclass(frozen=True)
class Finding:
    """One thing to tell.

    Attributes:
        rule: its kind, a key of RULES.
        path: the file, relative to the folder of functions.yaml.
        line, column: counted from 1; 1 where the file as a whole is meant.
        quoted: the line of the file, or None; a line with a secret in it is never quoted.
    """

    level: Level
    rule: str
    message: str
    path: str
    line: int = 1
    column: int = 1
    hint: str | None = None
    quoted: str | None = None


RULES = {  # what holds where the rule is kept; each has a page in docs/findings/
    "spec": "functions.yaml is as plait reads it",
    "unheard-event": "every event that is emitted reaches somebody",
    "unfired-subscription": "every subscription can be met",
    "reply-loop": "no event comes back to the function that emitted it",
    "filter-never-matches": "every filter lets some event pass",
    "filter-always-matches": "every filter keeps some event out",
    "limit": "nothing that a cluster refuses by default, or runs as another version than meant",
    "source": "every source folder is there",
    "contract": "every event contract is a JSON Schema, keeps its example, and is of use",
    "secret": "secrets stand in Git by reference only",
    "hand-edit": "files that plait generates are changed by plait alone",
    "user-entry": "a folder that goes holds nothing of the user's",
    "drift": "the tree is what functions.yaml says",
    "dead-letter": "every dead letter sink runs in the environment that names it",
    "missing-file": "every file that an overlay names is there",
    "patch-without-target": "every patch of the user's has something to patch",
    "selector-labels": "no label is written into a Knative Service's selector",
    "merge-patch": "custom resources are patched by JSON 6902",
    "feature": "no patch of the user's needs a feature of Knative that is off by default",
    "openapi": "kustomize knows the built-in kinds as they are",
    "immutable": "nothing changes that a cluster cannot change in place",
    "tree": "what is on disk can be read",
}


# Rules whose findings have a line of functions.yaml.
IN_SPEC = frozenset(
    {
        "spec",
        "unheard-event",
        "unfired-subscription",
        "reply-loop",
        "filter-never-matches",
        "filter-always-matches",
        "limit",
        "source",
        "contract",
        "secret",
    }
)


def check(root: Path, against: str = "HEAD") -> tuple[list[Finding], int]:
    """Look at everything below a folder.

    Args:
        against: the revision of git that immutable fields are compared with.

    Returns:
        The findings, and the exit code: 0 for none or warnings, 1 for an error, 2 for a bad spec.

    Raises:
        PlaitError: there is no functions.yaml, or it cannot be read.
    """
    try:
        source = load_spec(root)
    except SpecError as error:
        return [_of_problem("error", "spec", problem) for problem in error.problems], error.exit_code
    told = [*_warnings(source), *_sources(root, source)]
    told = [item for item in told if not allowed(source.text, item.line, item.rule)]
    found = _without_secrets([*told, *(broken := list(_contracts(root, source)))])
    if broken:  # generate would stop there
        return found, 1
    try:
        found += _tree(Project(root, root, source, disk.scan(root)), against)
    except PlaitError as error:
        return [*found, _of_error(root, error)], error.exit_code
    return found, int(any(finding.level == "error" for finding in found))


def _without_secrets(found: Sequence[Finding]) -> list[Finding]:
    """The same, with no line quoted that holds a secret: findings go into logs."""
    secret = {item.line for item in found if item.rule == "secret"}
    return [replace(item, quoted=None) if item.line in secret else item for item in found]


def _sources(root: Path, source: Source) -> Iterator[Finding]:
    """Source folders that are not there; only `packaging: configMap` would stop generate."""
    for name, function in source.spec.spec.functions.items():
        if function.source and not (root / function.source).is_dir():
            at = ("spec", "functions", name, "source")
            hint = disk.folder_hint(root, function.source)
            problem = source.problem(at, f"no such folder: {function.source}", hint)
            yield _of_problem("warning", "source", problem)


def _contracts(root: Path, source: Source) -> Iterator[Finding]:
    """Contracts that are none, and examples that break theirs."""
    for mistake in mistakes(root, source.spec.spec):
        yield _of_problem("error", "contract", source.problem(*mistake))


def _tree(project: Project, against: str) -> Iterator[Finding]:
    """What differs on disk; where a file cannot be read there is nothing to compare."""
    unreadable = list(_unreadable(project))
    if unreadable:
        yield from unreadable
        return
    changes = project.changes()
    yield from _edits(changes)
    if project.scan.files:
        yield from _drift(changes)
    else:
        yield Finding("error", "drift", "nothing is generated from it yet", SPEC, hint="run plait generate")
    yield from _sinks(project)
    found = list(layers(project))
    for placed in [*of_overlays(found), *of_history(project, found, against)]:
        yield _of_placed(placed)


def _unreadable(project: Project) -> Iterator[Finding]:
    """Every shared kustomization that is no YAML, every promotion that is not whole."""
    for environment, folders in state.split(project.scan.files).items():
        try:
            held = state.read(environment, folders)
        except PlaitError as error:
            yield _of_error(project.root, error)
            continue
        settings = project.flow.environments.get(environment)
        if settings is not None and settings.promotesFrom:
            yield from (_of_broken(folder.broken) for folder in held.folders.values() if folder.broken)


def _of_broken(text: str) -> Finding:
    """What `Held.broken` says: an error as text."""
    head, _, hint = text.partition("\n  hint: ")
    path, _, message = head.partition(": ")
    return Finding("error", "tree", message, path, hint=hint or None)


_PLACE = re.compile(r"(?P<path>[^:]+)(?::(?P<line>[0-9]+)(?::(?P<column>[0-9]+))?)?(?:: (?P<rest>.*))?")


def _of_error(root: Path, error: PlaitError) -> Finding:
    """An error of the tree; its `where` is PATH, PATH:LINE:COLUMN or PATH: FIELD."""
    where = (error.where or SPEC).removeprefix(f"{root.as_posix()}/")
    place = _PLACE.fullmatch(where)
    if place is None:
        return Finding("error", "tree", f"{where}: {error.message}", SPEC, hint=error.hint)
    line, column = int(place["line"] or 1), int(place["column"] or 1)
    message = f"{place['rest']}: {error.message}" if place["rest"] else error.message
    return Finding("error", "tree", message, place["path"], line, column, error.hint)


def _of_problem(level: Level, rule: str, problem: Problem) -> Finding:
    return Finding(
        level, rule, problem.message, SPEC, problem.line, problem.column, problem.hint, problem.quoted
    )


def _warnings(source: Source) -> Iterator[Finding]:
    for finding in of_flow(Flow(source.spec)):
        problem = source.problem(finding.location, finding.message, finding.hint)
        yield _of_problem(finding.level, finding.rule, problem)


def _of_placed(placed: Placed) -> Finding:
    return Finding(placed.level, placed.rule, placed.message, placed.path, hint=placed.hint)


def _edits(changes: Changes) -> Iterator[Finding]:
    for path, how in sorted(changes.edited.items()):
        hint = "change functions.yaml, or add a patch of your own; plait generate --force overwrites it"
        if "/promoted/" in path:
            hint = "take it from Git (git restore), or promote again"
        yield Finding("error", "hand-edit", f"is plait's, and {how.value}", path, hint=hint)
    for entry in changes.blocked:
        path, _, what = entry.partition(": ")
        message = f"its folder goes, but holds {what or 'this file'}, which is yours"
        yield Finding("error", "user-entry", message, path, hint="move it elsewhere or delete it")


def _drift(changes: Changes) -> Iterator[Finding]:
    for path in sorted(changes.writes.keys() - changes.edited.keys()):
        yield Finding("error", "drift", "is not what functions.yaml says", path, hint="run plait generate")
    for path in sorted(set(changes.deletes) - changes.edited.keys()):
        yield Finding("error", "drift", "is left over", path, hint="run plait generate")


def _sinks(project: Project) -> Iterator[Finding]:
    for name, environment in project.flow.environments.items():
        for message in promote.missing_sinks(project, name):
            where = f"overlays/{name}/kustomization.yaml"
            hint = f"plait promote {environment.promotesFrom} {name}"
            yield Finding("warning", "dead-letter", message, where, hint=hint)
