"""Python's numbers as those of WebAssembly, without a bit of them lost unseen."""

from __future__ import annotations

import ctypes
import math
from typing import Any

from plait_handler import Reject
from plait_wasmtime.values.expressions import kind_of

BITS = {"i32": 32, "i64": 64}
KINDS = (*BITS, "f32", "f64")


def number(kind: str, value: Any, name: str) -> int | float:
    """The argument for a value.

    Args:
        kind: of KINDS.
        value: what should be a number.
        name: of the argument, for the error.

    Returns:
        For i32 and i64 the number as signed, from -2**(n-1): WebAssembly does not tell 2**n - 1 from -1, so
        unsigned ones are taken too.

    Raises:
        Reject: not a number, or one that the type does not hold.
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Reject(f"{name} is {kind_of(value)}, where a number ({kind}) belongs")
    return _integer(kind, value, name) if kind in BITS else _float(kind, value, name)


def _integer(kind: str, value: float, name: str) -> int:
    if isinstance(value, float):
        if not value.is_integer():
            raise Reject(f"{name} is {value}, where a whole number ({kind}) belongs")
        value = int(value)
    bits = BITS[kind]
    if not -(2 ** (bits - 1)) <= value < 2**bits:
        raise Reject(f"{name} is {value}, which {kind} does not hold")
    return value - 2**bits if value >= 2 ** (bits - 1) else value


def _float(kind: str, value: float, name: str) -> float:
    try:
        result = float(value)
    except OverflowError:
        result = math.inf
    held = ctypes.c_float(result).value if kind == "f32" else result
    if math.isinf(held) and value not in (math.inf, -math.inf):
        raise Reject(f"{name} is {value!s:.40}, which {kind} does not hold")
    return result
