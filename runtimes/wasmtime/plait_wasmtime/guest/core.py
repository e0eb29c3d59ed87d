"""An export of a core module: numbers in, numbers out."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from wasmtime import ExitTrap, FuncType, Module

from plait_handler.codec import Event
from plait_handler.context import Context
from plait_handler.errors import LoadError
from plait_wasmtime.adapter import FILE, Adapter
from plait_wasmtime.errors import GuestError, MissingExportError
from plait_wasmtime.guest.export import Export
from plait_wasmtime.guest.program import Program
from plait_wasmtime.guest.types import described, exports, signature
from plait_wasmtime.values.expressions import compiled
from plait_wasmtime.values.numbers import KINDS, number

# Set up by toolchains for libraries ("reactors"); to be called before any other export.
_INITIALIZE = "_initialize"
Arguments = Callable[[Event], Any]


class CoreFunction:
    """Calls one export.

    Args:
        program: the module.
        function: the name of the export, or None: the only function that it exports.
        args: `wasm.args`.
        adapter: the user's.

    Raises:
        MissingExportError: no such export.
        LoadError: one with other types than numbers, or arguments that do not fit.
    """

    def __init__(
        self, program: Program, function: str | None, args: tuple[int | float | str, ...], adapter: Adapter
    ) -> None:
        self.program = program
        self.where = program.host.wasi.name
        types = {each.name: each.type for each in program.module.exports}
        self.initialize = Export(_INITIALIZE) if _INITIALIZE in types else None
        self.function = function or _only(program.module, self.where)
        self.params, self.results = _numeric(types.get(self.function), self)
        self.export = Export(self.function, self.params, self.results)
        self.arguments = self._arguments(args, adapter)
        self.names = _names(args, len(self.params))
        self.respond = adapter.create_response or _plain

    def _arguments(self, args: tuple[int | float | str, ...], adapter: Adapter) -> Arguments:
        if args and adapter.extract_args is not None:
            raise LoadError(f"both PLAIT_WASM's args and extract_args of {FILE} give the arguments: keep one")
        if adapter.extract_args is not None:
            return adapter.extract_args
        if len(args) != len(self.params):
            raise LoadError(
                f"{signature(self.function, self.params, self.results)} of {self.where} takes"
                f" {len(self.params)} arguments, and there are {len(args)}: list them in `wasm.args` of"
                f" functions.yaml (PLAIT_WASM), or write extract_args(event) in {FILE}"
            )
        expressions = [compiled(each) for each in args]
        return lambda event: [evaluate(event) for evaluate in expressions]

    def run(self, event: Event, context: Context) -> Any:
        """The reply to one event. In a thread.

        Raises:
            Reject: the event has no such arguments.
            GuestError, Interrupted: as `Program.instance`.
        """
        arguments = self._numbers(self.arguments(event))
        run = self.program.host.run(context)
        try:
            with self.program.instance(run) as (store, instance):
                if self.initialize is not None:
                    self.initialize.call(store, instance)
                results = self.export.call(store, instance, arguments)
        except ExitTrap as error:
            raise GuestError(f"the module called exit({error.code}) in place of returning") from None
        finally:
            run.write_log(context.logger)
        return self.respond(event, _value(results))

    def _numbers(self, values: Any) -> list[int | float]:
        if not isinstance(values, list | tuple) or len(values) != len(self.params):
            raise GuestError(
                f"extract_args of {FILE} returned {values!r:.200}, where a list of {len(self.params)} numbers"
                f" belongs: {signature(self.function, self.params, self.results)}"
            )
        return [
            number(kind, value, name)
            for kind, value, name in zip(self.params, values, self.names, strict=True)
        ]


def _names(args: tuple[int | float | str, ...], count: int) -> list[str]:
    """What errors call the arguments."""
    numbers = range(1, count + 1)
    if not args:
        return [f"argument {number}" for number in numbers]
    return [f"argument {number} ({arg})" for number, arg in zip(numbers, args, strict=True)]


def _only(module: Module, where: str) -> str:
    functions = [
        each.name for each in module.exports if isinstance(each.type, FuncType) and each.name != _INITIALIZE
    ]
    if len(functions) == 1:
        return functions[0]
    raise LoadError(
        f"{where} exports {exports(module)}: set FUNCTION_NAME to the function to call"
        if functions
        else f"{where} exports no function; it exports {exports(module)}"
    )


def _numeric(kind: object, of: CoreFunction) -> tuple[list[str], list[str]]:
    if not isinstance(kind, FuncType):
        there = exports(of.program.module)
        raise MissingExportError(f"{of.where} has no function {of.function!r}; it exports {there}")
    params, results = [str(each) for each in kind.params], [str(each) for each in kind.results]
    if not set(params + results) <= set(KINDS):
        raise LoadError(
            f"{described(of.function, kind)} of {of.where} cannot be called:"
            f" its types must be {', '.join(KINDS)}"
        )
    return params, results


def _value(results: list[int | float]) -> Any:
    """One result is itself; several are a list; none is None."""
    if len(results) > 1:
        return results
    return results[0] if results else None


def _plain(_: Event, result: Any) -> Any:
    """The reply without a create_response: `{"result": 18}`, a list for several; nothing for no result."""
    if result is None:
        return None
    values = result if isinstance(result, list) else [result]
    if not all(math.isfinite(value) for value in values):
        raise GuestError(f"the result is {result}, which JSON does not have: write create_response in {FILE}")
    return {"result": result}
