"""What is left of a spec without its refused parts, so that the rules can tell their mistakes too.

A part that goes must not make a rule complain that it is missing: some have a stand-in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from plait.spec.model import API_VERSION, Spec
from plait.spec.positions import Location

_ROUNDS = 5
_FUNCTION_DEPTH = 4
_IN_FUNCTION: Mapping[str | int, Any] = {
    "image": "refused",
    "source": "refused",
    "wasm": {"module": "refused.wasm"},
    "scale": {},
}


def accepted(data: dict[str, Any], details: Iterable[ErrorDetails]) -> Spec | None:
    """The spec without the parts that pydantic refused, or None where too little is left.

    Args:
        data: the file's content; it is changed.
        details: pydantic's errors about it.
    """
    for _ in range(_ROUNDS):
        refused = {path for detail in details if (path := _refused(data, detail))}
        for path in sorted(refused, key=lambda path: [str(step).zfill(9) for step in path], reverse=True):
            _replace(data, path)
        try:
            return Spec.model_validate(_completed(data))
        except ValidationError as remaining:
            details = remaining.errors(include_url=False, include_input=False)
    return None


def _completed(data: dict[str, Any]) -> dict[str, Any]:
    """Stand-ins for the required texts."""
    body = data.get("spec")
    whole = {"apiVersion": API_VERSION, "kind": "Functions", "metadata": {"name": "refused"}, **data}
    return {
        **whole,
        "spec": {"namespace": "refused", **body} if isinstance(body, dict) else {"namespace": "refused"},
    }


def _refused(data: Any, detail: ErrorDetails) -> Location:
    """The refused value's path as far as it exists: a missing key condemns what misses it."""
    path: list[str | int] = []
    for step in detail["loc"]:
        in_list = isinstance(data, list) and isinstance(step, int) and step < len(data)
        if in_list or (isinstance(data, dict) and step in data):
            path.append(step)
            data = data[step]
    completed = detail["type"] == "missing" and path == ["spec"]
    return () if completed else tuple(path)


def _replace(data: Any, path: Location) -> None:
    parent = data
    for step in path[:-1]:
        parent = parent[step]
    stand_in = _stand_in(path)
    if stand_in is None:
        del parent[path[-1]]
    else:
        parent[path[-1]] = stand_in
    if path[3:4] == ("subscribes",) and len(path) > _FUNCTION_DEPTH:
        _rename(data, path[:5])


def _stand_in(path: Location) -> Any:
    if path[:2] == ("spec", "runtimes") and len(path) == _FUNCTION_DEPTH - 1:
        return "refused"
    if path[:2] == ("spec", "functions") and len(path) == _FUNCTION_DEPTH:
        return _IN_FUNCTION.get(path[3])
    is_subscription = path[:2] == ("spec", "functions") and path[3:4] == ("subscribes",)
    return {} if is_subscription and len(path) == _FUNCTION_DEPTH + 1 else None


def _rename(data: Any, path: Location) -> None:
    """Without its refused part a subscription may be the same as another: give it a name of its own."""
    entry = data
    for step in path:
        entry = entry[step]
    if isinstance(entry, dict):
        entry["name"] = f"refused-{path[4]}.{path[2]}"[:63].rstrip(".-")
