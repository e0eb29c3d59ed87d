"""A linked core module and what each instance of it gets."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

from wasmtime import Engine, Instance, InstancePre, Linker, Memory, Module, Store

from plait_handler.context import Context
from plait_wasmtime.errors import GuestError
from plait_wasmtime.guest.engine import Sandbox
from plait_wasmtime.guest.failures import translated
from plait_wasmtime.guest.linking import linked, uses_wasi
from plait_wasmtime.wasi.clocks import HostClock, StillClock
from plait_wasmtime.wasi.config import Wasi
from plait_wasmtime.wasi.preview1 import Preview1
from plait_wasmtime.wasi.run import Output, Run


@dataclass(frozen=True, slots=True)
class Host:
    """What a module of any kind is given to run with.

    Attributes:
        engine: that compiled it.
        sandbox: its limits.
        wasi: what is granted of WASI.
        clock: whether the real time is.
    """

    engine: Engine
    sandbox: Sandbox
    wasi: Wasi
    clock: bool

    def run(self, context: Context, stdout: Output | None = None) -> Run:
        """One run, for one event."""
        return Run(context.deadline, HostClock() if self.clock else StillClock(), stdout)


class Program:
    """A core module, linked.

    Args:
        host: see there.
        module: the module.

    Raises:
        LoadError: it imports what is not there.
    """

    def __init__(self, host: Host, module: Module) -> None:
        self.host, self.module = host, module
        self.preview1 = Preview1() if uses_wasi(module) else None
        linker = Linker(host.engine)
        if self.preview1 is not None:
            self.preview1.define(linker)
        self.pre: InstancePre = linked(linker, module, host.wasi.name)

    @contextlib.contextmanager
    def instance(self, run: Run, stdin: bytes = b"") -> Iterator[tuple[Store, Instance]]:
        """A fresh instance, in a store of its own: nothing of it is left afterwards.

        Raises:
            GuestError, Interrupted, ExitTrap: from what is done with it, as `failures.translated`.
        """
        store = self.host.sandbox.store(run.deadline)
        instance: Instance | None = None
        try:
            if self.preview1 is not None:
                self.preview1.enter(run)
                store.set_wasi(self.host.wasi.config(stdin))
            with translated():
                instance = self.pre.instantiate(store)
                yield store, instance
        except GuestError as error:
            raise GuestError(f"{error}{self._memory_note(store, instance)}") from None
        finally:
            store.close()

    def _memory_note(self, store: Store, instance: Instance | None) -> str:
        """That the module had taken most of its memory when it failed, which is why, most likely."""
        memory = instance.exports(store).get("memory") if instance is not None else None
        limit = self.host.sandbox.memory
        if not isinstance(memory, Memory) or 2 * memory.data_len(store) < limit:
            return ""
        return f"; its memory had {memory.data_len(store)} of {limit} bytes (PLAIT_MEMORY)"
