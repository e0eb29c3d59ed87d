"""Everything that `plait check` looks at, as one list of findings.

Mistakes of functions.yaml come alone: without a spec there is nothing to compare. Then warnings about
the flow, files of plait's edited by hand, drift, and what an environment would lack.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from plait import flow, promote
from plait.errors import PlaitError, Problem, SpecError
from plait.project import SPEC, Project
from plait.tree import Changes

Level = Literal["error", "warning"]


@dataclass(frozen=True)
class Finding:
    """One thing to tell.

    Attributes:
        rule: its kind: spec, flow, secret, hand-edit, user-entry, drift, dead-letter.
        path: the file, relative to the folder of functions.yaml.
        line, column: counted from 1; 1 where the file as a whole is meant.
        quoted: the line of the file, or None.
    """

    level: Level
    rule: str
    message: str
    path: str
    line: int = 1
    column: int = 1
    hint: str | None = None
    quoted: str | None = None


RULES = {
    "spec": "functions.yaml is as plait reads it",
    "flow": "every event that is emitted reaches somebody, and every subscription can be met",
    "secret": "secrets stand in Git by reference only",
    "hand-edit": "files that plait generates are changed by plait alone",
    "user-entry": "a folder that goes holds nothing of the user's",
    "drift": "the tree is what functions.yaml says",
    "dead-letter": "every dead letter sink runs in the environment that names it",
    "tree": "the files in overlays/ can be read",
}


def check(root: Path) -> tuple[list[Finding], int]:
    """Look at everything below a folder.

    Returns:
        The findings, and the exit code: 0 for none or warnings, 1 for an error, 2 for a bad spec.

    Raises:
        PlaitError: there is no functions.yaml, or it cannot be read.
    """
    try:
        project = Project.load(root)
    except SpecError as error:
        return [_of_problem("error", "spec", problem) for problem in error.problems], 2
    found = list(_warnings(project))
    try:
        changes = project.changes()
        found += [*_edits(changes), *_drift(changes), *_sinks(project)]
    except PlaitError as error:
        found.append(Finding("error", "tree", error.message, error.where or SPEC, hint=error.hint))
    return found, int(any(finding.level == "error" for finding in found))


def _of_problem(level: Level, rule: str, problem: Problem) -> Finding:
    return Finding(level, rule, problem.message, SPEC, problem.line, problem.column, problem.hint, problem.quoted)


def _warnings(project: Project) -> Iterator[Finding]:
    for finding in flow.findings(project.flow):
        problem = project.source.problem(finding.location, finding.message, finding.hint)
        yield _of_problem("warning", finding.rule, problem)


def _edits(changes: Changes) -> Iterator[Finding]:
    hint = "change functions.yaml, or add a patch of your own; plait generate --force overwrites it"
    for path, how in sorted(changes.edited.items()):
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
