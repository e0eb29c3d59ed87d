"""How long to wait until a function that ended starts again."""

from __future__ import annotations

FIRST, LONGEST = 0.5, 30.0
STOOD = 10.0


class Backoff:
    """Pauses in seconds: FIRST, each twice the one before, LONGEST at the most.

    After a process that stood for STOOD seconds it begins again with FIRST.
    """

    def __init__(self) -> None:
        self._next = FIRST

    def after(self, stood: float) -> float:
        """The pause after a process that was ready for this many seconds (0 where it never was)."""
        pause = FIRST if stood >= STOOD else self._next
        self._next = min(pause * 2, LONGEST)
        return pause
