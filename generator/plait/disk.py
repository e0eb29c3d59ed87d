"""The one reader and writer of files.

Writes are atomic: each file is written beside its place and moved there, so that a kill at any moment
leaves every file old or new. What a kill leaves half done, the next run completes. Kustomizations are
written after the files they name, and files are removed last, so that the tree builds at every moment.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from plait.errors import PlaitError
from plait.tree import Changes

TOPS = ("base", "overlays", "gitops")
_TEMPORARY = ".plait-tmp"
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
                elif entry.name.endswith(_TEMPORARY):
                    found.leftovers.append(path)
                elif entry.is_file():
                    with open(entry.path, "rb", buffering=0) as file:
                        found.files[path] = file.read()
    except OSError as error:
        raise _failed(error, Path(directory)) from None


def _link(path: str) -> PlaitError:
    return PlaitError(
        "is a symbolic link; plait neither follows nor replaces it", where=path, hint="put a real file there"
    )


def apply(root: Path, changes: Changes, leftovers: list[str], progress: Progress | None = None) -> None:
    """Write and remove.

    Args:
        progress: told (done, total) after each file.

    Raises:
        PlaitError: a write failed (no space, no permission); everything before it is done.
    """
    total = len(changes.writes) + len(changes.deletes)
    made: set[Path] = set()
    done = 0
    for path in sorted(changes.writes, key=_order):
        _write(root / path, changes.writes[path], made)
        done += 1
        if progress:
            progress(done, total)
    for path in [*leftovers, *changes.deletes]:
        _remove(root, path)
    if progress and changes.deletes:
        progress(total, total)


def _order(path: str) -> tuple[bool, int, str]:
    """Plain files, then kustomizations from the deepest up."""
    return path.endswith("/kustomization.yaml"), -path.count("/"), path


def write(path: Path, content: bytes) -> None:
    """Write one file atomically. Raises PlaitError."""
    _write(path, content, set())


def create(path: Path, content: bytes) -> None:
    """Write a file that must not be there yet. Raises PlaitError where it is."""
    if path.exists() or path.is_symlink():
        raise PlaitError("is there already; nothing was overwritten", where=os.fspath(path))
    _write(path, content, set())


def _write(path: Path, content: bytes, made: set[Path]) -> None:
    temporary = path.with_name(f".{path.name}{_TEMPORARY}")
    try:
        if path.parent not in made:
            path.parent.mkdir(parents=True, exist_ok=True)
            made.add(path.parent)
        try:
            descriptor = os.open(
                temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0), 0o666
            )
            with open(descriptor, "wb", buffering=0) as file:
                file.write(content)
            os.replace(temporary, path)
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


def files_below(folder: Path, shown: str) -> Mapping[str, bytes]:
    """A function's source folder: relative POSIX path to bytes.

    Hidden files, caches and installed packages are left out.

    Raises:
        PlaitError: there is no such folder; a symbolic link is in it.
    """
    if folder.is_symlink() or not folder.is_dir():
        raise PlaitError("no such folder", where=shown, hint="plait new writes a first function")
    found: dict[str, bytes] = {}
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder).as_posix()
        if any(
            part.startswith(".") or part in ("__pycache__", "node_modules") for part in relative.split("/")
        ):
            continue
        if path.is_symlink():
            raise _link(f"{shown}/{relative}")
        if path.is_file():
            found[relative] = read(path)
    return found
