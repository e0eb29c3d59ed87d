"""A promotion as people talk about it: a commit message, the text of a pull request.

The difference is of the objects as the environment builds them, before and after; what it means is said in
words (`plait.compare`). Entries of the user's in the overlay are not in it: they do not change.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from plait import git, markdown, render
from plait.compare import Change, changes, meaning
from plait.errors import PlaitError
from plait.kustomization import ENVIRONMENT
from plait.overlay import Overlay, Unit
from plait.project import Project

_MOST_NAMES = 3


@dataclass(frozen=True, slots=True)
class Version:
    """One function that a promotion touches.

    Attributes:
        function: its name.
        before, after: version (tag, digest), or None where it does not run.
        commit: hash and subject of the commit that brought it to the environment it comes from, or None.
    """

    function: str
    before: str | None
    after: str | None
    commit: str | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a promotion changes.

    Attributes:
        source, target: environments.
        versions: of the functions that change.
        sentences: what it means.
        objects: which objects of the target differ.
    """

    source: str
    target: str
    versions: Sequence[Version]
    sentences: Sequence[str]
    objects: Sequence[Change]

    @property
    def title(self) -> str:
        """One line, for a commit or a pull request."""
        names = [f"{v.function} {v.after}" if v.after else f"without {v.function}" for v in self.versions]
        listed = ", ".join(names[:_MOST_NAMES])
        more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
        head = f"Promote {self.source} to {self.target}"
        return f"{head}: {listed}{more}" if names else head

    def message(self) -> str:
        """A commit message."""
        body = "\n".join(f"- {sentence}" for sentence in self.sentences)
        return f"{self.title}\n\n{body}".rstrip() + "\n"

    def markdown(self) -> str:
        """The text of a pull request."""
        return "\n".join(self._markdown()).rstrip()

    def _markdown(self) -> Iterator[str]:
        yield from (f"## {self.title}", "")
        if self.versions:
            yield from ("| function | before | after | released by |", "|---|---|---|---|")
            for one in self.versions:
                cells = (one.function, _code(one.before), _code(one.after), markdown.plain(one.commit or ""))
                yield f"| {' | '.join(cells)} |"
            yield ""
        if self.sentences:
            yield from ("What it means:", "")
            yield from (*markdown.bullets(self.sentences), "")
        yield from markdown.objects(self.target, self.objects)


def propose(before: Project, decided: Project, source: str, target: str, *, commits: bool) -> Proposal:
    """What the promotion means, against what the target runs now.

    Args:
        commits: whether to ask git which commit brought each version to the source.
    """
    now = decided.overlays[target]
    was = _as_it_is(before, target)
    old, new = render.everything(was) if was else [], render.everything(now)
    units = was.units if was else {}
    released = _released(before, f"overlays/{source}") if commits else {}
    versions = [
        _version(name, units.get(name), now.units.get(name), released.get(name))
        for name in sorted({*units, *now.units} - {ENVIRONMENT})
        if units.get(name) != now.units.get(name)
    ]
    return Proposal(source, target, versions, meaning(old, new), changes(old, new))


def _as_it_is(project: Project, target: str) -> Overlay | None:
    """None where a promotion was cut short there: this one replaces it, whatever it was."""
    try:
        return project.overlays[target]
    except PlaitError:
        return None


def _version(name: str, was: Unit | None, now: Unit | None, commit: str | None) -> Version:
    return Version(name, _shown(was), _shown(now), commit if now else None)


def _shown(unit: Unit | None) -> str | None:
    if unit is None:
        return None
    return (unit.image.version if unit.image else None) or "no version"


def _released(project: Project, folder: str) -> Mapping[str, str]:
    """Nothing outside of git: the text is as good without."""
    try:
        return git.last_changes(project.output, folder)
    except PlaitError:
        return {}


def _code(version: str | None) -> str:
    return f"`{version}`" if version else "-"
