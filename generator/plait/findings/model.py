"""One finding, in functions.yaml or in a file of the tree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Location = tuple[str | int, ...]
Level = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in functions.yaml.

    Attributes:
        rule: its kind, the name of its page in docs/findings/.
        location: its place, as a path of keys and indices.
    """

    rule: str
    location: Location
    message: str
    hint: str | None = None
    level: Level = "warning"


@dataclass(frozen=True, slots=True)
class Placed:
    """Something in another file.

    Attributes:
        rule: its kind, the name of its page in docs/findings/.
        path: the file, POSIX, below the folder of functions.yaml.
    """

    rule: str
    path: str
    message: str
    hint: str | None = None
    level: Level = "warning"
