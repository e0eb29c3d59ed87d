"""WASI preview 1: wasmtime's own functions, and ours in place of those that write, tell the time and wait.

- fd_write: wasmtime's writes through other threads, which takes four times as long as all the rest of a run,
  and has no limit.
- clock_*: the time is granted or not.
- poll_oneoff: wasmtime's sleeps as long as the module likes, where no epoch reaches it.

Structures and numbers: wasi_snapshot_preview1, typenames.witx. A callback must let no exception out:
wasmtime-py keeps it in a place that all threads share, and may raise it in another event's thread.
"""

from __future__ import annotations

import struct
import threading
from collections.abc import Callable

from wasmtime import Caller, FuncType, Linker, ValType

from plait_wasmtime.wasi.clocks import RESOLUTION
from plait_wasmtime.wasi.memory import BadAddress, GuestMemory
from plait_wasmtime.wasi.poll import SUBSCRIPTION, poll
from plait_wasmtime.wasi.run import Run

MODULE = "wasi_snapshot_preview1"
_SUCCESS, _BADF, _FAULT, _INVAL, _NOSPC, _IO = 0, 8, 21, 28, 51, 29
# As IOV_MAX of Linux: each entry is a turn of a loop in Python.
_MOST_ENTRIES = 1024
_CLOCKS = 4


class Preview1:
    """The functions of ours, which find the run that they are called in by its thread."""

    def __init__(self) -> None:
        self.local = threading.local()

    def define(self, linker: Linker) -> None:
        """Puts WASI into a linker."""
        i32, i64 = ValType.i32(), ValType.i64()
        linker.allow_shadowing = True
        linker.define_wasi()
        self._define(linker, "fd_write", [i32, i32, i32, i32], self._fd_write)
        self._define(linker, "clock_time_get", [i32, i64, i32], self._clock_time_get)
        self._define(linker, "clock_res_get", [i32, i32], self._clock_res_get)
        self._define(linker, "poll_oneoff", [i32, i32, i32, i32], self._poll_oneoff)

    def _define(
        self, linker: Linker, name: str, parameters: list[ValType], function: Callable[..., int]
    ) -> None:
        def guarded(caller: Caller, *arguments: int) -> int:
            try:
                return function(GuestMemory(caller), *arguments)
            except BadAddress:
                return _FAULT
            except Exception:  # noqa: BLE001 - see above
                return _IO

        linker.define_func(MODULE, name, FuncType(parameters, [ValType.i32()]), guarded, access_caller=True)

    def enter(self, run: Run) -> None:
        """What is called in this thread from now on is called by this run."""
        self.local.run = run

    def _fd_write(self, memory: GuestMemory, descriptor: int, vector: int, count: int, written: int) -> int:
        run: Run = self.local.run
        output = run.output(descriptor)
        if output is None:
            return _BADF
        if not 0 <= count <= _MOST_ENTRIES:
            return _INVAL
        total = 0
        for address, size in struct.iter_unpack("<II", memory.read(vector, 8 * count)):
            wanted = min(size, max(0, output.limit - len(output.kept)))
            output.write(memory.read(address, wanted), size - wanted)
            total += size
        memory.write(written, struct.pack("<I", min(total, 0xFFFFFFFF)))
        return _NOSPC if output is run.stdout and output.dropped else _SUCCESS

    def _clock_time_get(self, memory: GuestMemory, kind: int, _precision: int, result: int) -> int:
        if not 0 <= kind < _CLOCKS:
            return _INVAL
        run: Run = self.local.run
        memory.write(result, struct.pack("<Q", run.clock.now(kind)))
        return _SUCCESS

    def _clock_res_get(self, memory: GuestMemory, kind: int, result: int) -> int:
        if not 0 <= kind < _CLOCKS:
            return _INVAL
        memory.write(result, struct.pack("<Q", RESOLUTION))
        return _SUCCESS

    def _poll_oneoff(self, memory: GuestMemory, wanted: int, happened: int, count: int, number: int) -> int:
        if not 0 < count <= _MOST_ENTRIES:
            return _INVAL
        run: Run = self.local.run
        events = poll(run, bytes(memory.read(wanted, SUBSCRIPTION.size * count)))
        memory.write(happened, b"".join(events))
        memory.write(number, struct.pack("<I", len(events)))
        return _SUCCESS
