"""The patches of an import, applied as kustomize applies them: for the proof.

Held against real builds by tests/importing/test_patches.py. Known to it: what `patches` writes, and what a
user changes of that: merges of mappings and of lists by their key, null, `$patch: delete`, and the operations
add, replace and remove.
"""

from __future__ import annotations

from typing import Any

from plait.edits import Object, get, steps_of
from plait.patch import MERGE_KEYS

_DELETE = "delete"


def applied(item: Object, data: Any) -> Object | None:
    """The object with a patch; None where it is none that plait can apply.

    Args:
        data: a mapping (a strategic merge patch), or a list of JSON 6902 operations.
    """
    if isinstance(data, dict):
        same = all(get(data, *at) == get(item, *at) for at in (("kind",), ("metadata", "name")))
        return _merged(item, data) if same else None
    if not isinstance(data, list):
        return None
    found: Any = item
    for one in data:
        found = _operated(found, one)
        if found is None:
            return None
    return found if isinstance(found, dict) else None


def _merged(old: Any, change: Object) -> Object:
    found: Object = dict(old) if isinstance(old, dict) else {}
    for key, value in change.items():
        if value is None:
            found.pop(key, None)
        elif isinstance(value, dict):
            found[key] = _merged(found.get(key), value)
        elif isinstance(value, list):
            found[key] = _list(found.get(key), value, _merge_key(key, found))
        else:
            found[key] = value
    return found


def _merge_key(key: str, around: Object) -> str | None:
    """By what the entries of a list are told apart; a Service's ports by `port`."""
    return "port" if key == "ports" and "selector" in around else MERGE_KEYS.get(key)


def _list(old: Any, change: list[Any], key: str | None) -> list[Any]:
    mine = old if isinstance(old, list) else []
    if key is None or not all(isinstance(get(entry, key), str | int) for entry in [*mine, *change]):
        return change
    wanted = {entry[key]: entry for entry in change}
    kept = [
        _merged(entry, wanted.pop(entry[key])) if _stays(wanted.get(entry[key])) else entry
        for entry in mine
        if get(wanted.get(entry[key]), "$patch") != _DELETE
    ]
    return [*kept, *(entry for entry in wanted.values() if "$patch" not in entry)]


def _stays(change: Any) -> bool:
    return isinstance(change, dict)


def _operated(item: Any, one: Any) -> Any:
    """One operation of RFC 6902; None where it is not known, or leads nowhere."""
    path, name = get(one, "path"), get(one, "op")
    if not isinstance(path, str) or name not in ("add", "replace", "remove"):
        return None
    steps = steps_of(path)
    return _at(item, steps, name, get(one, "value")) if steps else None


def _at(item: Any, steps: list[str], name: str, value: Any) -> Any:
    step, rest = steps[0], steps[1:]
    if isinstance(item, list):
        return _in_list(item, step, rest, name, value)
    if not isinstance(item, dict) or (rest and step not in item):
        return None
    if rest:
        below = _at(item[step], rest, name, value)
        return None if below is None else {**item, step: below}
    if name == "remove":
        return {key: entry for key, entry in item.items() if key != step}
    return {**item, step: value}


def _in_list(item: list[Any], step: str, rest: list[str], name: str, value: Any) -> Any:
    if step == "-":
        return [*item, value] if name == "add" and not rest else None
    if not step.isdecimal() or int(step) >= len(item) + (name == "add"):
        return None
    index = int(step)
    if rest:
        below = _at(item[index], rest, name, value)
        return None if below is None else [*item[:index], below, *item[index + 1 :]]
    after = item[index:] if name == "add" else item[index + 1 :]
    return [*item[:index], *([] if name == "remove" else [value]), *after]
