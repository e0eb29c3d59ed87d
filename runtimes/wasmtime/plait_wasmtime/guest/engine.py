"""The engine: compiles, and stops what has run for too long."""

from __future__ import annotations

import math
import threading
import time

from wasmtime import Config, Engine, Store

# Seconds between two epochs. A module runs on for two of them at the most after its time is up.
TICK = 0.05
_STACK = 512 * 1024
_TABLE_ENTRIES = 200_000
_TABLES = 10
_INSTANCES = 50


def new_engine(triple: str | None = None) -> Engine:
    """An engine with the options that a .cwasm must have been compiled with.

    Args:
        triple: the target; None: this processor.
    """
    config = Config()
    config.epoch_interruption = True
    config.max_wasm_stack = _STACK
    config.wasm_multi_memory = False  # a limit of memory is for each
    if triple is not None:
        config.target = triple
    return Engine(config)


class Sandbox:
    """Makes the store for each event, with its limits.

    Args:
        engine: of the module.
        memory: bytes that a memory may have.
    """

    def __init__(self, engine: Engine, memory: int) -> None:
        self.engine, self.memory = engine, memory
        self.ended = threading.Event()
        threading.Thread(target=self._tick, name="epochs", daemon=True).start()

    def _tick(self) -> None:
        while not self.ended.wait(TICK):
            self.engine.increment_epoch()

    def close(self) -> None:
        """Ends the epochs. What still runs then runs on."""
        self.ended.set()

    def store(self, deadline: float, memories: int = 1) -> Store:
        """A store whose code is stopped soon after the deadline, and never before.

        Args:
            deadline: on the clock of `time.monotonic()`.
            memories: that it may have.
        """
        store = Store(self.engine)
        store.set_limits(
            memory_size=self.memory,
            table_elements=_TABLE_ENTRIES,
            instances=_INSTANCES,
            tables=_TABLES * memories,
            memories=memories,
        )
        left = max(0.0, deadline - time.monotonic())
        # The first of the epochs counted may come at once.
        store.set_epoch_deadline(math.ceil(left / TICK) + 1)
        return store
