"""`wasm.args`: expressions over an event.

3, 0.5            a number
data              the event's data
data.a.b          a member of a member
data.list[0]      an item; data.list.0 is the same
data["a.b"]       a member whose name has a dot
subject, myext    an attribute, extensions too; a number, where its text is one
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from plait_handler import Reject
from plait_handler.codec import Event
from plait_handler.errors import SettingsError

Evaluate = Callable[[Event], Any]
Step = str | int
_ROOT = re.compile(r"[a-z0-9]+")
_STEP = re.compile(
    r"""\.(?P<name>[^.\[\]"\s]+) | \[(?P<index>\d+)\] | \[(?P<quoted>"(?:[^"\\]|\\.)*")\]""", re.VERBOSE
)
# Digits. An i64 has 19; Python reads no integer of more than 4300.
_LONGEST = 400
_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?")


def compiled(expression: float | str) -> Evaluate:
    """How to find the value in an event.

    Raises:
        SettingsError: no expression. When called with an event: Reject, where the event has no such value.
    """
    if not isinstance(expression, str):
        return lambda _: expression
    text = expression.strip()
    if len(text) <= _LONGEST and _NUMBER.fullmatch(text):
        number = json.loads(text)
        return lambda _: number
    root, steps = _parsed(text)
    if root == "data":
        return lambda event: _follow(_data(event), steps)
    if steps:
        raise SettingsError(f"PLAIT_WASM: argument {text!r}: {root!r} is an attribute, which has no members")
    return lambda event: _attribute(event, root)


def _parsed(text: str) -> tuple[str, list[Step]]:
    root = _ROOT.match(text)
    if root is None:
        raise _no_expression(text)
    steps: list[Step] = []
    at = root.end()
    while at < len(text):
        step = _STEP.match(text, at)
        if step is None:
            raise _no_expression(text)
        steps.append(_step(step))
        at = step.end()
    return root[0], steps


def _step(match: re.Match[str]) -> Step:
    if match["index"] is not None:
        return int(match["index"])
    return str(json.loads(match["quoted"], strict=False)) if match["quoted"] is not None else match["name"]


def _no_expression(text: str) -> SettingsError:
    return SettingsError(
        f"PLAIT_WASM: argument {text!r} is no expression: write a number, an attribute such as subject,"
        " or data.a.b, data.list[0]"
    )


def _data(event: Event) -> Any:
    data = event.get_data()
    if data is None:
        raise Reject("the event has no data")
    return data


def _follow(value: Any, steps: list[Step]) -> Any:
    path = "data"
    for step in steps:
        inner = f"{path}[{step}]" if isinstance(step, int) else f"{path}.{step}"
        try:
            value = _member(value, step)
        except (KeyError, IndexError):
            raise Reject(f"{inner} is not there") from None
        except TypeError:
            raise Reject(f"{inner} is not there: {path} is {kind_of(value)}") from None
        path = inner
    return value


def _member(value: Any, step: Step) -> Any:
    if isinstance(value, dict):
        return value[str(step)]
    if isinstance(value, list) and (isinstance(step, int) or step.isdecimal()):
        return value[int(step)]
    raise TypeError


def _attribute(event: Event, name: str) -> Any:
    """Attributes are text on the wire, and so are the numbers among them."""
    value = event.get_attributes().get(name)
    if value is None:
        raise Reject(f"the event has no attribute {name!r}")
    if isinstance(value, str) and len(value) <= _LONGEST and _NUMBER.fullmatch(value):
        return json.loads(value)
    return value


def kind_of(value: Any) -> str:
    """What a value is, in the words of JSON."""
    names = {dict: "an object", list: "a list", str: "text", bool: "true or false", type(None): "null"}
    if isinstance(value, int | float) and not isinstance(value, bool):
        return "a number"
    return names.get(type(value), f"of type {type(value).__name__}")
