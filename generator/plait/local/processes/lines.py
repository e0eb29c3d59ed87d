"""Bytes of a pipe -> lines, however they are cut up on the way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

LIMIT = 64 * 1024


@dataclass(frozen=True)
class Line:
    """One line without its end; `left_out` bytes of a very long one are missing at its end."""

    content: bytes
    left_out: int = 0


class Lines:
    """Takes what a pipe gives and yields whole lines, each of LIMIT bytes at the most."""

    def __init__(self) -> None:
        self._rest = bytearray()
        self._left_out = 0

    def feed(self, data: bytes) -> Iterator[Line]:
        """The lines that end in this piece."""
        *ended, rest = data.split(b"\n")
        for piece in ended:
            self._add(piece)
            yield self._take()
        self._add(rest)

    def end(self) -> Iterator[Line]:
        """What is left when the pipe is closed."""
        if self._rest:
            yield self._take()

    def _add(self, piece: bytes) -> None:
        room = LIMIT - len(self._rest)
        self._rest += piece[:room]
        self._left_out += max(len(piece) - room, 0)

    def _take(self) -> Line:
        line = Line(bytes(self._rest), self._left_out)
        self._rest.clear()
        self._left_out = 0
        return line
