"""An exported function, called by wasmtime's C API.

wasmtime-py's own `Func` asks for the types anew at each call, in forty calls of C. Each of those releases the
interpreter lock, which the event loop waits for on the other side: under load that took three times as long
as all the rest. Here it is two. The names used are not public; setup.cfg holds the version.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from ctypes import POINTER, byref

from wasmtime import Instance, Store, Trap, WasmtimeError
from wasmtime import _ffi as ffi

_KINDS = {"i32": 0, "i64": 1, "f32": 2, "f64": 3}


class Export:
    """A function of a module, for any instance of it.

    Args:
        name: of the export. It must be there, and a function.
        params, results: its types: i32, i64, f32, f64.
    """

    def __init__(self, name: str, params: Sequence[str] = (), results: Sequence[str] = ()) -> None:
        self.name = name.encode("utf-8")
        self.params, self.results = tuple(params), tuple(results)
        self.arguments_type = ffi.wasmtime_val_t * len(params)
        self.results_type = ffi.wasmtime_val_t * len(results)

    def call(
        self, store: Store, instance: Instance, arguments: Sequence[int | float] = ()
    ) -> list[int | float]:
        """Its results.

        Args:
            store: of the instance.
            instance: of the module.
            arguments: as many as params, each a number that its type holds; i32 and i64 as signed.

        Raises:
            Trap, WasmtimeError: as wasmtime-py's functions.
        """
        given, results = self._arguments(arguments), self.results_type()
        trap = POINTER(ffi.wasm_trap_t)()
        error = ffi.wasmtime_func_call(
            store._context(),  # noqa: SLF001 - see above
            byref(self._function(store, instance)),
            given,
            len(self.params),
            results,
            len(self.results),
            byref(trap),
        )
        if error:  # type: ignore[truthy-bool] # of a pointer of ctypes: not null
            raise WasmtimeError._from_ptr(error)  # noqa: SLF001
        if trap:  # type: ignore[truthy-bool]
            raise Trap._from_ptr(trap)  # noqa: SLF001
        return [getattr(value.of, kind) for kind, value in zip(self.results, results, strict=True)]

    def _arguments(self, arguments: Sequence[int | float]) -> ctypes.Array[ffi.wasmtime_val_t]:
        given = self.arguments_type()
        for place, kind, value in zip(given, self.params, arguments, strict=True):
            place.kind = _KINDS[kind]
            setattr(place.of, kind, value)
        return given

    def _function(self, store: Store, instance: Instance) -> ffi.wasmtime_func_t:
        found = ffi.wasmtime_extern_t()
        there = ffi.wasmtime_instance_export_get(
            store._context(),  # noqa: SLF001
            byref(instance._instance),  # noqa: SLF001
            self.name,
            len(self.name),
            byref(found),
        )
        assert there
        return found.of.func
