"""Which file of a folder is the module."""

from __future__ import annotations

from pathlib import Path

from plait_handler.errors import LoadError

SUFFIXES = (".wasm", ".wat", ".cwasm")
COMPILED = ".cwasm"


def find(directory: Path, given: str | None) -> Path:
    """The file of the module.

    Args:
        directory: the source folder.
        given: MODULE_PATH, absolute or relative to the folder; None: the only module in it. Files that differ
            in their suffix only are one module, of which .wasm is before .wat.

    Raises:
        LoadError: no such folder, no such file, none or several modules.
    """
    if not directory.is_dir():
        raise LoadError(f"{directory} is not a folder")
    return _named(directory, given) if given else _only(directory)


def _named(directory: Path, given: str) -> Path:
    path = directory / given
    if path.suffix not in SUFFIXES:
        raise LoadError(f"MODULE_PATH={given}: the name of a module ends in {', '.join(SUFFIXES)}")
    if not path.is_file():
        there = ", ".join(each.name for each in _modules(path.parent)) or "no module"
        raise LoadError(f"MODULE_PATH={given}: {path} is not a file; in {path.parent} there is {there}")
    return path


def _only(directory: Path) -> Path:
    modules = _modules(directory)
    names = sorted({path.stem for path in modules})
    if not names:
        raise LoadError(f"{directory} has no module: put a {', '.join(SUFFIXES)} file into it")
    if len(names) > 1:
        there = ", ".join(sorted(path.name for path in modules))
        raise LoadError(f"{directory} has several modules ({there}): set MODULE_PATH to the one to serve")
    return min(modules, key=lambda path: SUFFIXES.index(path.suffix))


def _modules(directory: Path) -> list[Path]:
    if not directory.is_dir():
        return []
    return sorted(path for path in directory.iterdir() if path.suffix in SUFFIXES and path.is_file())


def compiled(path: Path) -> Path | None:
    """The .cwasm beside a module; None where there is none, or the module is one itself."""
    beside = path.with_suffix(COMPILED)
    return beside if path.suffix != COMPILED and beside.is_file() else None
