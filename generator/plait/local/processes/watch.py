"""Which files have changed: functions.yaml and `.env`, and the source folders of the functions."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from pathlib import Path
from typing import TypeVar

from watchfiles import Change, DefaultFilter, awatch

from plait.local.processes.output import Console

_Change = TypeVar("_Change")
# Milliseconds of quiet that end a change: an editor, a formatter or Git write several files.
_QUIET = 100
_SOME = "some.yaml"  # stands for what is in a folder
_POLL = 0.2  # seconds between two looks for a folder that is away
_DIRECTORIES = (*DefaultFilter.ignore_dirs, ".ruff_cache", ".vscode")
# What an editor or a runtime leaves beside the code: vim's test for a folder's rights, compiled modules.
_FILES = (*DefaultFilter.ignore_entity_patterns, r"^4913$", r"^#.*#$", r"\.tmp$", r"\.cwasm$")


class _Below:
    """A filter of watchfiles that looks at the path below a folder, not at the folder's own."""

    def __init__(self, folders: Iterable[Path]) -> None:
        self._folders = list(folders)
        self._filter = DefaultFilter(ignore_dirs=_DIRECTORIES, ignore_entity_patterns=_FILES)

    def __call__(self, change: Change, path: str) -> bool:
        """Whether somebody should hear of it."""
        inner = (
            Path(path).relative_to(folder) for folder in self._folders if Path(path).is_relative_to(folder)
        )
        return any(str(part) == "." or self._filter(change, str(part)) for part in inner)


async def files(paths: Iterable[Path]) -> AsyncIterator[None]:
    """Yields whenever one of the files was written, made or removed.

    Their folders are watched: an editor that saves puts a new file in the place of the old one.

    Raises:
        OSError: the system cannot watch.
    """
    wanted = {str(path) for given in paths for path in (given.absolute(), given.resolve())}
    folders = {str(Path(path).parent) for path in wanted}
    async for _ in awatch(
        *folders, watch_filter=lambda _, path: path in wanted, step=_QUIET, recursive=False
    ):
        yield


async def below(roots: Iterable[Path], counts: Callable[[Path], bool]) -> AsyncIterator[None]:
    """Yields whenever a file that counts was written, made or removed below one of the folders, or a folder.

    Args:
        roots: the folders.
        counts: is asked with the path of a file below its folder.

    Raises:
        OSError: the system cannot watch.
    """
    resolved = [root.resolve() for root in roots]

    def heard(kind: Change, path: str) -> bool:
        inner = (Path(path).relative_to(root) for root in resolved if Path(path).is_relative_to(root))
        return any(counts(item / _SOME if _is_folder(kind, path) else item) for item in inner)

    async for _ in awatch(*resolved, watch_filter=heard, step=_QUIET):
        yield


def _is_folder(kind: Change, path: str) -> bool:
    """Whether a folder came or went; what went is taken for one where its name has no suffix."""
    return (kind is Change.added and Path(path).is_dir()) or (
        kind is Change.deleted and not Path(path).suffix
    )


async def telling(changes: AsyncIterator[_Change], console: Console) -> AsyncIterator[_Change]:
    """The changes; where the system stops to watch, that is told, and they end."""
    try:
        async for change in changes:
            yield change
    except (OSError, RuntimeError) as error:
        hint = "WATCHFILES_FORCE_POLLING=1 does without the system's help"
        console.tell(f"changes are no longer seen: {error}\n  hint: {hint}", level="warning")


async def folders(sources: Mapping[str, Path]) -> AsyncIterator[set[str]]:
    """Yields the names of the functions whose source has changed, caches and editors' files apart.

    Args:
        sources: function to its folder.

    Raises:
        OSError: the system cannot watch.
    """
    resolved = {name: folder.resolve() for name, folder in sources.items()}
    while resolved:
        away = {name: folder for name, folder in resolved.items() if not folder.is_dir()}
        there = {name: folder for name, folder in resolved.items() if name not in away}
        async for names in _until_moved(there, away):
            yield names
        if back := {name for name, folder in away.items() if folder.is_dir()}:
            yield back


async def _until_moved(there: Mapping[str, Path], away: Mapping[str, Path]) -> AsyncIterator[set[str]]:
    """Until one of the folders that are there is removed, and its watch with it, or one comes back."""
    stop = asyncio.Event()
    looking = asyncio.create_task(_come_back(away.values(), stop)) if away else None
    paths = set(there.values())
    try:
        async for changes in awatch(*paths, watch_filter=_Below(paths), step=_QUIET, stop_event=stop):
            changed = [Path(path) for _, path in changes]
            yield {
                name for name, folder in there.items() if any(path.is_relative_to(folder) for path in changed)
            }
            if any(kind is Change.deleted and Path(path) in paths for kind, path in changes):
                return
    finally:
        if looking:
            looking.cancel()


async def _come_back(folders: Iterable[Path], stop: asyncio.Event) -> None:
    """Sets the event as soon as one of the folders is there."""
    while not any(folder.is_dir() for folder in folders):  # noqa: ASYNC110 - nobody would tell
        await asyncio.sleep(_POLL)
    stop.set()
