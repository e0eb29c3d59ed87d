"""A WASI command: the event on stdin, the reply on stdout, the log on stderr, the rest in the exit code."""

from __future__ import annotations

from typing import Any

from wasmtime import ExitTrap, FuncType, Module

from plait_handler import Reject, RetryLater
from plait_handler.codec import Event
from plait_handler.context import Context
from plait_wasmtime.errors import GuestError
from plait_wasmtime.guest.export import Export
from plait_wasmtime.guest.program import Program
from plait_wasmtime.values.texts import read, written
from plait_wasmtime.wasi.run import Output, Run

START = "_start"
# sysexits.h: EX_DATAERR, EX_TEMPFAIL.
REJECT, RETRY_LATER = 65, 75


def is_command(module: Module) -> bool:
    """Whether it exports a `_start` without parameters."""
    kinds = (each.type for each in module.exports if each.name == START)
    return any(isinstance(kind, FuncType) and not kind.params and not kind.results for kind in kinds)


class Command:
    """Runs a command module.

    Args:
        program: the module.
        limit: bytes that it may write to stdout.
    """

    def __init__(self, program: Program, limit: int) -> None:
        self.program, self.limit = program, limit
        self.start = Export(START)

    def run(self, event: Event, context: Context) -> Any:
        """The reply to one event. In a thread.

        Raises:
            Reject: exit code 65; RetryLater: exit code 75. The reason is the last line of stderr.
            GuestError, Interrupted: as `Program.instance`; any other exit code but 0; an answer that is none.
        """
        stdout = Output(self.limit)
        run = self.program.host.run(context, stdout)
        try:
            code = self._exit_code(run, written(event))
        finally:
            run.write_log(context.logger)
        if code:
            raise _failure(code, run.last_line())
        if stdout.dropped:
            raise GuestError(
                f"the module wrote more than {self.limit} bytes to stdout (PLAIT_MAX_BODY in JSON)"
            )
        return read(bytes(stdout.kept))

    def _exit_code(self, run: Run, stdin: bytes) -> int:
        try:
            with self.program.instance(run, stdin) as (store, instance):
                self.start.call(store, instance)
        except ExitTrap as error:
            return error.code
        return 0


def _failure(code: int, reason: str) -> Exception:
    if code == REJECT:
        return Reject(reason or "the function rejected the event")
    if code == RETRY_LATER:
        return RetryLater(reason=reason or "retry later")
    return GuestError(f"the module ended with exit code {code}{': ' if reason else ''}{reason}")
