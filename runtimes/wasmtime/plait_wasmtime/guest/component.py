"""A component that exports `handle`, as in wit/function.wit."""

from __future__ import annotations

import time
from typing import Any

from wasmtime import Store, WasiConfig, WasmtimeError
from wasmtime.component import (
    Component,
    ExportIndex,
    Func,
    FuncType,
    Linker,
    OptionType,
    ResultType,
    String,
    VariantType,
)

from plait_handler.codec import Event
from plait_handler.context import Context
from plait_handler.errors import LoadError
from plait_wasmtime.errors import MissingExportError
from plait_wasmtime.guest.failures import sentence, translated
from plait_wasmtime.guest.handle import handle
from plait_wasmtime.guest.program import Host
from plait_wasmtime.values.texts import read, written
from plait_wasmtime.wasi import preview2
from plait_wasmtime.wasi.run import Run

HANDLE = "handle"
WANTED = (
    "handle: func(event: string) -> result<option<string>, failure>,"
    " variant failure { reject(string), retry-later(string) }"
)
# A component is made of several modules, each with a memory of its own.
_MEMORIES = 10
_CHECK_SECONDS = 5.0
# In wasmtime's text for an import that the linker has not.
_UNKNOWN = "matching implementation was not found in the linker"


class ComponentFunction:
    """Calls `handle`.

    Args:
        host: see there.
        component: the component.
        function: the name of the export, or None: `handle`.

    Raises:
        MissingExportError: no such export.
        LoadError: one of another type, or an import that is not there.
    """

    def __init__(self, host: Host, component: Component, function: str | None) -> None:
        self.host, self.component = host, component
        self.function = function or HANDLE
        self._check_export()
        self.index = self._index()
        self.linker = Linker(host.engine)
        preview2.define(host.engine, self.linker, component, clock=host.clock)
        self._check_imports()

    def _check_export(self) -> None:
        exports = self.component.type.exports(self.host.engine)
        found = exports.get(self.function)
        kind = found.ty if found is not None else None
        if not isinstance(kind, FuncType):
            there = ", ".join(exports) or "nothing"
            raise MissingExportError(
                f"{self.host.wasi.name} exports no function {self.function!r}, but {there}:"
                f" it must export {WANTED}"
            )
        if not _fits(kind):
            raise LoadError(
                f"{self.function!r} of {self.host.wasi.name} is of another type: it must be {WANTED}"
            )

    def _index(self) -> ExportIndex:
        index = self.component.get_export_index(self.function)
        assert index is not None
        return index

    def _check_imports(self) -> None:
        """By an instance that nothing is done with: for a component there is no other way to ask."""
        store = self.host.sandbox.store(time.monotonic() + _CHECK_SECONDS, _MEMORIES)
        store.set_wasi(self.host.wasi.config())
        try:
            self.linker.instantiate(store, self.component)
        except WasmtimeError as error:
            if _UNKNOWN in str(error):
                raise LoadError(
                    f"{self.host.wasi.name}: {sentence(str(error))};"
                    " what there is to import is WASI 0.2 without http"
                ) from None
            # It traps as it begins, and will do so with each event, whose log says it.
        finally:
            store.close()

    def run(self, event: Event, context: Context) -> Any:
        """The reply to one event. In a thread.

        Raises:
            Reject, RetryLater: the cases of `failure`.
            GuestError, Interrupted: as `failures.translated`; an answer that is none.
        """
        run = self.host.run(context)
        store = self.host.sandbox.store(run.deadline, _MEMORIES)
        try:
            answer = self._answer(store, run, written(event))
        finally:
            store.close()
            run.write_log(context.logger)
        return read(answer) if answer is not None else None

    def _answer(self, store: Store, run: Run, event: bytes) -> bytes | None:
        store.set_wasi(self._config(run))
        with translated():
            instance = self.linker.instantiate(store, self.component)
            function = instance.get_func(store, self.index)
            assert isinstance(function, Func)
            return handle(store, function, event)

    def _config(self, run: Run) -> WasiConfig:
        config = self.host.wasi.config()
        config.stdout_custom = run.log.write
        config.stderr_custom = run.log.write
        return config


def _fits(kind: FuncType) -> bool:
    result = kind.result
    if [each for _, each in kind.params] != [String()] or not isinstance(result, ResultType):
        return False
    fine = isinstance(result.ok, OptionType) and result.ok.payload == String()
    cases = {"reject": String(), "retry-later": String()}
    return fine and isinstance(result.err, VariantType) and dict(result.err.cases) == cases
