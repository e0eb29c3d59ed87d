"""Which keys there are, and where: for the hints about unknown ones."""

from __future__ import annotations

import types
from collections.abc import Iterator
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from plait.spec.base import field_names
from plait.spec.model import Spec
from plait.spec.positions import Location


def known_keys(location: Location) -> list[str]:
    """The keys of the mapping at a location."""
    kind: Any = Spec
    for step in location:
        kind = _step(kind, step)
    return [key for model in _models(kind) for key in field_names(model)]


@cache
def places_of(key: str) -> tuple[str, ...]:
    """Where a key is known, as `spec.functions.NAME`; each model once, the highest first."""
    return tuple(place for model, place in _all().items() if key in field_names(model))


@cache
def _all() -> dict[type[BaseModel], str]:
    found: dict[type[BaseModel], str] = {}
    level: list[tuple[Any, str]] = [(Spec, "")]
    while level:
        below: list[tuple[Any, str]] = []
        for kind, place in level:
            for model in _models(kind):
                if model not in found:
                    found[model] = place or "the top level"
                    below += _fields(model, place)
        level = below
    return found


def _fields(model: type[BaseModel], place: str) -> Iterator[tuple[Any, str]]:
    for key, name in field_names(model).items():
        kind = model.model_fields[name].annotation
        here = f"{place}.{key}" if place else key
        yield kind, here
        for part in _branches(kind):
            if get_origin(part) is dict:
                yield get_args(part)[-1], f"{here}.NAME"
            elif get_origin(part) is list:
                yield get_args(part)[-1], f"{here}[]"


def _step(kind: Any, step: str | int) -> Any:
    for model in _models(kind):
        name = field_names(model).get(str(step))
        return model.model_fields[name].annotation if name else None
    for part in _branches(kind):
        if get_origin(part) in (dict, list):
            return get_args(part)[-1]
    return None


def _models(kind: Any) -> list[type[BaseModel]]:
    return [part for part in _branches(kind) if isinstance(part, type) and issubclass(part, BaseModel)]


def _branches(kind: Any) -> list[Any]:
    if get_origin(kind) in (Union, types.UnionType):
        return [branch for part in get_args(kind) for branch in _branches(part)]
    if hasattr(kind, "__metadata__"):
        return _branches(kind.__origin__)
    return [] if get_origin(kind) is Literal else [kind]
