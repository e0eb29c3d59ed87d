"""A component's `handle`, called by wasmtime's C API.

wasmtime-py's own `Func` loses the memory of each `option` and `result` that comes back (it calls
wasmtime_component_val_delete where component/val.h wants wasmtime_component_val_free), some hundred bytes an
event. The names used are not public; setup.cfg holds the version.
"""

from __future__ import annotations

import ctypes
from ctypes import byref
from typing import Any

from wasmtime import Store, WasmtimeError
from wasmtime import _ffi as ffi
from wasmtime.component import Func

from plait_handler import Reject, RetryLater


def handle(store: Store, function: Func, event: bytes) -> bytes | None:
    """Calls func(event: string) -> result<option<string>, failure>. That it is of this type must be known.

    Args:
        store: of the instance.
        function: of the instance.
        event: text in UTF-8.

    Returns:
        The text of `some`, in UTF-8; None for `none`.

    Raises:
        Reject, RetryLater: the cases of `failure`.
        WasmtimeError: a trap, or a value that is none of the type.
    """
    argument, result = ffi.wasmtime_component_val_t(), ffi.wasmtime_component_val_t()
    argument.kind = ffi.WASMTIME_COMPONENT_STRING
    argument.of.string = ffi.bytes_to_capi(event)
    try:
        raw, context = function._func, store._context()  # noqa: SLF001 - see above
        error = ffi.wasmtime_component_func_call(byref(raw), context, byref(argument), 1, byref(result), 1)
    finally:
        ffi.wasmtime_component_val_delete(byref(argument))
    if error:  # type: ignore[truthy-bool] # of a pointer of ctypes: not null
        raise WasmtimeError._from_ptr(error)  # noqa: SLF001
    try:
        return _outcome(result.of.result)
    finally:
        ffi.wasmtime_component_val_delete(byref(result))


def _outcome(result: Any) -> bytes | None:
    if result.is_ok:
        option = result.val.contents.of.option
        return _text(option.contents.of.string) if option else None
    failure = result.val.contents.of.variant
    reason = _text(failure.val.contents.of.string).decode("utf-8")
    if _text(failure.discriminant) == b"retry-later":
        raise RetryLater(reason=reason or "retry later")
    raise Reject(reason or "the function rejected the event")


def _text(vector: Any) -> bytes:
    return ctypes.string_at(vector.data, vector.size) if vector.size else b""
