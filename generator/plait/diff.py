"""Two revisions, or two environments, against one another: objects, and what it means.

The objects are those that plait renders from functions.yaml and the overlays' state; entries of the user's in
overlays are not applied, and where there are some it is said. What functions emit stands in functions.yaml
alone: two revisions have one each, two environments share it, and promoted/ does not hold it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from plait import git, render
from plait.compare import Change, changes, emitted, meaning
from plait.edits import Object
from plait.errors import PlaitError
from plait.project import SPEC, Project
from plait.state import State


@dataclass(frozen=True, slots=True)
class Difference:
    """One environment, or one pair.

    Attributes:
        name: of the environment, or `A..B`.
        sentences: what it means.
        objects: which objects differ.
        note: what the comparison leaves out, or None.
    """

    name: str
    sentences: Sequence[str]
    objects: Sequence[Change]
    note: str | None = None

    def __bool__(self) -> bool:
        return bool(self.objects or self.sentences)


def between(root: Path, span: str) -> list[Difference]:
    """`FROM..TO`: environments where both are names of some, else revisions of git.

    Args:
        span: `FROM..TO`, or `FROM` alone for a revision against the files as they are.

    Raises:
        PlaitError: no such environment or revision, or a functions.yaml of then that has mistakes.
    """
    before, dots, after = span.partition("..")
    if after.startswith("."):
        raise PlaitError(f"{span!r} has three dots", hint="FROM..TO, with two", exit_code=2)
    project = Project.load(root)
    if dots and {before, after} <= {*project.flow.environments}:
        return [_environments(project, before, after)]
    if not before:
        raise PlaitError(f"{span!r} names nothing to compare", hint="FROM..TO", exit_code=2)
    with ExitStack() as stack:
        old = _at(stack, root, before)
        new = _at(stack, root, after) if after else project
        return list(_revisions(old, new))


def _at(stack: ExitStack, root: Path, revision: str) -> Project | None:
    """The project as a revision held it; None where it had no functions.yaml yet."""
    folder = stack.enter_context(git.checkout(root, git.commit_of(root, revision)))
    return Project.load(folder) if (folder / SPEC).exists() else None


def _environments(project: Project, before: str, after: str) -> Difference:
    """The namespaces are the environments' own, and no difference."""
    old, new = ([_anywhere(item) for item in _objects(project, name)] for name in (before, after))
    notes = [note for name in (before, after) if (note := _note(project, name))]
    objects, sentences = changes(old, new), meaning(old, new)
    if not sentences:
        notes += [note for name in dict.fromkeys((before, after)) if (note := _unknown(project, name))]
    return Difference(f"{before}..{after}", sentences, objects, "; ".join(notes) or None)


def _anywhere(item: Object) -> Object:
    metadata = {key: value for key, value in item["metadata"].items() if key != "namespace"}
    name = {"name": "-"} if item["kind"] == "Namespace" else {}
    return {**item, "metadata": {**metadata, **name}}


def _revisions(old: Project | None, new: Project | None) -> Iterator[Difference]:
    names = [name for project in (new, old) if project for name in project.overlays]
    for name in dict.fromkeys(names):
        before, after = _objects(old, name), _objects(new, name)
        note = _note(new, name) if new and name in new.overlays else None
        sentences = [*meaning(before, after), *_emitted(old, new, name)]
        yield Difference(name, sentences, changes(before, after), note)


def _emitted(old: Project | None, new: Project | None, name: str) -> Iterator[str]:
    """Of an environment that follows functions.yaml then and now: a gated one runs what was promoted."""
    if old and new and _follows(old, name) and _follows(new, name):
        yield from emitted.sentences(old.flow, new.flow, sorted(new.flow.functions))


def _follows(project: Project, name: str) -> bool:
    environment = project.flow.environments.get(name)
    return environment is not None and environment.promotesFrom is None


def _unknown(project: Project, name: str) -> str | None:
    """What a comparison without a sentence leaves open."""
    emits = any(function.emits for function in project.flow.functions.values())
    if _follows(project, name) or not emits:
        return None
    return f"what {name}'s functions emit is not compared: promoted/ does not hold it"


def _objects(project: Project | None, name: str) -> list[Object]:
    return render.everything(project.overlays[name]) if project and name in project.overlays else []


def _note(project: Project, name: str) -> str | None:
    try:
        render.refuse_foreign(project.overlays[name], project.states.get(name, State()))
    except PlaitError:
        return f"overlays/{name} holds entries of yours, which are not applied here"
    return None
