"""A contract's schema with all that it refers to, as one document.

Source: JSON Schema core, draft 2020-12, section 9.3 (compound schema documents): each file that a `$ref`
leads to is embedded under `$defs`, with its place as `$id`. Nothing is fetched: a `$ref` leads to a file
below the folder of functions.yaml, by its path from the file that it stands in, or within the document.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote, urldefrag, urljoin, urlsplit

from plait.errors import PlaitError, short

DIALECT = "https://json-schema.org/draft/2020-12/schema"
MAX_BYTES = 200 * 1024
"""Of a whole contract. kubectl keeps a copy of each object in an annotation, and 256 KiB is their limit."""
_ROOT = "file:///"
# What stays as it is in a YAML block scalar (plait.emit); the rest is escaped as JSON can.
_ESCAPED = re.compile(r"[^\n\x20-\x7e\u00a1-\u2027\u202a-\ud7ff]")

Read = Callable[[str], bytes]


@dataclass(frozen=True)
class Bundle:
    """One contract.

    Attributes:
        document: the schema.
        files: every file that it was read from, the schema's own first; relative, POSIX.
    """

    document: Any
    files: tuple[str, ...]

    def text(self) -> str:
        """The document as JSON, a line a member. Raises PlaitError where it is too large."""
        plain = json.dumps(self.document, indent=2, ensure_ascii=False, allow_nan=False)
        text = _ESCAPED.sub(lambda match: json.dumps(match[0])[1:-1], plain) + "\n"
        if len(text) > MAX_BYTES:
            message = f"{len(text)} bytes with all that it refers to; {MAX_BYTES} is the limit of a contract"
            raise PlaitError(message, where=self.files[0])
        return text


@dataclass(frozen=True)
class _Reference:
    base: str
    text: str
    file: str


def bundle(path: str, read: Read) -> Bundle:
    """Read a schema and every file that it refers to.

    Args:
        path: of the schema, relative and POSIX.
        read: gives the bytes of such a path, or raises PlaitError.

    Raises:
        PlaitError: a file is missing, no JSON, or of another draft; a `$ref` leads elsewhere, or nowhere.
    """
    collected = _Collected(read)
    collected.add(_ROOT + quote(path), path)
    for reference in collected.pending():
        collected.follow(reference)
    document = collected.whole()
    _check_references(document, path)
    return Bundle(document, tuple(dict.fromkeys(collected.files.values())))


class _Collected:
    """The files so far.

    Attributes:
        files: URI to path; the schema's own first.
    """

    def __init__(self, read: Read) -> None:
        known = list(specifications())
        self.files: dict[str, str] = {}
        self._read = read
        self._contents: dict[str, Any] = {}
        self._known: set[str] = {*known, *(uri.rstrip("#") for uri in known)}
        self._waiting: list[_Reference] = []

    def add(self, uri: str, path: str) -> None:
        """Read a file; what it refers to waits."""
        contents = parsed(self._read(path), path)
        _check_dialect(contents, path)
        self.files[uri], self._contents[uri] = path, contents
        self._known.add(uri)
        self._walk(contents, uri, path)

    def _walk(self, contents: Any, base: str, path: str) -> None:
        from referencing.jsonschema import DRAFT202012  # noqa: PLC0415

        todo = [(contents, base)]
        while todo:
            schema, base = todo.pop()
            if not isinstance(schema, dict):
                continue
            if isinstance(schema.get("$id"), str):
                own = urldefrag(urljoin(base, schema["$id"])).url
                self._known.add(own)
                base = base if schema is contents else own
            found = (schema.get(key) for key in ("$ref", "$dynamicRef"))
            self._waiting += [_Reference(base, text, path) for text in found if isinstance(text, str)]
            todo += [(below, base) for below in _subschemas(DRAFT202012, schema)]

    def pending(self) -> Iterator[_Reference]:
        """References until none is left; following one may bring others."""
        while self._waiting:
            yield self._waiting.pop()

    def follow(self, reference: _Reference) -> None:
        """Read the file that it leads to, unless that is known."""
        target = urldefrag(urljoin(reference.base, reference.text)).url
        if target not in self._known:
            self.add(target, _beside(reference))

    def whole(self) -> Any:
        """One document. One file is that, as it is; of several, each has its place for an `$id`."""
        (uri, contents), *others = self._contents.items()
        if not others:
            return contents
        embedded = {other: {**_as_mapping(schema), "$id": other} for other, schema in others}
        own = {key: value for key, value in contents.items() if key not in ("$id", "$defs")}
        return {"$id": uri, **own, "$defs": {**contents.get("$defs", {}), **embedded}}


def _subschemas(draft: Any, schema: Any) -> list[Any]:
    """Those that the draft knows; a keyword of a wrong type is the metaschema's business."""
    try:
        return list(draft.subresources_of(schema))
    except (AttributeError, TypeError):
        return []


def _as_mapping(schema: Any) -> dict[str, Any]:
    return schema if isinstance(schema, dict) else {} if schema else {"not": {}}


def _beside(reference: _Reference) -> str:
    """The path that a reference means."""
    text, _ = urldefrag(reference.text)
    parts = urlsplit(text)
    where = reference.file
    if parts.scheme or parts.netloc or text.startswith("/"):
        hint = "copy that schema to a file beside, and refer to it by its path; nothing is fetched"
        raise PlaitError(f"$ref {short(reference.text)} leads out of the folder", where=where, hint=hint)
    path = posixpath.normpath(posixpath.join(posixpath.dirname(where), unquote(parts.path)))
    if path.startswith("../") or path in ("..", ".") or "\\" in path:
        hint = "a path of a file below the folder of functions.yaml"
        raise PlaitError(f"$ref {short(reference.text)} leads out of the folder", where=where, hint=hint)
    return path


def specifications() -> Any:
    """The drafts' own schemas, which come with the library: the only ones outside of the files."""
    from jsonschema_specifications import (  # type: ignore[import-untyped]  # noqa: PLC0415 - few have contracts
        REGISTRY,
    )

    return REGISTRY


def parsed(content: bytes, path: str) -> Any:
    """JSON as data. Raises PlaitError with the line that is wrong."""
    try:
        data = json.loads(content.decode("utf-8-sig"), parse_constant=_refuse)
        json.dumps(data, allow_nan=False)
    except UnicodeDecodeError:
        raise PlaitError("not UTF-8", where=path) from None
    except json.JSONDecodeError as error:
        raise PlaitError(f"not JSON: {error.msg}", where=f"{path}:{error.lineno}:{error.colno}") from None
    except (ValueError, RecursionError):
        message = "not JSON that every reader takes: NaN, a number too large, or nested too deep"
        raise PlaitError(message, where=path) from None
    return data


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _check_dialect(contents: Any, path: str) -> None:
    if not isinstance(contents, dict | bool):
        raise PlaitError("not a JSON Schema: a mapping, true or false", where=path)
    dialect = contents.get("$schema", DIALECT) if isinstance(contents, dict) else DIALECT
    if not isinstance(dialect, str) or dialect.rstrip("#") != DIALECT:
        message = f"a schema of {short(str(dialect))}; contracts are JSON Schema, draft 2020-12"
        raise PlaitError(message, where=path, hint=f'"$schema": "{DIALECT}"')


def _check_references(document: Any, path: str) -> None:
    """Every `$ref` leads to a schema."""
    from referencing.exceptions import Unresolvable  # noqa: PLC0415
    from referencing.jsonschema import DRAFT202012  # noqa: PLC0415

    root = DRAFT202012.create_resource(document)
    todo = [(root, specifications().resolver_with_root(root))]
    while todo:
        resource, resolver = todo.pop()
        schema = resource.contents
        for key in ("$ref", "$dynamicRef"):
            if isinstance(schema, dict) and isinstance(schema.get(key), str):
                try:
                    resolver.lookup(schema[key])
                except Unresolvable:
                    raise PlaitError(f"{key} {short(schema[key])} leads nowhere", where=path) from None
        subresources = map(DRAFT202012.create_resource, _subschemas(DRAFT202012, schema))
        todo += [(below, resolver.in_subresource(below)) for below in subresources]
