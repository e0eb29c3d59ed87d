"""The contracts of one folder, compiled once, and again when a file of theirs has changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from plait import disk
from plait.contracts.reading import of_types, schema
from plait.contracts.validator import InvalidSchemaError, Violation, compiled, violations
from plait.errors import PlaitError
from plait.spec.load import MAX_BYTES, load, unknown_file
from plait.spec.model import Body

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

SPEC = "functions.yaml"
Stamp = tuple[tuple[int, int] | None, ...]


@dataclass(frozen=True, slots=True)
class _Compiled:
    validator: Draft202012Validator
    files: tuple[str, ...]
    stamp: Stamp


class Contracts:
    """What the events of a functions.yaml promise.

    Args:
        root: the folder of functions.yaml.
        body: what it says.
    """

    def __init__(self, root: Path, body: Body) -> None:
        self.paths = of_types(body)
        self._root = root
        self._compiled: dict[str, _Compiled] = {}

    @classmethod
    def load(cls, root: Path) -> Contracts:
        """Those of the functions.yaml in a folder. Raises SpecError, PlaitError."""
        path = root / SPEC
        if not path.exists():
            raise unknown_file(str(path))
        return cls(root, load(disk.read(path, MAX_BYTES), str(path)).spec.spec)

    def __contains__(self, kind: str) -> bool:
        return kind in self.paths

    def violations(self, kind: str, data: Any) -> list[Violation]:
        """In what the data of an event of this type break its contract.

        Raises:
            KeyError: the type has no contract.
            PlaitError: the schema cannot be read, or is none.
        """
        path = self.paths[kind]
        found = self._compiled.get(path)
        if found is None or found.stamp != self._stamp(found.files):
            found = self._compiled[path] = self._compile(path)
        return violations(found.validator, data)

    def _compile(self, path: str) -> _Compiled:
        read = schema(self._root, path)
        stamp = self._stamp(read.files)
        try:
            return _Compiled(compiled(read.document), read.files, stamp)
        except InvalidSchemaError as error:
            raise PlaitError(f"not a JSON Schema: {error}", where=path) from None

    def _stamp(self, files: Iterable[str]) -> Stamp:
        """Changes when one of the files is saved."""
        return tuple(_stamp_of(self._root / name) for name in files)


def _stamp_of(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size
