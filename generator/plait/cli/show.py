"""What several commands tell the user: data on stdout, talk on stderr, colour only on a terminal."""

from __future__ import annotations

import contextlib
import difflib
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import click

from plait.document import Files
from plait.errors import PlaitError
from plait.kustomization import ENVIRONMENT
from plait.overlay import Overlay, first_image
from plait.project import Project
from plait.promote import shared
from plait.state import State
from plait.tree import Changes, refuse

PROGRESS_AFTER = 1.0
SHOWN = 5
LARGE_OVERLAY = 200
_COLOURS = {"+": "green", "-": "red", "@": "cyan"}


def talk(text: str) -> None:
    """A line for the person at the terminal."""
    click.echo(text, err=True)


def waiting() -> None:
    """Another run holds the folder."""
    talk("another plait is writing here; waiting for it")


def summary(changes: Changes, total: int) -> None:
    """How many files were written and removed."""
    if not changes:
        talk(f"nothing to change: {total} files are current")
        return
    written = len(changes.writes)
    files = "1 file" if written == 1 else f"{written} files"
    talk(f"{files} written, {len(changes.deletes)} removed, {total - written} current")


def difference(changes: Changes, project: Project) -> None:
    """A unified diff of what would change, on stdout."""
    if not changes:
        summary(changes, len(project.tree))
    for path, content in sorted({**changes.writes, **dict.fromkeys(changes.deletes)}.items()):
        for line in _diff(path, project.scan.files.get(path), content):
            bold = line.startswith(("+++", "---"))
            click.echo(click.style(line, fg=_COLOURS.get(line[:1]), bold=bold or None))


def _diff(path: str, old: bytes | None, new: bytes | None) -> list[str]:
    before = "/dev/null" if old is None else f"a/{path}"
    after = "/dev/null" if new is None else f"b/{path}"
    try:
        lines = difflib.unified_diff(_lines(old), _lines(new), before, after, lineterm="")
    except UnicodeDecodeError:
        return [f"--- {before}", f"+++ {after}", "binary files differ"]
    return list(lines) or [f"--- {before}", f"+++ {after}"]


def _lines(content: bytes | None) -> list[str]:
    return (content or b"").decode().splitlines()


@contextlib.contextmanager
def progress(label: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on stderr that appears after a second, and only on a terminal."""
    started = time.monotonic()
    bar: list[click._termui_impl.ProgressBar[int]] = []

    def tell(done: int, total: int) -> None:
        if not bar and sys.stderr.isatty() and time.monotonic() - started > PROGRESS_AFTER:
            bar.append(click.progressbar(length=total, label=label, file=sys.stderr).__enter__())
        if bar:
            bar[0].update(done - bar[0].pos)

    try:
        yield tell
    finally:
        if bar:
            bar[0].__exit__(None, None, None)


def advice(project: Project) -> None:
    """What a user may want to do next: newer versions that nobody runs yet, large overlays."""
    for name, overlay in project.overlays.items():
        if overlay.environment.promotesFrom:
            _advise_promotion(project, name)
        else:
            _advise_releases(project, overlay)
    gitops = project.flow.body.gitops
    if len(project.flow.functions) > LARGE_OVERLAY and (gitops is None or gitops.mode == "environment"):
        count = len(project.flow.functions)
        talk(
            f"{count} functions: kustomize takes more than linear time for a whole overlay; "
            "sync each folder of overlays/ENV by itself (spec.gitops.mode: function)"
        )


def _advise_releases(project: Project, overlay: Overlay) -> None:
    """Versions of an environment's own, in one line, and code that its source folder has left behind."""
    pinned, elsewhere = [], []
    for function, unit in overlay.units.items():
        if function == ENVIRONMENT or unit.follows:
            continue
        named = first_image(project.flow, function).at(overlay.environment.registry)
        if unit.image and overlay.environment.registry is None and unit.image.moved_from(named):
            elsewhere.append(f"{function}={replace(unit.image, repository=named.repository)}")
        elif named != unit.image:
            pinned.append(f"{function} {unit.image.version if unit.image else None}")
        if unit.code is not None and unit.code != _source(project, function):
            command = f"plait release {overlay.name} {function}"
            talk(f"{overlay.name} runs other code of {function} than its source folder holds: {command}")
    if pinned:
        more = len(pinned) - SHOWN
        shown = ", ".join(pinned[:SHOWN]) + (f" and {more} more" if more > 0 else "")
        talk(f"{overlay.name} keeps its own versions, not those of functions.yaml: {shown}")
    if elsewhere:
        _advise_registry(overlay.name, elsewhere)


def _advise_registry(environment: str, versions: Sequence[str]) -> None:
    """What stays at a registry that functions.yaml named for the environment once, or a release."""
    count = "1 function" if len(versions) == 1 else f"{len(versions)} functions"
    command = f"plait release {environment} {' '.join(versions[:SHOWN])}"
    rest = ", then plait generate for the rest" * (len(versions) > SHOWN)
    talk(f"{environment} pulls {count} from another registry than functions.yaml names: {command}{rest}")


def _source(project: Project, function: str) -> Files | None:
    """The code in the source folder; None where it cannot be released anyway."""
    try:
        return project.read_source(function, project.flow.functions[function])
    except PlaitError:
        return None


def promoted(project: Project, decided: Project, source: str, target: str) -> None:
    """What a promotion took away, and what it left behind."""
    before = project.states.get(target, State()).folders
    gone = sorted(set(before) - set(decided.overlays[target].units))
    if gone:
        talk(f"{target} loses {', '.join(gone)}")
    if shared(decided, source) != shared(decided, target):
        talk(f"the Broker or what else is shared differs: plait promote {source} {target} --environment")


def stale(project: Project, environment: str) -> None:
    """That a kustomize build of what is on disk would give something older."""
    if project.changes_of(environment):
        talk("the tree is not what functions.yaml says; this is what plait generate will make of it")


def leaving(project: Project) -> None:
    """Environments that functions.yaml has lost, before their overlays go."""
    for name, state in project.states.items():
        if name not in project.flow.environments:
            count = len(state.snapshots())
            held = f", with {count} promoted functions" if count else ""
            talk(f"overlays/{name} goes{held}; to rename it: git mv overlays/{name} overlays/NEW first")


def _advise_promotion(project: Project, name: str) -> None:
    before = project.flow.environments[name].promotesFrom
    if len(project.overlays[name].units) == 1 and project.flow.functions:
        talk(f"{name} runs no function yet: plait promote {before} {name}")


def carry_out(project: Project, *, dry_run: bool) -> None:
    """Write what a release or a promotion decided, or show it."""
    changes = project.changes()
    refuse(changes)
    if dry_run:
        difference(changes, project)
        return
    project.write(changes)
    summary(changes, len(project.tree))
