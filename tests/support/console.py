"""Documents that are run as written.

A `console` block holds `$ command`, then its output, compared exactly but for what no two runs share (ids,
ports, times, commits). `$ cd FOLDER` holds for the rest of the document. A block such as
```` ```python file=functions/orders/function.py ```` is written to that file before what follows is run.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_BLOCK = re.compile(
    r"^```(?:console|[a-z]+ file=(?P<file>\S+))\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL
)
_WHO = [f"GIT_{who}_{what}" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")]
_GIT = dict.fromkeys(_WHO, "somebody@example.com")
_DIFFERS = re.compile(
    r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"  # the id of an event
    r"|(?<=127\.0\.0\.1:)[0-9]{2,5}"  # a port
    r"|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z"  # a time
    r"|[0-9.]+(?= m?s\b)"  # how long it took
    r"|\b[0-9a-f]{7}\b"  # a commit
)


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
    session = _Session(cwd)
    return _BLOCK.sub(session.block, document)


class _Session:
    """Somebody who follows a document from its beginning, in one terminal."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def block(self, match: re.Match[str]) -> str:
        """The block as it should stand there."""
        if match["file"]:
            path = self._folder / match["file"]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(match["body"])
            return match[0]
        ran = "".join(f"$ {step.command}\n{self._output(step)}" for step in steps(match["body"]))
        return f"```console\n{ran}```"

    def _output(self, step: Step) -> str:
        """What it prints; what the document has, where only ids, ports, times and commits differ."""
        if folder := re.fullmatch(r"cd (\S+)", step.command):
            self._folder /= folder[1]
            return ""
        output = _run(step.command, self._folder)
        return step.output if _DIFFERS.sub("*", output) == _DIFFERS.sub("*", step.output) else output


def _run(command: str, cwd: Path) -> str:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = {**os.environ, **_GIT, "PATH": path, "NO_COLOR": "1", "LC_ALL": "C.UTF-8", "COLUMNS": "80"}
    shell = ["sh", "-c", command]
    done = subprocess.run(shell, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    output = done.stdout + done.stderr
    return output if output.endswith("\n") or not output else output + "\n"
