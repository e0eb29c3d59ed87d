"""Two versions of a contract's schema against one another, in words.

A change is breaking for those who take the events where the new schema lets data through that the old one
would have refused, or drops what it promised (JSON Schema validation, draft 2020-12, section 6). What is for
people alone (title, description, examples) is no change.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from plait.edits import get, steps_of

_FOR_PEOPLE = frozenset(
    (
        *("title", "description", "examples", "default", "deprecated", "readOnly", "writeOnly"),
        *("$comment", "$id", "$schema", "$defs", "definitions", "$ref"),
    )
)
_TOLD = frozenset(("type", "properties", "required", "items", "enum", "const", "additionalProperties"))
_LOWEST = frozenset(("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties", "minContains"))
_HIGHEST = frozenset(("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties", "maxContains"))
_TYPES = frozenset(("null", "boolean", "object", "array", "number", "string"))
_DEEPEST = 20
Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that changes.

    Attributes:
        text: what.
        breaking: for those who take the events; None where that cannot be told.
    """

    text: str
    breaking: bool | None


def steps(old: str, new: str) -> list[Step]:
    """What changes from one schema to another, each given as JSON; nothing for texts for people alone."""
    was, now = json.loads(old), json.loads(new)
    return list(dict.fromkeys(_Comparison(was, now).schemas(was, now, "", 0)))


class _Comparison:
    def __init__(self, old: Any, new: Any) -> None:
        self._old, self._new = old, new

    def schemas(self, was: Any, now: Any, path: str, depth: int) -> Iterator[Step]:
        """The steps at a path and below; a schema that contains itself is followed DEEPEST times."""
        old, new = _resolved(was, self._old), _resolved(now, self._new)
        if depth > _DEEPEST:
            return
        yield from _types(old, new, path)
        yield from _values(old, new, path)
        yield from _limits(old, new, path)
        yield from self._properties(old, new, path, depth)
        if isinstance(old.get("items"), dict) and isinstance(new.get("items"), dict):
            yield from self.schemas(old["items"], new["items"], f"{path}[]", depth + 1)
        elif old.get("items") != new.get("items"):
            yield Step(f"the items of {_shown(path)} change", None)
        yield from _rest(old, new, path)

    def _properties(self, old: Schema, new: Schema, path: str, depth: int) -> Iterator[Step]:
        ours, theirs = _mapping(old, "properties"), _mapping(new, "properties")
        needed, needs = set(old.get("required", ())), set(new.get("required", ()))
        closed = old.get("additionalProperties") is False
        for name in dict.fromkeys([*ours, *theirs, *sorted(needed | needs)]):
            at = f"{path}.{name}" if path else name
            must = ", and required" if name in needs else ""
            if name not in ours and name in theirs and name not in needed:
                yield Step(f"{at} is added{must}", breaking=closed)
            elif name in ours and name not in theirs and name not in needs:
                yield Step(f"{at} is removed", breaking=True)
            elif (name in needed) != (name in needs):
                yield Step(f"{at} is {'now' if must else 'no longer'} required", breaking=not must)
            if name in ours and name in theirs:
                yield from self.schemas(ours[name], theirs[name], at, depth + 1)
        yield from _others(old, new, path)


def _resolved(schema: Any, root: Any) -> Schema:
    """The schema with what its `$ref` leads to, as far as that is within the document."""
    seen: set[str] = set()
    while isinstance(schema, dict) and isinstance(reference := schema.get("$ref"), str):
        target = _target(reference, root)
        if reference in seen or not isinstance(target, dict):
            break
        seen.add(reference)
        schema = {**target, **{key: value for key, value in schema.items() if key != "$ref"}}
    if isinstance(schema, dict):
        return schema
    return {} if schema else {"not": {}}


def _target(reference: str, root: Any) -> Any:
    """`#/$defs/money`, or the place of a file that is embedded (`plait.contracts.bundle`)."""
    document, _, pointer = reference.partition("#")
    start = root
    if document:
        name = document.rpartition("/")[2]
        defs = get(root, "$defs") or {}
        found = [item for key, item in defs.items() if key.rpartition("/")[2] == name]
        start = found[0] if len(found) == 1 else None
    return get(start, *steps_of(pointer))


def _types(old: Schema, new: Schema, path: str) -> Iterator[Step]:
    was, now = _names(old), _names(new)
    if was != now:
        text = f"{_shown(path)} is {_listed(now)}, no longer {_listed(was)}"
        yield Step(text, breaking=not _widened(now) <= _widened(was))


def _names(schema: Schema) -> frozenset[str]:
    given = schema.get("type", ())
    return frozenset((given,) if isinstance(given, str) else given)


def _widened(names: frozenset[str]) -> frozenset[str]:
    """Every type that passes; an integer is a number too."""
    return (names or _TYPES) | {"integer"} if not names or "number" in names else names


def _listed(names: frozenset[str]) -> str:
    return " or ".join(f"a{'n' * (name[0] in 'aio')} {name}" for name in sorted(names)) or "of any type"


def _values(old: Schema, new: Schema, path: str) -> Iterator[Step]:
    """enum, and const as an enum of one."""
    was, now = _choices(old), _choices(new)
    if was == now:
        return
    if was is None or now is None:
        what = "takes only certain values now" if was is None else "takes any value now"
        yield Step(f"{_shown(path)} {what}", breaking=now is None)
        return
    for value in [item for item in now if item not in was]:
        yield Step(f"{_shown(path)} may now be {value}", breaking=True)
    for value in [item for item in was if item not in now]:
        yield Step(f"{_shown(path)} is no longer {value}", breaking=False)


def _choices(schema: Schema) -> list[str] | None:
    values = [schema["const"]] if "const" in schema else schema.get("enum")
    return None if values is None else [json.dumps(value, ensure_ascii=False) for value in values]


def _limits(old: Schema, new: Schema, path: str) -> Iterator[Step]:
    for key in sorted(_LOWEST | _HIGHEST):
        was, now = old.get(key), new.get(key)
        if was != now:
            tighter = was is None or (now is not None and (now > was) == (key in _LOWEST))
            text = f"{key} of {_shown(path)} is {_limit(now)}, no longer {_limit(was)}"
            yield Step(text, breaking=not tighter)


def _limit(value: Any) -> str:
    return "not set" if value is None else str(value)


def _others(old: Schema, new: Schema, path: str) -> Iterator[Step]:
    was, now = old.get("additionalProperties", True), new.get("additionalProperties", True)
    if was == now:
        return
    where = f" in {path}" if path else ""
    if isinstance(was, bool) and isinstance(now, bool):
        yield Step(f"other properties{where} are {'now' if now else 'no longer'} allowed", breaking=now)
    else:
        yield Step(f"what other properties{where} may be changes", None)


def _rest(old: Schema, new: Schema, path: str) -> Iterator[Step]:
    """Keywords that no sentence knows."""
    for key in sorted({*old, *new} - _FOR_PEOPLE - _TOLD - _LOWEST - _HIGHEST):
        if old.get(key) != new.get(key):
            yield Step(f"{key} of {_shown(path)} changes", None)


def _mapping(schema: Schema, key: str) -> Mapping[str, Any]:
    value = schema.get(key)
    return value if isinstance(value, dict) else {}


def _shown(path: str) -> str:
    return path or "the data"
