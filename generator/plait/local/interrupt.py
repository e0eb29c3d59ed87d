"""Ctrl-C, SIGTERM and a closed terminal: the first asks for the end, the second wants it now.

Under nohup a closed terminal asks for nothing: SIGHUP stays ignored.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from types import TracebackType
from typing import Self

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupt:
    """Takes the signals of the process while it is entered, in the event loop of the main thread.

    Attributes:
        came: set at the first signal.
        again: called at the second signal, and each after it.
    """

    def __init__(self) -> None:
        self.came = asyncio.Event()
        self.again: Callable[[], None] = self.came.set
        self._taken: list[signal.Signals] = []

    def _take(self) -> None:
        if self.came.is_set():
            self.again()
        self.came.set()

    def __enter__(self) -> Self:
        is_nohup = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
        self._taken = [number for number in _SIGNALS if not (is_nohup and number is signal.SIGHUP)]
        for number in self._taken:
            asyncio.get_running_loop().add_signal_handler(number, self._take)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number in self._taken:
            asyncio.get_running_loop().remove_signal_handler(number)
