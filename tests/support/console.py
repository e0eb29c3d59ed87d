"""Documents whose `console` blocks are run as written: `$ command`, then its output, compared exactly."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_WHO = [f"GIT_{who}_{what}" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")]
_GIT = dict.fromkeys(_WHO, "somebody@example.com")


@dataclass(frozen=True)
class Step:
    """One command of a document and the output that it promises."""

    command: str
    output: str


def steps(block: str) -> Iterator[Step]:
    """The commands of one block."""
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        command, _, output = part.partition("\n")
        yield Step(command, output)


def executed(document: str, cwd: Path) -> str:
    """The document with the output that its commands really give in a folder."""

    def run_block(match: re.Match[str]) -> str:
        ran = "".join(f"$ {step.command}\n{_run(step.command, cwd)}" for step in steps(match[1]))
        return f"```console\n{ran}```"

    return _BLOCK.sub(run_block, document)


def _run(command: str, cwd: Path) -> str:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = {**os.environ, **_GIT, "PATH": path, "NO_COLOR": "1", "LC_ALL": "C.UTF-8", "COLUMNS": "80"}
    shell = ["sh", "-c", command]
    done = subprocess.run(shell, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    output = done.stdout + done.stderr
    return output if output.endswith("\n") or not output else output + "\n"
