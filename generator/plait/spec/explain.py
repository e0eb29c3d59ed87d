"""pydantic's errors in a user's words: what is wrong, at which value, and what to write instead."""

from __future__ import annotations

import copy
import types
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from plait.errors import nearest
from plait.spec.base import field_names
from plait.spec.model import API_VERSION, Spec
from plait.yamlio import Node

Location = tuple[str | int, ...]
Mistake = tuple[Location, str, str | None]
KEY_OF = "[key]"
_TYPES = {
    "string_type": "a text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "bool_type": "true or false",
    "dict_type": "a mapping (key: value)",
    "model_type": "a mapping (key: value)",
    "model_attributes_type": "a mapping (key: value)",
    "list_type": "a list (- entry)",
    "float_type": "a number",
}


def mistakes(error: ValidationError, raw: dict[str, Any], root: Node) -> list[Mistake]:
    """One mistake for each thing that pydantic refused, unions told once."""
    found: dict[tuple[Location, bool], Mistake] = {}
    for detail in error.errors(include_url=False):
        location = _in_file(detail["loc"], root)
        if _other_branch(detail, _node(root, location)):
            continue
        mistake = _mistake(detail, location, raw, root)
        found.setdefault((mistake[0], detail["type"] in ("missing", "extra_forbidden")), mistake)
    return list(found.values())


def _other_branch(detail: ErrorDetails, node: Node) -> bool:
    """`false` is the short form of a probe; a mapping is not meant as one."""
    is_false = detail["type"] == "literal_error" and detail["ctx"]["expected"] == "False"
    return is_false and isinstance(node.value, dict)


def _in_file(loc: Location, root: Node) -> Location:
    """pydantic's location as far as the file has it: names of union branches and short forms dropped."""
    kept: list[str | int] = []
    node = root
    for step in loc:
        if step == KEY_OF:
            return (*kept, KEY_OF)
        if isinstance(node.value, dict) and step in node.value:
            node = node.value[step][1]
        elif isinstance(node.value, list) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
        else:
            continue
        kept.append(step)
    return tuple(kept)


def _mistake(detail: ErrorDetails, location: Location, raw: dict[str, Any], root: Node) -> Mistake:
    kind, context = detail["type"], detail.get("ctx", {})
    node = _node(root, location)
    if kind == "plait":
        return location, context["message"], context["hint"]
    if kind == "extra_forbidden":
        return (*location, KEY_OF), f"unknown key {location[-1]!r}", _known_hint(location)
    if kind == "missing":
        return location, f"{detail['loc'][-1]!r} is missing here", None
    if kind == "literal_error":
        return (
            location,
            f"{node.text!r} is not one of {_choices(context['expected'])}",
            _nearest_choice(node, context),
        )
    if kind in _TYPES:
        return location, *_wrong_type(node, _TYPES[kind])
    return location, _sentence(detail["msg"], kind, context), None


def _sentence(message: str, kind: str, context: dict[str, Any]) -> str:
    if kind == "string_pattern_mismatch":
        return f"does not match {context['pattern']}"
    if kind == "too_short":
        return "an empty list or mapping, where at least one entry belongs"
    return message.replace("Input should", "must").replace("List should", "the list must")


def _wrong_type(node: Node, wanted: str) -> tuple[str, str | None]:
    value, text = node.value, node.text
    if isinstance(value, bool | int | float) and wanted == "a text":
        what = "a truth value" if isinstance(value, bool) else "a number"
        return f"{text} is {what} where {wanted} belongs", f'write it in quotes: "{text}"'
    if wanted == "true or false" and text.lower() in ("yes", "on", "y", "no", "off", "n"):
        answer = "true" if text.lower() in ("yes", "on", "y") else "false"
        return f"{text!r} is a text in YAML 1.2, where {wanted} belongs", f"write {answer}"
    if wanted == "a whole number" and text.strip().lstrip("-").isdigit():
        return f"{text!r} is a text where {wanted} belongs", "write it without quotes"
    return f"{_shown(node)} where {wanted} belongs", None


def _shown(node: Node) -> str:
    if isinstance(node.value, dict | list):
        return "a mapping" if isinstance(node.value, dict) else "a list"
    return "nothing" if node.value is None else f"{node.text[:40]!r}"


def _choices(expected: str) -> str:
    return expected.replace("'", "").replace(" or ", ", ")


def _nearest_choice(node: Node, context: dict[str, Any]) -> str | None:
    return nearest(node.text, _choices(context["expected"]).split(", ")) if node.text else None


def _node(root: Node, location: Location) -> Node:
    for step in location:
        if step != KEY_OF:
            root = root.value[step][1] if isinstance(root.value, dict) else root.value[step]
    return root


def _known_hint(location: Location) -> str | None:
    model = _model_at(Spec, location[:-1])
    if model is None:
        return None
    name = str(location[-1])
    if close := nearest(name, field_names(model)):
        return close
    places = {owner.__name__ for owner in _models(Spec, set()) if name in field_names(owner)}
    known = "known here: " + ", ".join(field_names(model))
    return f"{name!r} belongs to {' or '.join(sorted(places))}; {known}" if places else known


def _model_at(kind: Any, location: Location) -> type[BaseModel] | None:
    for step in location:
        kind = _step(kind, step)
    return next(iter(_direct_models(kind)), None)


def _step(kind: Any, step: str | int) -> Any:
    for model in _direct_models(kind):
        name = field_names(model).get(str(step))
        return model.model_fields[name].annotation if name else None
    for part in _branches(kind):
        if get_origin(part) in (dict, list):
            return get_args(part)[-1]
    return None


def _branches(kind: Any) -> list[Any]:
    if get_origin(kind) in (Union, types.UnionType):
        return [branch for part in get_args(kind) for branch in _branches(part)]
    if hasattr(kind, "__metadata__"):
        return _branches(kind.__origin__)
    return [] if get_origin(kind) is Literal else [kind]


def _direct_models(kind: Any) -> list[type[BaseModel]]:
    return [part for part in _branches(kind) if isinstance(part, type) and issubclass(part, BaseModel)]


def _models(kind: Any, seen: set[type[BaseModel]]) -> set[type[BaseModel]]:
    for part in _branches(kind):
        if get_origin(part) in (dict, list):
            _models(get_args(part)[-1], seen)
    for model in _direct_models(kind):
        if model not in seen:
            seen.add(model)
            for field in model.model_fields.values():
                _models(field.annotation, seen)
    return seen


def prune(raw: dict[str, Any], error: ValidationError) -> Spec | None:
    """The spec without the parts that were refused, or None where too little is left."""
    data = copy.deepcopy(raw)
    for _ in range(3):
        refused = {_existing(data, detail["loc"]) for detail in error.errors(include_url=False)}
        for path in sorted(refused, key=lambda path: [str(step).zfill(9) for step in path], reverse=True):
            _delete(data, path)
        try:
            return Spec.model_validate(_completed(data))
        except ValidationError as remaining:
            error = remaining
    return None


def _completed(data: dict[str, Any]) -> dict[str, Any]:
    """Stand-ins for the required texts, so that one refused name does not hide the rest."""
    body = data.get("spec")
    whole = {"apiVersion": API_VERSION, "kind": "Functions", "metadata": {"name": "x"}, **data}
    return {**whole, "spec": {"namespace": "x", **body} if isinstance(body, dict) else {"namespace": "x"}}


def _existing(data: Any, loc: Location) -> Location:
    """The refused value's path as far as it exists: a missing key condemns what misses it."""
    path: list[str | int] = []
    for step in loc:
        in_list = isinstance(data, list) and isinstance(step, int) and step < len(data)
        if in_list or (isinstance(data, dict) and step in data):
            path.append(step)
            data = data[step]
    return tuple(path)


def _delete(data: Any, path: Location) -> None:
    for step in path[:-1]:
        data = data[step]
    if path:
        del data[path[-1]]
