"""A function's code as a ConfigMap can hold it (`packaging: configMap`)."""

from __future__ import annotations

import re

from plait.document import Files, has_conflict
from plait.errors import PlaitError
from plait.overlay import code_key
from plait.spec.function import Function

MAX_BYTES = 1024 * 1024
_KEY = re.compile(r"[-._a-zA-Z0-9]{1,253}")
# kustomize's YAML writer: refused, or (U+0085) made a space.
_UNFIT = re.compile(r"[\x7f-\x9f\ufffe\uffff]|\A\t(?=[^\n]*\n)")
_ENTRY = {"python": "function.py", "node": "index.js"}


def check(name: str, function: Function, files: Files) -> Files:
    """The files, when a ConfigMap takes them and the runtime finds its entry file.

    Raises:
        PlaitError: the entry file is missing, two paths share a key, a name is not allowed, or it is
            more than 1 MiB (binary files count in base64, as Kubernetes stores them).
    """
    where = f"functions.yaml: spec.functions.{name}.source: {function.source}"
    entry = function.wasm.module if function.wasm else _ENTRY[function.runtime]
    if entry not in files:
        raise PlaitError(f"holds no {entry}", where=where, hint=f"runtime: {function.runtime} starts from it")
    _check_keys(files, where)
    for path, content in files.items():
        _check_text(path, content, where)
    size = sum(len(code_key(path)) + _stored(content) for path, content in files.items())
    if size > MAX_BYTES:
        hint = "use packaging: image"
        raise PlaitError(f"is {size} bytes in a ConfigMap; {MAX_BYTES} is the limit", where=where, hint=hint)
    return files


def _check_keys(files: Files, where: str) -> None:
    for path, content in files.items():
        if has_conflict(content):
            raise PlaitError(f"{path} holds merge conflict markers", where=where, hint="resolve them")
    keys: dict[str, str] = {}
    for path in files:
        key = code_key(path)
        if not _KEY.fullmatch(key) or key.startswith(".."):
            hint = "letters, digits, '-', '_', '.'; 253 at the most"
            raise PlaitError(f"{path!r} cannot be a key of a ConfigMap", where=where, hint=hint)
        if keys.setdefault(key, path) != path:
            message = f"{keys[key]!r} and {path!r} would both be the key {key!r}"
            raise PlaitError(message, where=where, hint="rename one")


def _check_text(path: str, content: bytes, where: str) -> None:
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return
    if unfit := _UNFIT.search(text):
        line = text.count("\n", 0, unfit.start()) + 1
        message = f"{path}:{line}: kustomize cannot carry the character U+{ord(unfit[0]):04X} there"
        raise PlaitError(message, where=where, hint="delete it, or use packaging: image")


def _stored(content: bytes) -> int:
    try:
        content.decode()
    except UnicodeDecodeError:
        return (len(content) + 2) // 3 * 4
    return len(content)
