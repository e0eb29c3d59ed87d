"""The runtimes of runtimes.yaml."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from pydantic import BaseModel, ConfigDict
from ruamel.yaml import YAML

from .server import Servers

ROOT = Path(__file__).parent


class Runtime(BaseModel):
    """One runtime.

    Attributes:
        name: as in runtimes.yaml; also the name of the folder of its functions.
        command: the program, found beside this Python or on PATH.
        environment: variables that its servers have besides those of a case.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    command: str
    environment: dict[str, str] = {}

    def line(self, function: str | Path) -> list[str]:
        """The command line that serves a function.

        Args:
            function: of the suite; or the path of another.

        Raises:
            FileNotFoundError: the program is not installed.
        """
        beside = str(Path(sys.executable).parent)
        program = shutil.which(self.command, path=beside) or shutil.which(self.command)
        if program is None:
            raise FileNotFoundError(f"{self.command} is not installed: see CONTRIBUTING.md")
        return [program, str(ROOT / "functions" / self.name / function)]

    def servers(self) -> Servers:
        """None yet."""
        return Servers(self.line, self.environment)


def runtimes() -> list[Runtime]:
    """All of runtimes.yaml, in its order."""
    entries = YAML(typ="safe").load((ROOT / "runtimes.yaml").read_text("utf-8"))
    return [Runtime(name=name, **entry) for name, entry in entries.items()]
