"""What several commands tell the user: data on stdout, talk on stderr, colour only on a terminal."""

from __future__ import annotations

import contextlib
import difflib
import sys
import time
from collections.abc import Callable, Iterator

import click

from plait.document import Files
from plait.kustomization import ENVIRONMENT
from plait.overlay import first_image
from plait.project import Project
from plait.tree import Changes, refuse

PROGRESS_AFTER = 1.0
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


def difference(changes: Changes, have: Files) -> None:
    """A unified diff of what would change, on stdout."""
    for path, content in sorted({**changes.writes, **dict.fromkeys(changes.deletes)}.items()):
        for line in _diff(path, have.get(path), content):
            click.echo(click.style(line, fg=_COLOURS.get(line[:1]), bold=line.startswith(("+++", "---")) or None))


def _diff(path: str, old: bytes | None, new: bytes | None) -> list[str]:
    before, after = ("/dev/null" if old is None else f"a/{path}"), ("/dev/null" if new is None else f"b/{path}")
    try:
        texts = [(content or b"").decode().splitlines() for content in (old, new)]
    except UnicodeDecodeError:
        return [f"--- {before}", f"+++ {after}", "binary files differ"]
    return list(difflib.unified_diff(*texts, before, after, lineterm="")) or [f"--- {before}", f"+++ {after}"]


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
    """What a user may want to do next: versions that functions.yaml names and nobody runs, large overlays."""
    for name, overlay in project.overlays.items():
        if overlay.environment.promotesFrom:
            _advise_promotion(project, name)
            continue
        for function, unit in overlay.units.items():
            named = None if function == ENVIRONMENT else first_image(project.flow, function).at(overlay.environment.registry)
            if named and named != unit.image:
                talk(f"{name} runs {unit.image}, functions.yaml names {named}: plait release {name} {function}")
    gitops = project.flow.body.gitops
    if len(project.flow.functions) > LARGE_OVERLAY and (gitops is None or gitops.mode == "environment"):
        talk(
            f"{len(project.flow.functions)} functions: kustomize builds a whole overlay in more than linear time; "
            "sync each folder of overlays/ENV by itself (spec.gitops.mode: function)"
        )


def _advise_promotion(project: Project, name: str) -> None:
    before = project.flow.environments[name].promotesFrom
    if len(project.overlays[name].units) == 1 and project.flow.functions:
        talk(f"{name} runs no function yet: plait promote {before} {name}")


def carry_out(project: Project, *, dry_run: bool) -> None:
    """Write what a release or a promotion decided, or show it."""
    changes = project.changes()
    refuse(changes)
    if dry_run:
        difference(changes, project.scan.files)
        return
    project.write(changes)
    summary(changes, len(project.tree))
