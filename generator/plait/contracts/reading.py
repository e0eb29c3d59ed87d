"""The contracts of a functions.yaml, read from the files that it names."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from plait import disk
from plait.contracts.bundle import MAX_BYTES, Bundle, bundle, parsed
from plait.errors import PlaitError
from plait.spec.contract import Contract
from plait.spec.model import Body


def texts(root: Path, body: Body) -> dict[str, str]:
    """Each type with a schema, and that schema with all that it refers to, as JSON.

    Args:
        root: the folder of functions.yaml.
        body: what it says.

    Raises:
        PlaitError: as `schema`.
    """
    return {kind: schema(root, item.schema_).text() for kind, item in body.events.items() if item.schema_}


def schema(root: Path, path: str) -> Bundle:
    """A schema by its path below the root.

    Raises:
        PlaitError: a file is missing, lies outside, or is no JSON; a `$ref` leads nowhere, or elsewhere.
    """
    return bundle(path, partial(_below, root))


def example(root: Path, contract: Contract) -> Any:
    """The data of a contract's example, or None. Raises PlaitError where its file cannot be read."""
    if isinstance(contract.example, str):
        return parsed(_below(root, contract.example), contract.example)
    return contract.example


def _below(root: Path, path: str) -> bytes:
    """A file's bytes. Links are followed as long as they stay below the root."""
    place = (root / path).resolve()
    if not place.is_relative_to(root.resolve()):
        raise PlaitError("lies outside of the folder of functions.yaml", where=path)
    if not place.is_file():
        raise PlaitError("no such file", where=path)
    content = disk.read(place, MAX_BYTES)
    if len(content) > MAX_BYTES:
        raise PlaitError(f"larger than {MAX_BYTES} bytes", where=path)
    return content


def of_types(body: Body) -> Mapping[str, str]:
    """The path of each type's schema."""
    return {kind: item.schema_ for kind, item in body.events.items() if item.schema_}
