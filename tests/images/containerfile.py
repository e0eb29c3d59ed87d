"""Containerfiles as data: stages of instructions. As much of the format as ours need: no heredocs, no directives."""

import re
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Instruction:
    """One instruction, its lines joined."""

    name: str
    text: str


@dataclass(frozen=True)
class Stage:
    """From one FROM to the next."""

    base: str
    name: str | None
    instructions: list[Instruction] = field(default_factory=list)

    def all(self, name: str) -> list[str]:
        """The texts of its instructions of one name."""
        return [each.text for each in self.instructions if each.name == name]


@dataclass(frozen=True)
class Containerfile:
    """A whole file.

    Attributes:
        arguments: ARGs before the first stage.
        stages: at least one; the last is the image.
    """

    arguments: list[str]
    stages: list[Stage]

    @property
    def declared(self) -> set[str]:
        """Every argument that the file takes."""
        texts = self.arguments + [text for stage in self.stages for text in stage.all("ARG")]
        return {text.partition("=")[0] for text in texts}


def read(path: Path) -> Containerfile:
    """Parse a file."""
    arguments: list[str] = []
    stages: list[Stage] = []
    for each in _instructions(path.read_text()):
        if each.name == "FROM":
            base, _, name = each.text.partition(" AS ")
            stages.append(Stage(base, name or None))
        elif stages:
            stages[-1].instructions.append(each)
        else:
            assert each.name == "ARG", each
            arguments.append(each.text)
    return Containerfile(arguments, stages)


def _instructions(text: str) -> list[Instruction]:
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines)).splitlines()
    return [Instruction(*line.split(maxsplit=1)) for line in joined]
