"""The one reader and writer of files.

Writes are atomic: each file is written beside its place and moved there, so that a kill at any moment
leaves every file old or new, and the next run completes (`order` says in which order).
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from plait.errors import PlaitError, closest
from plait.order import TOPS, steps
from plait.tree import Changes

_TEMPORARY = ".plait-tmp"
_NAME_LENGTH = 200
_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0)
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Scan:
    """The generated part of a repository as it is on disk.

    Attributes:
        files: POSIX path below the root to bytes.
        leftovers: temporary files of a run that was killed.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    leftovers: list[str] = field(default_factory=list)


def read(path: Path, limit: int | None = None) -> bytes:
    """A file's bytes, at most `limit` + 1 of them.

    Raises:
        PlaitError: it is no file or cannot be read.
    """
    try:
        with path.open("rb") as file:
            return file.read() if limit is None else file.read(limit + 1)
    except OSError as error:
        raise _failed(error, path) from None


def scan(root: Path, tops: tuple[str, ...] = TOPS) -> Scan:
    """Read every file below base/, overlays/ and gitops/.

    Raises:
        PlaitError: a symbolic link among them (its target may lie outside of the repository), or a
            file that cannot be read.
    """
    found = Scan()
    for top in tops:
        path = root / top
        if path.is_symlink():
            raise _link(top)
        if path.is_dir():
            _scan(os.fspath(path), top, found)
    return found


def _scan(directory: str, prefix: str, found: Scan) -> None:
    try:
        with os.scandir(directory) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                path = f"{prefix}/{entry.name}"
                if entry.is_symlink():
                    raise _link(path)
                if entry.is_dir():
                    _scan(entry.path, path, found)
                elif entry.name.startswith(".") and entry.name.endswith(_TEMPORARY):
                    found.leftovers.append(path)
                elif entry.is_file():
                    with open(entry.path, "rb", buffering=0) as file:  # noqa: PTH123 (thousands of times)
                        found.files[path] = file.read()
    except OSError as error:
        raise _failed(error, Path(error.filename or directory)) from None


def _link(path: str) -> PlaitError:
    message = "is a symbolic link; plait neither follows nor replaces it"
    return PlaitError(message, where=path, hint="put a real file or folder there")


def apply(root: Path, changes: Changes, leftovers: list[str], progress: Progress | None = None) -> None:
    """Write and remove.

    Args:
        root: the folder that base/ and overlays/ are in.
        changes: with paths below it.
        leftovers: temporary files of a run that was killed, to be removed too.
        progress: told (done, total) after each file.

    Raises:
        PlaitError: a write failed (no space, no permission); everything before it is done.
    """
    total = len(changes.writes) + len(changes.deletes)
    made: set[Path] = set()
    writes, removals = steps(changes)
    for done, path in enumerate(writes, start=1):
        content = changes.writes.get(path)
        _remove(root, path) if content is None else _write(root / path, content, made)
        if progress:
            progress(done, total)
    for path in [*leftovers, *removals]:
        _remove(root, path)
    if progress and changes.deletes:
        progress(total, total)


def place(root: Path, path: str) -> Path:
    """Where a path below `root` is. Raises PlaitError where it is a symbolic link or leads through one.

    Of an absolute path the file itself is looked at: which folder it is in was the user's choice.
    """
    asked = Path(path)
    for part in [asked] if asked.is_absolute() else [*reversed(asked.parents), asked]:
        if part != Path() and (root / part).is_symlink():
            raise _link(part.as_posix())
    return root / asked


def write(path: Path, content: bytes) -> None:
    """Write one file atomically. Raises PlaitError."""
    _write(path, content, set())


def create(path: Path, content: bytes) -> None:
    """Write a file that must not be there yet. Raises PlaitError where it is."""
    if path.exists() or path.is_symlink():
        raise PlaitError("is there already; nothing was overwritten", where=os.fspath(path))
    _write(path, content, set())


def _write(path: Path, content: bytes, made: set[Path]) -> None:
    temporary = path.with_name(f".{path.name[:_NAME_LENGTH]}{_TEMPORARY}")
    try:
        if path.parent not in made:
            path.parent.mkdir(parents=True, exist_ok=True)
            made.add(path.parent)
        try:
            with os.fdopen(os.open(temporary, _NEW_FILE, 0o666), "wb") as file:
                file.write(content)  # buffered: a raw write may stop short on a full disk
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise _failed(error, path) from None


def _remove(root: Path, path: str) -> None:
    target = root / path
    try:
        target.unlink(missing_ok=True)
        for parent in target.relative_to(root).parents:
            if parent == Path():
                break
            (root / parent).rmdir()
    except OSError as error:
        if target.exists():
            raise _failed(error, target) from None


def _failed(error: OSError, path: Path) -> PlaitError:
    return PlaitError(error.strerror or str(error), where=os.fspath(path))


@contextlib.contextmanager
def locked(root: Path, waiting: Callable[[], None]) -> Iterator[None]:
    """Hold the folder for one writing run. The lock is on the folder itself: no file stays behind.

    Args:
        root: the folder; made where it is missing.
        waiting: called once when another run holds it.
    """
    try:
        import fcntl  # noqa: PLC0415 (POSIX only; elsewhere the atomic writes have to do)
    except ImportError:
        yield
        return
    try:
        root.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(root, os.O_RDONLY)
    except OSError as error:
        raise _failed(error, root) from None
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            waiting()
            with contextlib.suppress(OSError):
                fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def files_below(root: Path, folder: str, limit: int) -> Mapping[str, bytes]:
    """A function's source folder: relative POSIX path to bytes.

    Hidden files, caches and installed packages are left out.

    Args:
        root: the folder of functions.yaml; `folder` is relative to it.
        limit: the most bytes that are worth reading.

    Raises:
        PlaitError: there is no such folder; a symbolic link leads to it or is in it; it holds more.
    """
    if not place(root, folder).is_dir():
        raise PlaitError("no such folder", where=folder, hint=folder_hint(root, folder))
    found: dict[str, bytes] = {}
    for path in _walk(root / folder, folder):
        found[path.relative_to(root / folder).as_posix()] = read(path, limit)
        if sum(map(len, found.values())) > limit:
            raise PlaitError(f"holds more than {limit} bytes", where=folder, hint="use packaging: image")
    return found


def folder_hint(root: Path, folder: str) -> str:
    """What to do about a folder below `root` that is not there: the one that was most likely meant."""
    here = root
    for part in Path(folder).parts:
        if (here / part).is_dir():
            here /= part
            continue
        beside = [path.name for path in here.iterdir() if path.is_dir()]
        if (meant := closest(part, beside)) is None:
            return "plait new writes a first function"
        here /= meant
    return f"did you mean {here.relative_to(root).as_posix()!r}?"


def _walk(directory: Path, shown: str) -> Iterator[Path]:
    for path in sorted(directory.iterdir()):
        if path.name.startswith(".") or path.name in ("__pycache__", "node_modules"):
            continue
        if path.is_symlink():
            raise _link(f"{shown}/{path.name}")
        if path.is_dir():
            yield from _walk(path, f"{shown}/{path.name}")
        elif path.is_file():
            yield path
