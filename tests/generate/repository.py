"""A repository in a temporary folder, and plait run in it."""

import atexit
import contextlib
import io
import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from plait.cli.main import run

TOPS = ("base/", "overlays/")


def folder_until_exit(name: str) -> Path:
    """A temporary folder for what is made once a process and read by many tests."""
    path = Path(mkdtemp(prefix=f"plait-{name}-"))
    atexit.register(shutil.rmtree, path, ignore_errors=True)
    return path


@dataclass(frozen=True)
class Result:
    """What a command answered."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Repository:
    """A folder with a functions.yaml."""

    root: Path

    def spec(self, data: Mapping[str, Any]) -> None:
        """Write functions.yaml (JSON is YAML)."""
        self.write("functions.yaml", json.dumps(data, ensure_ascii=False))

    def write(self, path: str, content: str | bytes) -> Path:
        """Write a file byte for byte."""
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)
        return target

    def read(self, path: str) -> str:
        """A file's text, line ends as they are."""
        return (self.root / path).read_bytes().decode()

    def change(self, path: str, old: str, new: str) -> None:
        """Replace a text that is in a file once."""
        text = self.read(path)
        assert text.count(old) == 1, f"{text.count(old)} times {old!r} in:\n{text}"
        self.write(path, text.replace(old, new))

    def files(self) -> dict[str, bytes]:
        """Every file below base/ and overlays/."""
        paths = sorted(path for path in self.root.rglob("*") if path.is_file())
        files = {path.relative_to(self.root).as_posix(): path.read_bytes() for path in paths}
        return {path: content for path, content in files.items() if path.startswith(TOPS)}

    def plait(self, *args: str, stdin: str = "") -> Result:
        """Run a command in this process."""
        out, err = io.StringIO(), io.StringIO()
        before, sys.stdin = sys.stdin, io.StringIO(stdin)
        try:
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                code = run(["-C", str(self.root), *args])
        finally:
            sys.stdin = before
        return Result(code, out.getvalue(), err.getvalue())

    def ok(self, *args: str, stdin: str = "") -> Result:
        """Run a command that has to succeed."""
        result = self.plait(*args, stdin=stdin)
        assert result.code == 0, result
        return result

    def refused(self, *args: str, code: int = 1) -> str:
        """Run a command that has to fail and to write nothing; what it says."""
        before = self.files()
        result = self.plait(*args)
        assert (result.code, result.out) == (code, ""), result
        assert self.files() == before
        return result.err

    def objects(self, environment: str) -> list[dict[str, Any]]:
        """What render prints."""
        found: list[dict[str, Any]] = json.loads(self.ok("render", environment, "--format", "json").out)
        return found

    def process(self, *args: str, **options: Any) -> "subprocess.Popen[bytes]":
        """Start a command in a process of its own."""
        command = [sys.executable, "-m", "plait", "-C", str(self.root), *args]
        return subprocess.Popen(command, **options)


def minimal(*names: str, **spec: Any) -> dict[str, Any]:
    """A functions.yaml with container functions of these names and one environment, dev."""
    functions = {name: {"runtime": "container", "image": f"registry.example.com/{name}:1"} for name in names}
    body = {"namespace": "shop", "functions": functions, "environments": {"dev": {}}, **spec}
    return {"apiVersion": "plait.dev/v1", "kind": "Functions", "metadata": {"name": "shop"}, "spec": body}
