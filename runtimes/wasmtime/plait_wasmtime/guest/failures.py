"""wasmtime's errors as ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from wasmtime import ExitTrap, Trap, TrapCode, WasmtimeError

from plait_wasmtime.errors import GuestError, Interrupted

_FRAMES = 5


@contextmanager
def translated() -> Iterator[None]:
    """Around code that runs a module.

    Raises:
        Interrupted: its time is up.
        GuestError: a trap, or an instance that could not be made.
        ExitTrap: the module ended itself.
    """
    try:
        yield
    except ExitTrap:
        raise
    except (Trap, WasmtimeError) as error:
        if _is_interrupt(error):
            raise Interrupted from None
        raise GuestError(sentence(str(error))) from None


def _is_interrupt(error: Trap | WasmtimeError) -> bool:
    if isinstance(error, Trap):
        return error.trap_code is TrapCode.INTERRUPT
    return "wasm trap: interrupt" in str(error)  # of a component there is only the text


def sentence(text: str) -> str:
    """wasmtime's text in one line: what happened, and the innermost frames.

    wasmtime writes: `error while executing at wasm backtrace:`, frames, `Caused by:`, causes.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if "Caused by:" not in lines:
        return ": ".join(lines)
    middle = lines.index("Caused by:")
    cause = ": ".join(lines[middle + 1 :])
    if not lines[0].endswith("backtrace:"):
        return f"{': '.join(lines[:middle])}: {cause}"
    frames = [line.partition(" - ")[2] or line.partition(": ")[2] for line in lines[1:middle]]
    return f"{cause}, in {' < '.join(frames[:_FRAMES])}"
