"""A repository with a function of each kind, the example's two among them, and what each should answer."""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]
# It says who it is, and whether it can write.
_GREETING = """\
import os
import tempfile


def handle(event):
    try:
        open("/function/written", "w").close()
        root = "written"
    except OSError as error:
        root = error.strerror
    with tempfile.TemporaryFile() as file:
        file.write(b"x")
    return {"hello": event.get_data()["name"], "user": [os.getuid(), os.getgid()], "root": root}
"""
# A package of its requirements.txt, and one that the runtime has too: the runtime's is meant.
_DATED = """\
import cloudevents.core
import isodate


def handle(event):
    seconds = isodate.parse_duration("PT1M").total_seconds()
    return {"seconds": seconds, "packages": [isodate.__file__, cloudevents.core.__file__]}
"""
PYTHON = {
    "greeting/function.py": _GREETING,
    "dated/function.py": _DATED,
    "dated/requirements.txt": "isodate==0.7.2\ncloudevents\n",
}


@dataclass(frozen=True)
class Case:
    """A function, and the event that it is sent.

    Attributes:
        function: its name in functions.yaml.
        runtime: the image that it is built on.
        builder: the image with pip or npm, where it has packages to install.
        holds: whether an answer is right: its headers, its body.
    """

    function: str
    runtime: str
    holds: Callable[[Mapping[str, str], bytes], Any]
    builder: str | None = None


EVENT = {"specversion": "1.0", "id": "1", "source": "/visitors", "type": "com.example.visit"}
DATA = {"name": "World"}


def write(folder: Path) -> Path:
    """The repository, in an empty folder."""
    shutil.copytree(Path(__file__).parent / "repository", folder, dirs_exist_ok=True)
    for name in ("js-example", "wasm-example"):
        shutil.copytree(ROOT / "functions" / name, folder / "functions" / name)
    for name, text in PYTHON.items():
        path = folder / "functions" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return folder
