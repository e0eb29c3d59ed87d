"""What each server runs in: a venv or a node_modules folder of its own under build/peers, versions pinned."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PEERS = ROOT / "build" / "peers"
_PINS = Path(__file__).parent / "pins"
_STAMP = "installed.sha256"
_MEGABYTE = 1e6
# What a build leaves behind, or tests need.
_NOT_SOURCE = shutil.ignore_patterns("build", "*.egg-info", "tests", "node_modules", ".*", "__pycache__")


@dataclass(frozen=True)
class Venv:
    """A venv without pip.

    Attributes:
        name: of the folder, and of the file in pins/ with all that comes from PyPI, where something does.
        sources: folders of ours to install; again, whenever something in them has changed.
    """

    name: str
    sources: tuple[Path, ...] = ()

    @property
    def folder(self) -> Path:
        """Where it is."""
        return PEERS / self.name

    def ensure(self) -> None:
        """Makes it, where it is not there as it should be. Raises CalledProcessError where pip fails."""
        pins = _PINS / f"{self.name}.txt"
        pinned = [pins] if pins.is_file() else []
        stamp = _digest([*pinned, *(file for source in self.sources for file in _files(source))])
        if _is_stamped(self.folder, stamp):
            return
        shutil.rmtree(self.folder, ignore_errors=True)
        venv.create(self.folder, with_pip=False, symlinks=True)
        for file in pinned:
            self._pip("--requirement", str(file))
        for source in self.sources:
            with tempfile.TemporaryDirectory() as copy:
                shutil.copytree(source, copy, dirs_exist_ok=True, ignore=_NOT_SOURCE)
                self._pip(copy)
        (self.folder / _STAMP).write_text(stamp, "utf-8")

    def _pip(self, *arguments: str) -> None:
        pip = [sys.executable, "-m", "pip", "--python", str(self.folder / "bin" / "python"), "--quiet"]
        options = ["install", "--disable-pip-version-check", "--no-deps"]
        subprocess.run([*pip, *options, *arguments], check=True)

    def program(self, name: str) -> str:
        """A program in it."""
        return str(self.folder / "bin" / name)

    def megabytes(self) -> float:
        """Size of all packages in it, without Python itself."""
        return _megabytes(self.folder / "lib")


@dataclass(frozen=True)
class NodeModules:
    """A folder with npm packages.

    Attributes:
        name: of the folder.
        packages: name to version; what these need is what npm finds.
    """

    name: str
    packages: tuple[tuple[str, str], ...]

    @property
    def folder(self) -> Path:
        """Where it is."""
        return PEERS / self.name

    def ensure(self) -> None:
        """Installs what is not there. Raises CalledProcessError where npm fails."""
        text = json.dumps({"private": True, "dependencies": dict(self.packages)})
        stamp = hashlib.sha256(text.encode()).hexdigest()
        if _is_stamped(self.folder, stamp):
            return
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        (self.folder / "package.json").write_text(text, "utf-8")
        options = ("--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts", "--loglevel=error")
        subprocess.run([shutil.which("npm") or "npm", "install", *options], cwd=self.folder, check=True)
        (self.folder / _STAMP).write_text(stamp, "utf-8")

    def program(self, name: str) -> str:
        """A program in it."""
        return str(self.folder / "node_modules" / ".bin" / name)

    def megabytes(self) -> float:
        """Size of all packages in it, without Node itself."""
        return _megabytes(self.folder / "node_modules")


def _is_stamped(folder: Path, stamp: str) -> bool:
    file = folder / _STAMP
    return file.is_file() and file.read_text("utf-8") == stamp


def _digest(files: Iterable[Path]) -> str:
    found: Mapping[str, str] = {str(file): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}
    return hashlib.sha256(json.dumps([sys.version, found], sort_keys=True).encode()).hexdigest()


def _files(source: Path) -> list[Path]:
    """The files that a package is built from."""
    package = next(source.glob("plait_*/__init__.py")).parent
    inside = [file for file in package.rglob("*") if file.suffix in (".py", ".js", ".json")]
    return sorted([source / "setup.cfg", *(file for file in inside if "node_modules" not in file.parts)])


def _megabytes(folder: Path) -> float:
    return sum(file.lstat().st_size for file in folder.rglob("*")) / _MEGABYTE
