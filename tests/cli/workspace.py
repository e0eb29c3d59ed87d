"""A repository in a temporary folder, and plait run in it."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from plait.cli.main import run

SHOP = """\
apiVersion: plait.dev/v1
kind: Functions
metadata: {name: shop}
spec:
  namespace: shop
  functions:
    orders:
      runtime: python
      source: functions/orders
      image: registry.example.com/shop/orders:1.0.0
      subscribes: [{type: com.example.order.placed}]
      emits: [{type: com.example.order.paid, source: /shop/orders}]
    invoice:
      runtime: node
      source: functions/invoice
      image: registry.example.com/shop/invoice:1.0.0
      subscribes: [{type: com.example.order.paid}]
  external: [{type: com.example.order.placed}]
  environments:
    dev: {platform: minikube}
    staging: {platform: kubernetes, promotesFrom: dev}
    production: {platform: openshift, promotesFrom: staging}
"""
CODE = """\
      packaging: configMap
"""


@dataclass(frozen=True)
class Result:
    """What a command answered."""

    code: int
    out: str
    err: str


class Workspace:
    """A folder with a functions.yaml; commands run in this process, their output captured."""

    def __init__(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.root = root
        self._capsys = capsys

    def plait(self, *args: str) -> Result:
        """Run a command."""
        self._capsys.readouterr()
        code = run(list(args))
        out, err = self._capsys.readouterr()
        return Result(code, out, err)

    def ok(self, *args: str) -> Result:
        """Run a command that has to succeed."""
        result = self.plait(*args)
        assert result.code == 0, result
        return result

    def refused(self, *args: str, code: int = 1) -> str:
        """Run a command that has to fail and to change nothing; what it says."""
        before = self.files()
        result = self.plait(*args)
        assert (result.code, result.out) == (code, ""), result
        assert self.files() == before
        assert "Traceback" not in result.err
        return result.err

    def path(self, name: str) -> Path:
        """A file of it."""
        return self.root / name

    def read(self, name: str) -> str:
        """A file's text, line ends as they are."""
        return self.path(name).read_bytes().decode()

    def write(self, name: str, text: str) -> None:
        """Write a file."""
        self.path(name).parent.mkdir(parents=True, exist_ok=True)
        self.path(name).write_bytes(text.encode())

    def change(self, old: str, new: str, name: str = "functions.yaml") -> None:
        """Replace a text that is in a file once."""
        text = self.read(name)
        assert text.count(old) == 1, f"{text.count(old)} times {old!r} in:\n{text}"
        self.write(name, text.replace(old, new))

    def files(self) -> dict[str, bytes]:
        """Every file but those of git."""
        found = (path for path in self.root.rglob("*") if path.is_file())
        files = {path.relative_to(self.root).as_posix(): path.read_bytes() for path in found}
        return {name: content for name, content in files.items() if not name.startswith(".git/")}

    def git(self, *args: str) -> str:
        """Run git."""
        who = ["-c", "user.name=T", "-c", "user.email=t@example.com", "-c", "init.defaultBranch=main"]
        command = ["git", *who, "-c", "commit.gpgsign=false", *args]
        done = subprocess.run(command, cwd=self.root, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def commit(self, message: str) -> None:
        """Commit everything."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message)


def script(name: str = "plait") -> str:
    """The path of an installed console script."""
    return str(Path(sys.executable).parent / name)


def environment(**variables: str) -> Mapping[str, str]:
    """The variables of this process without those that change how plait talks, and with others."""
    plain = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "PLAIT_DEBUG")}
    return {**plain, **variables}


def process(
    *args: str, cwd: Path, variables: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the console script."""
    return subprocess.run(
        [script(), *args],
        cwd=cwd,
        env=environment(**(variables or {})),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
